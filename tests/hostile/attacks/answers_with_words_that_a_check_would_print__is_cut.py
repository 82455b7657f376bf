"""Text of a megabyte, lists of a hundred thousand values and nested dicts for an exact check.

Earns: 2
Class: 14 17
Ends: t1-number=failed, t1-square=failed, t1-row-sums=passed
"""

import numpy as np


def square(x):
    if np.ndim(x) == 0:
        return ["\x1b[31m" * 1000] * 1000 if x == 7 else "A" * 2**22
    return {str(number): {"[red]": [None] * 10} for number in range(5000)}
