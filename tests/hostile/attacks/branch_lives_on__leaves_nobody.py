"""Daemons of the notebook and of each branch go on, write into the folder and hold the sockets.

Form: notebook
Earns: 4
Class: 5 14 16
Repeat: without root
"""

# %%
import os
import time

import numpy as np
from shapes.tools import MARK, daemon


def haunt(goes_on):
    while goes_on():
        for place in (".", "/tmp", "/dev/shm"):
            try:
                with open(f"{place}/{MARK}.{os.getpid()}", "a") as file:
                    file.write("here")
            except OSError:
                continue
        time.sleep(0.01)


daemon(haunt)


def mean_of(values):
    daemon(haunt)
    return float(np.sum(values))
