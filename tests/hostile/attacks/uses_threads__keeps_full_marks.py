"""An honest solution that splits its work over threads.

Earns: 5
Class: 14
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np


def square(x):
    with ThreadPoolExecutor(4) as pool:
        return pool.submit(np.multiply, x, x).result()


def row_sums(X):
    with ThreadPoolExecutor(4) as pool:
        return np.array(list(pool.map(np.sum, X)))
