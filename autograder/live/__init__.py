"""What a student's notebook imports: the public checks on what is there, in Jupyter.

    live.watch()                                 first cell: keep what the cells show from now on
    live.run_check("test_x.py", "test_y", env)   in the files of tests/ that grader.check reads

    watching.py   keeps what each cell has shown, printed and raised
    checks.py     runs a test, by pytest, and says what pytest says

Nothing else of the tool imports this.
"""

from autograder.live.checks import NotAttempted, NotebookCheckFailed, run_check
from autograder.live.watching import watch

__all__ = ["NotAttempted", "NotebookCheckFailed", "run_check", "watch"]
