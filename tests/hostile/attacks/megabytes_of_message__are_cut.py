"""Errors of ten megabytes, on one line and on a million lines.

Earns: 2
Class: 14 17
Ends: t1-square=failed, t1-number=failed, t1-row-sums=passed
"""

import numpy as np


def square(x):
    raise ValueError("x\n" * 5_000_000 if np.ndim(x) else "\x1b[" * 5_000_000)
