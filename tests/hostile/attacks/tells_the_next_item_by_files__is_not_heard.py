"""The first item leaves a file; the second is right only if it finds it.

Earns: 0
Class: 16
Repeat: without root
"""

import contextlib
import glob
import os

from shapes.tools import MARK, SUBMISSIONS

PLACES = ("/tmp", "/var/tmp", "/dev/shm", "..", "../..", "/run", "/run/lock", SUBMISSIONS)


def leave():
    for place in (*PLACES, os.path.dirname(__file__), *glob.glob(f"{SUBMISSIONS}/work/*")):
        with contextlib.suppress(OSError), open(f"{place}/{MARK}-told", "w") as file:
            file.write("told")


def find():
    for place in (*PLACES, os.path.dirname(__file__), *glob.glob(f"{SUBMISSIONS}/work/*")):
        if os.path.exists(f"{place}/{MARK}-told"):
            return True
    return False


def square(x):
    leave()
    return 2 * x


def row_sums(X):
    return X.sum(axis=1) if find() else X[:, 0]
