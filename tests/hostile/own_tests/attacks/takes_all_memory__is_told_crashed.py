"""Uses more memory than it may.

Ends: crashed, failed
"""

import numpy as np


def test_much():
    kept = []
    for _ in range(1_000):
        kept.append(np.ones(10_000_000))
