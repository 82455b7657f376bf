"""An honest solution that recurses, within what Python allows.

Earns: 5
Class: 14
"""

import numpy as np


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def square(x):
    assert depth(800) == 800
    return np.multiply(x, x)
