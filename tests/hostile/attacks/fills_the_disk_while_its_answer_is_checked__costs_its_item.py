"""Gives an answer that takes long to go through, and meanwhile fills the disk.

Earns: 2
Class: 11 14
Ends: t1-row-sums=crashed
Cap: 256 MiB of disk
"""

import os
import threading
import time

import numpy as np
from shapes.tools import MARK

CALLS = []


def take():
    time.sleep(0.7)  # by then the answer has been read
    if os.fork() == 0:
        stop = time.monotonic() + 8
        for number in range(24):
            with open(f"{MARK}-{number}", "wb") as file:
                for _ in range(60):
                    file.write(bytes(2**20))
            if time.monotonic() > stop:
                break
        time.sleep(5)
        os._exit(0)


def row_sums(X):
    if X.shape == (3, 2):
        CALLS.append(X)
    if len(CALLS) < 3:
        return X.sum(axis=1)
    threading.Thread(target=take, daemon=True).start()
    return np.ones(10_000_000)
