"""Gives an answer that takes long to check, and meanwhile takes memory and disk, unlooked at.

Earns: 2
Class: 11 14
"""

import os
import threading
import time

import numpy as np
from shapes.tools import MARK


def take():
    time.sleep(0.01)
    for number in range(12):
        if os.fork() == 0:
            kept = []
            stop = time.monotonic() + 10
            with open(f"{MARK}-{number}", "wb") as file:
                while time.monotonic() < stop and len(kept) < 8:
                    kept.append(np.ones(1_500_000))
                    file.write(bytes(7 * 2**20))
                    time.sleep(0.001)
                while time.monotonic() < stop:
                    time.sleep(0.01)
            os._exit(0)


def square(x):
    threading.Thread(target=take, daemon=True).start()
    if isinstance(x, np.ndarray):
        return np.ones(8_000_000) * 1.5
    return [[float(i)] * 3 for i in range(20_000)]
