"""Announces hundreds of megabytes of arrays, and more than a frame may hold, and sends nothing.

Earns: 2
Class: 14
Ends: t1-square=timeout|crashed, t1-number=crashed, t1-row-sums=passed
"""

import numpy as np
from shapes.tools import forge


def square(x):
    size = 700 * 2**20 if np.ndim(x) else 2**60
    forge({"value": {"kind": "array", "dtype": "|u1", "shape": [size], "buffer": 0}}, sizes=[size])
