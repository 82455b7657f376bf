"""Writes into the tool, the installed packages, the course and the submission.

Earns: 2
Class: 6 12 16
Repeat: without root
"""

import os

import numpy as np
from shapes.tools import COURSE, MARK, SUBMISSIONS, answer

import autograder

PLACES = (
    os.path.dirname(autograder.__file__),
    os.path.dirname(os.path.dirname(np.__file__)),
    f"{COURSE}/assignment/tiny/rubric",
    f"{COURSE}/assignment/tiny/rubric/support",
    f"{SUBMISSIONS}/attack/shapes",
    f"{SUBMISSIONS}/solution/shapes",
    os.path.dirname(__file__),
    os.path.expanduser("~"),
    "/etc",
)


def write():
    for place in PLACES:
        if os.path.realpath(place) == os.getcwd():
            continue
        try:
            with open(f"{place}/{MARK}.py", "w") as file:
                file.write("raise SystemExit\n")
        except OSError:
            continue
        os.unlink(f"{place}/{MARK}.py")
        return
    raise PermissionError


def square(x):
    return answer(x, write)
