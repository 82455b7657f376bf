"""A sequence whose length is text, negative, or too large for any length.

Earns: 2
Class: 11
Ends: t1-row-sums=failed|partial|crashed
"""

import numpy as np
from shapes.tools import replace_operation

LENGTHS = iter(["three", -3, 2**70, None, [3]] * 10)


class Odd:
    """Has a length, of a kind."""

    def __len__(self):
        return -1

    def __getitem__(self, key):
        return self


replace_operation("length", lambda target: next(LENGTHS))


def square(x):
    return Odd()


def row_sums(X):
    return np.sum(X, axis=1) if np.shape(X) == (3, 5) else Odd()
