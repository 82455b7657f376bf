"""A list that holds itself, a generator that never ends, a dict that grows while it is read.

Earns: 2
Class: 11 14
Ends: t1-square=failed|timeout|crashed, t1-number=failed|timeout|crashed, t1-row-sums=passed
"""

import itertools

import numpy as np

SELF = []
SELF += [SELF] * 3


def square(x):
    if np.ndim(x) == 0:
        return itertools.count()
    return SELF
