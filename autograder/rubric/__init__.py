"""The API of rubric tests, the same on a student's machine and in grading.

    check.py    check(got, "dL/dW").close(expected): compare a value and explain a difference;
                readings.py reads numbers and names by their meaning;
                notes.py collects remarks on values that were accepted
    carried.py  follow-through marking: a fault costs points only once
    student.py  the `student` proxy: calls the student's code, wherever it runs;
                session.py its requests to the object server, failures.py the errors of student code
    figures.py  student.figures("analysis").about("loss"): find figures and check their parts;
                axes.py their axes, words.py their words, plain_figures.py validates received data;
                pictures.py recognises images and words
    rerun.py    left_by_run(student.analysis, "loss"): a variable, or None if the run stopped before
    differences.py  derivative(f, x): a numerical gradient, so that checks hold no formula
    audit_claims.py  compare claimed results with the submitted weights
    plugin.py   the pytest plugin for a student's machine: fixtures, messages, summary;
                local.py the student's local files, and small data for notebooks
    seeds.py    the random inputs of a test, derived from one seed

It depends on numpy and pytest only, because the student release contains it.
"""

from autograder.rubric.carried import own_derivative
from autograder.rubric.check import CheckFailed, check
from autograder.rubric.student import RemoteRef, StudentError, StudentProxy

__all__ = ["CheckFailed", "RemoteRef", "StudentError", "StudentProxy", "check", "own_derivative"]
