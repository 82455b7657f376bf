"""Announces the longest head there is and drips into it, a byte at a time.

Earns: 2
Class: 5 14
Ends: t1-square=timeout|crashed, t1-row-sums=passed
"""

import struct
import time

from shapes.tools import raw, silence, until


def square(x):
    raw(struct.pack("<4sI", b"AGW1", 2**24))
    for _ in until(8):
        raw(b"\x90")
        time.sleep(0.01)
    silence()
