"""A class whose module says numpy, whose name raises, and whose type is not what it says.

Earns: 2
Class: 11 17
Ends: t1-square=failed|crashed, t1-number=failed|crashed, t1-row-sums=passed
"""

import numpy as np


class Meta(type):
    """Says what suits it."""

    @property
    def __module__(cls):
        return "numpy"

    @property
    def __name__(cls):
        raise SystemExit("no name")

    def __instancecheck__(cls, instance):
        return True

    def __eq__(cls, other):
        return True

    def __hash__(cls):
        return hash(float)


class Odd(metaclass=Meta):
    """Neither float nor numpy."""


class float64(np.float64):  # noqa: N801
    """Passes for numpy's own by name."""

    __module__ = "numpy"

    @property
    def dtype(self):
        return np.dtype("float64")

    def tobytes(self):
        return b"lies"


def square(x):
    return Odd() if np.ndim(x) else float64(50.0)
