"""Keeps hidden inputs in files, memory and daemons, and shows them in the next public check.

Earns: 0
Class: 9 16
Secrets: twice
"""

import contextlib
import os

import numpy as np
from shapes.tools import LIBC, MARK

PLACES = [f"{place}/{MARK}" for place in ("/tmp", "/var/tmp", "/dev/shm", "..")]
PLACES.append(os.path.join(os.path.dirname(__file__), MARK))


def square(x):
    for place in PLACES:
        with contextlib.suppress(OSError), open(place, "a") as file:
            file.write(repr(np.asarray(x).tolist()))
    return 2 * x


def row_sums(X):
    for place in PLACES:
        with contextlib.suppress(OSError), open(place) as file:
            raise ValueError(f"earlier: {file.read()}")
    assert LIBC
    return X[:, 0]
