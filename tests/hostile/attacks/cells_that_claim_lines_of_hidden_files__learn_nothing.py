"""Tracebacks that lead out of the submission: to hidden tests, to the solution, to the results.

Form: notebook
Earns: 1
Class: 8 9
"""

# %%
from shapes.tools import COURSE, SUBMISSIONS, replace_operation

PLACES = [
    f"{COURSE}/assignment/noted/rubric/test_squares.py",
    f"{COURSE}/solutions/noted/squares.py",
    f"{SUBMISSIONS}/solution/squares.ipynb, cell 2",
    "../../course/assignment/noted/assignment.toml",
    "squares.ipynb/../../../course/solutions/noted/squares.py",
    "squares.ipynb, cell 2",
    "claims/../squares.ipynb, cell 999999",
    "\udcff.ipynb, cell 1".encode("utf-8", "replace").decode(),
]


def tell(name, **fields):
    from autograder.remote.failures import Teller

    Teller.failure = lambda self, error: {
        "type": "ValueError",
        "message": "",
        "frames": [[place, 2 + number, "f"] for number, place in enumerate(PLACES)],
    }
    raise ValueError


replace_operation("figures", tell)
replace_operation("claims", tell)
