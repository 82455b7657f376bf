"""What the authors of rubric tests use, on a student's machine and in grading alike.

    check.py    check(got, "dL/dW").close(expected): compare, and say what is wrong
                readings.py reads a number, numbers or names by what they mean;
                notes.py what was accepted and is said all the same
    carried.py  follow-through marking: a fault costs points once
    student.py  the `student` handle: calls the student's code, wherever it runs;
                session.py its conversation with an object server, failures.py what went wrong there
    figures.py  student.figures("analysis").about("loss"): find figures, and say what they lack;
                axes.py their parts, words.py their words, plain_figures.py reads what was sent
                pictures.py recognises images and words in them
    rerun.py    left_by_run(student.analysis, "loss"): a variable, or None if another item lacks it
    differences.py  derivative(f, x): what a gradient must be, without its formula
    audit_claims.py  hold what was claimed against the weights handed in with it
    plugin.py   the pytest plugin of a student's machine: fixtures, messages, summary;
                local.py the student's files there, and small data for their notebooks
    seeds.py    the random inputs of a test, derived from one number

It needs numpy and pytest only, because the student release carries a copy of it.
"""

from autograder.rubric.carried import own_derivative
from autograder.rubric.check import CheckFailed, check
from autograder.rubric.student import RemoteRef, StudentError, StudentProxy

__all__ = ["CheckFailed", "RemoteRef", "StudentError", "StudentProxy", "check", "own_derivative"]
