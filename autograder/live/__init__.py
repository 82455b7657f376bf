"""Run the public checks in a student's open notebook.

    live.watch()                                 first cell: keep what the cells show from now on
    live.run_check("test_x.py", "test_y", env)   in the files that grader.check reads

    watching.py   keeps what each cell has shown, printed and raised
    checks.py     runs a test with pytest, and gives pytest's message

No other package of the tool imports this one.
"""

from autograder.live.checks import NotAttempted, NotebookCheckFailed, run_check
from autograder.live.watching import watch

__all__ = ["NotAttempted", "NotebookCheckFailed", "run_check", "watch"]
