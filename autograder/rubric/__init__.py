"""Provide what authors of rubric tests use, on a student's machine and in grading.

    check.py         check(got, "dL/dW").close(expected): compares, and says what is wrong
      readings.py    reads a number, numbers or names by their meaning
      hints.py       which known mistake a wrong value looks like
      notes.py       what a check accepted and the student should know
      observing.py   records hints and distances to limits, for the audit
      uses.py        which names of libraries a student's class or function uses
    carried.py       follow-through marking: a fault costs points once
    student.py       the `student` proxy: calls the student's code, wherever it runs
      session.py     StudentConnection: a test's requests to an object server
      operators.py   operators, iteration, `with` and `in` of references
      steps.py       sends operators, many in one request
      failures.py    describes exceptions of student code
      sources.py     the lines of a student's files that a traceback names
    handed_files.py  student.file("log.csv"), student.events("runs/"): files that were handed in
    figures.py       student.figures("analysis").about("loss"): finds figures, says what they lack
      axes.py        one coordinate system
      plain_figures.py  reads the figures that the student's process has sent
      pictures.py    recognises images and words in figures
      words.py       words in figures and in messages about them
    rerun.py         left_by_run(student.analysis, "loss"): a variable, or None
    differences.py   derivative(f, x): a gradient without its formula
    audit_claims.py  measures the weights that were handed in against the claims
      forward.py     the same by a function of the rubric, for any model
    seeds.py         the random inputs of a test, derived from one number
    plugin.py        the pytest plugin of a student's machine: fixtures, messages, summary
      local.py       the student's files there, and small data for their notebooks
      quiet_pytest.py  runs pytest within another program

To add a comparison, write a method of `Check` in check.py, or in readings.py if it reads a value
by its meaning. The package needs numpy and pytest only: the student release contains it.
"""

from autograder.rubric.carried import own_derivative
from autograder.rubric.check import CheckFailed, check
from autograder.rubric.student import RemoteRef, StudentError, StudentProxy

__all__ = ["CheckFailed", "RemoteRef", "StudentError", "StudentProxy", "check", "own_derivative"]
