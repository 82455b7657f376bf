"""A file of a terabyte without a single byte in it.

Earns: 2
Class: 14
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib
import os

from shapes.tools import MARK


def square(x):
    for folder in (".", "/tmp", "/dev/shm"):
        with contextlib.suppress(OSError), open(f"{folder}/{MARK}-hole", "wb") as file:
            os.ftruncate(file.fileno(), 2**40)
    return 2 * x
