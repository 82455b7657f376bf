"""A daemon that has left session and parent keeps what it knows in its name.

Earns: 0
Class: 5 16
Repeat: without root
"""

import glob
import time

from shapes.tools import MARK, daemon


def wait(lasts):
    while lasts():
        time.sleep(0.05)


def square(x):
    daemon(wait, seconds=8)
    time.sleep(0.1)
    return 2 * x


def row_sums(X):
    for file in glob.glob("/proc/*/comm"):
        try:
            with open(file) as name:
                if name.read().startswith(MARK[:15]):
                    return X.sum(axis=1)
        except OSError:
            continue
    return X[:, 0]
