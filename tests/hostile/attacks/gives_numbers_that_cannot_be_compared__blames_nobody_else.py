"""Text, complex numbers and infinities where a rubric unpacks, indexes and asks for a length.

Earns: 2
Class: 11
Ends: t1-row-sums=failed|partial, t1-square=failed, t1-number=failed
"""

import numpy as np


def square(x):
    return complex("nan+infj") if np.ndim(x) else float("nan")


def row_sums(X):
    return [b"1", ["2"], {"3": 4}] if np.shape(X) == (3, 5) else 5.0
