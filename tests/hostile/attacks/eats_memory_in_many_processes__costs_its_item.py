"""Eight processes of 160 MB each: every one below its limit.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-number=crashed, t1-row-sums=passed
Cap: 1 GiB of memory
Repeat: without root
"""

import os

from shapes.tools import silence


def square(x):
    for _ in range(7):
        if os.fork() == 0:
            break
    kept = b"x" * (160 * 2**20)
    silence()
    return len(kept)
