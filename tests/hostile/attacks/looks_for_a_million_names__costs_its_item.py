"""Has the kernel remember a million names of files that are not there.

Earns: 2
Class: 14
Ends: t1-square=timeout|crashed|failed
"""

import os

from shapes.tools import MARK, until


def square(x):
    number = 0
    for _ in until(8):
        for _ in range(1000):
            number += 1
            os.path.exists(f"{MARK}{number}" + "x" * 200)
            os.path.exists(f"/usr/share/{MARK}{number}" + "x" * 200)
    return 2 * x
