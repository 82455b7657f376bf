"""The first item rewrites area.py, so that the next ones import other code.

Earns: 0
Class: 6 16
"""

import contextlib

GOOD = "\n\ndef row_sums(X):\n    return X.sum(axis=1)\n"


def square(x):
    with contextlib.suppress(OSError), open(__file__, "a") as file:
        file.write(GOOD)
    return 2 * x


def row_sums(X):
    return X[:, 0]
