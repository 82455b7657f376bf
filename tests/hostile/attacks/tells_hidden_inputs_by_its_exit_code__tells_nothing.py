"""Ends with an exit code that is a byte of a hidden input.

Earns: 2
Class: 9 10
Secrets: twice
"""

import os

import numpy as np


def square(x):
    if np.ndim(x) == 0 and x != 7:
        os._exit(100 + x % 100)
    return 2 * x
