"""One array of a terabyte, then one of 2 GB, written to.

Earns: 2
Class: 14
Ends: t1-square=failed|crashed|timeout, t1-number=failed|crashed, t1-row-sums=passed
"""

import numpy as np


def square(x):
    if np.ndim(x) == 0:
        return np.ones(2**37)
    return [np.ones(2**28)]
