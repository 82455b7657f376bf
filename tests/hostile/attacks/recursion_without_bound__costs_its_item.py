"""Raises the recursion limit and recurses, so that the C stack ends in a fault.

Earns: 2
Class: 14
Ends: t1-square=crashed|failed, t1-number=crashed|failed, t1-row-sums=passed
"""

import sys


class Deep:
    """Recurses in C as well as in Python."""

    def __repr__(self):
        return repr([self])


def square(x):
    sys.setrecursionlimit(10**9)
    return repr(Deep())
