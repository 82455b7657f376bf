"""nan, inf, complex nan, bool, big-endian, float16, unsigned and text, by turns.

Earns: 2
Class: 11
Ends: t1-row-sums=passed, t1-square=failed, t1-number=failed
"""

import numpy as np

CALLS = []


def square(x):
    CALLS.append(1)
    if np.ndim(x) == 0:
        return [True, complex(np.nan, np.inf), np.float16(49), b"49", "49"][len(CALLS) % 5]
    odd = np.full(np.shape(x), np.nan + 1j * np.inf)
    return odd if len(CALLS) % 2 else np.zeros(np.shape(x), ">f4")
