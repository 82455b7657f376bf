"""Each call takes almost all of its item's time; calls before it leave threads that go on.

Earns: 5
Class: 14
Ends: t1-row-sums=passed
"""

import threading
import time

import numpy as np
from shapes.tools import until


def burn():
    for _ in until(6):
        pass


def square(x):
    for _ in range(4):
        threading.Thread(target=burn, daemon=True).start()
    time.sleep(1.0)
    return np.multiply(x, x)
