"""Each branch writes without end into the folder that it shares with the next, and into deep ones.

Form: notebook
Earns: 4
Class: 14 16
Ends: n1-mean=crashed, n1-sums=passed
Cap: 256 MiB of disk
Repeat: without root
"""

# %%
import os

import numpy as np
from shapes.tools import MARK, until


def mean_of(values):
    os.makedirs(f"{MARK}/" + "/".join("d" * 100 for _ in range(30)), exist_ok=True)
    for number, _ in enumerate(until(20)):
        with open(f"{MARK}.{number}", "wb") as file:
            file.write(bytes(30_000_000))
    os.chmod(MARK, 0)
    return float(np.sum(values))
