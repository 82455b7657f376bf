"""An honest solution with large intermediate results and a seed of its own.

Earns: 5
Class: 14
"""

import random

import numpy as np


def square(x):
    np.random.seed(0)
    random.seed(0)
    room = np.zeros(2**24)
    room += 1.0
    return np.multiply(x, x) * int(room[-1])
