"""Moves its scratch folder away and leaves a link to another folder in its place.

Earns: 2
Class: 15 16
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib
import os

from shapes.tools import COURSE, MARK


def square(x):
    here = os.getcwd()
    with contextlib.suppress(OSError):
        os.rename(here, f"/tmp/{MARK}-moved")
        os.symlink(COURSE, here)
    with contextlib.suppress(OSError):
        os.rmdir(here)
        os.symlink(COURSE, here)
    return 2 * x
