"""References with numbers that are negative, huge, or belong to other objects.

Earns: 2
Class: 11
Ends: t1-row-sums=failed|crashed
"""

import numpy as np

from autograder.remote.object_server import ObjectServer

NUMBERS = iter([-1, 2**63, 0, -(2**63), 10**6, 1, 2, 3] * 100)


def _refer(self, value):
    self._objects[len(self._objects)] = value
    return {"kind": "reference", "id": next(NUMBERS), "type": "x"}


ObjectServer._refer = _refer


def square(x):
    return object()


def row_sums(X):
    return np.sum(X, axis=1)
