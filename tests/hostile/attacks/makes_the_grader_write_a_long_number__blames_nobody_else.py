"""Integers at, and one beyond, what the wire carries, inside lists and as keys.

Earns: 2
Class: 11 17
Ends: t1-number=failed, t1-square=failed, t1-row-sums=passed
"""

import numpy as np


def square(x):
    large = 16**4095
    if np.ndim(x) == 0:
        return [large, -large] if x == 7 else {large: large}
    return [large] * 100
