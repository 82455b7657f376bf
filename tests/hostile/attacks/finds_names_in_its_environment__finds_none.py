"""Reads its environment for tokens, places and names of the grader.

Earns: 2
Class: 8 9
"""

import os

from shapes.tools import SUBMISSIONS, answer


def find():
    with open("/proc/self/environ", "rb") as file:
        text = file.read().decode("latin-1") + repr(dict(os.environ))
    text = text.replace(os.getcwd(), "")  # its own folder it may know
    assert any(word in text for word in (SUBMISSIONS, "TOKEN", "PYTEST", "SSH_", "AUTOGRADER"))


def square(x):
    return answer(x, find)
