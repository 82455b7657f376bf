"""A right answer, too late.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=passed
"""

import time


def square(x):
    time.sleep(4)
    return x * x
