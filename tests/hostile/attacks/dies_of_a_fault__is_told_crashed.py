"""SIGSEGV, SIGABRT and SIGILL, by itself.

Earns: 2
Class: 10
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=passed
"""

import ctypes
import os

import numpy as np


def square(x):
    if np.ndim(x) == 0:
        os.abort()
    ctypes.string_at(0)
