"""An honest solution that writes to its own working folder and to a temporary file.

Earns: 5
Class: 16
"""

import tempfile

import numpy as np


def square(x):
    np.save("cache.npy", x)
    return np.multiply(np.load("cache.npy"), x)[()]


def row_sums(X):
    with tempfile.TemporaryFile() as file:
        np.save(file, X)
        file.seek(0)
        return np.load(file).sum(axis=1)
