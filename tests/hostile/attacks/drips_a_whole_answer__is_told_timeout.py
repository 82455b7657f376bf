"""Sends a right answer, but so slowly that each single wait is short.

Earns: 2
Class: 14
Ends: t1-square=timeout, t1-row-sums=passed
"""

import time

import numpy as np
from shapes.tools import frame, raw, silence


def square(x):
    data = np.multiply(x, x).astype("<f8").tobytes()
    tree = {"kind": "array", "dtype": "<f8", "shape": list(np.shape(x)), "buffer": 0}
    for byte in frame({"value": tree}, [data]):
        raw(bytes([byte]))
        time.sleep(0.05)
    silence()
