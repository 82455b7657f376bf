"""Objects, arrays and exceptions whose pickles run code; nobody should ever unpickle them.

Earns: 2
Class: 13
Ends: t1-square=failed, t1-number=failed, t1-row-sums=passed
"""

import os
import pickle

import numpy as np
from shapes.tools import MARK


class Bomb(Exception):
    """Leaves a file where it is unpickled."""

    def __reduce__(self):
        return (os.system, (f"touch /tmp/{MARK}-unpickled",))


def square(x):
    if np.ndim(x) == 0:
        raise Bomb(pickle.dumps(Bomb()))
    return np.array([Bomb()], dtype=object)
