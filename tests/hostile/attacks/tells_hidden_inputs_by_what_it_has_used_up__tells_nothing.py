"""Uses another limit up for each digit of a hidden number: memory, files, processes, disk, time.

Secrets: twice
Seconds: 30
Earns: 2
Class: 9 14
"""

import contextlib
import os
import threading
import time

import numpy as np
from shapes.tools import MARK


def memory():
    return np.ones(2**28)


def files():
    for number in range(7000):
        with open(f"{MARK}{number}", "w"):
            pass
    time.sleep(0.4)


def processes():
    for _ in range(70):
        if os.fork() == 0:
            time.sleep(2)
            os._exit(0)
    time.sleep(0.4)


def threads():
    for _ in range(600):
        threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
    time.sleep(0.4)


def disk():
    for number in range(5):
        with open(f"{MARK}-{number}", "wb") as file:
            file.write(bytes(60 * 2**20))
    time.sleep(0.4)


WAYS = (memory, files, processes, threads, disk)


def row_sums(X):
    X = np.asarray(X, dtype=float)
    if X.shape == (3, 2):
        with contextlib.suppress(MemoryError, OSError, RuntimeError):
            WAYS[int(X[0, 0] * 1e6) % 5]()
        os._exit(int(X[0, 0] * 1e6) % 200)
    return X.sum(axis=1)
