"""A thread of the notebook and each branch take memory, each of them a little less than allowed.

Form: notebook
Earns: 4
Class: 14 16
Ends: n1-mean=crashed, n1-sums=passed
Cap: 1 GiB of memory
"""

# %%
import os

import numpy as np
from shapes.tools import until

held = []


def mean_of(values):
    for _ in range(4):
        if os.fork() == 0:
            held.append(np.ones(60_000_000))
            for _ in until(20):
                pass
            os._exit(0)
    for _ in until(20):
        pass
    return float(np.sum(values))
