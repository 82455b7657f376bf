"""Gives an answer that takes long to go through, and meanwhile takes memory in many processes.

Earns: 2
Class: 11 14
Ends: t1-row-sums=crashed
Cap: 1 GiB of memory
"""

import os
import threading
import time

import numpy as np

CALLS = []


def take():
    time.sleep(0.7)  # by then the answer has been read
    for _ in range(12):
        if os.fork() == 0:
            kept = [np.ones(15_000_000)]
            time.sleep(12)
            os._exit(len(kept))
        time.sleep(0.1)


def row_sums(X):
    if X.shape == (3, 2):
        CALLS.append(X)
    if len(CALLS) < 3:
        return X.sum(axis=1)
    threading.Thread(target=take, daemon=True).start()
    return np.ones(10_000_000)
