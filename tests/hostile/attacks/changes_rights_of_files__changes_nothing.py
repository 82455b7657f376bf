"""Modes, owners, times and attributes of files that others own: no way of opening them is needed.

Earns: 2
Class: 5 16
Repeat: without root
"""

import os

from shapes.tools import COURSE, RESULTS, answer, works

PLACES = (f"{COURSE}/assignment/tiny/assignment.toml", f"{COURSE}/assignment/tiny/rubric", RESULTS,
          __file__, os.path.dirname(__file__))  # fmt: skip


def change():
    for place in PLACES:
        for act in (
            lambda place=place: os.chmod(place, 0o777),
            lambda place=place: os.utime(place, (1, 1)),
            lambda place=place: os.setxattr(place, "user.told", b"1"),
            lambda place=place: os.chown(place, os.getuid(), os.getgid()),
        ):
            if works(act):
                return
    raise PermissionError


def square(x):
    return answer(x, change)
