"""Two gigabytes on stdout, stderr and by the descriptors beneath them.

Earns: 2
Class: 14
Ends: t1-square=failed|timeout, t1-row-sums=passed
"""

import contextlib
import os
import sys

from shapes.tools import until


def square(x):
    line = "FORGED" * 100_000
    for _ in until(1):
        for number in (0, 1, 2):
            with contextlib.suppress(OSError):
                os.write(number, line.encode())
        print(line)
        print(line, file=sys.__stderr__)
    return 2 * x
