"""while True.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-number=timeout, t1-row-sums=passed
"""

from shapes.tools import until


def square(x):
    for _ in until(15):
        pass
