"""Announces a head of 4 GiB.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
"""

import struct

from shapes.tools import raw, silence


def square(x):
    raw(struct.pack("<4sI", b"AGW1", 2**32 - 1) + b"x" * 100)
    silence()
