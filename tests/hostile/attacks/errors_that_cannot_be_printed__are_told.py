"""Exceptions whose text raises, is no text, never ends, or ends the program.

Earns: 2
Class: 10 17
Ends: t1-square=failed|timeout, t1-number=failed|timeout, t1-row-sums=passed
"""

import numpy as np


class Odd(Exception):
    """Misbehaves when printed."""

    def __str__(self):
        if self.args:
            raise SystemExit("in __str__")
        return 42

    __repr__ = __str__


class Key(KeyError):
    """The message of a KeyError is the repr of what it holds."""


def square(x):
    if np.ndim(x) == 0:
        raise Key(Odd())
    raise Odd(1)
