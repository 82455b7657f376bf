"""Run the public checks on a session in Jupyter; students' notebooks import this package.

    live.watch()                                 first cell: record what cells show from now on
    live.run_check("test_x.py", "test_y", env)   in tests/otter/, for grader.check

    watching.py   records what each cell showed, printed and raised
    checks.py     runs a test with pytest, and reports what pytest reports

The rest of the tool does not import this package.
"""

from autograder.live.checks import NotAttempted, NotebookCheckFailed, run_check
from autograder.live.watching import watch

__all__ = ["NotAttempted", "NotebookCheckFailed", "run_check", "watch"]
