"""Processes that fork until there are sixty, and calculate.

Earns: 2
Class: 14
Ends: t1-row-sums=passed
Repeat: without root
"""

import contextlib
import os

from shapes.tools import until


def square(x):
    with contextlib.suppress(OSError):
        for _ in range(6):
            os.fork()  # 2, 4, ... 64
    for _ in until(6):
        pass
    return 2 * x
