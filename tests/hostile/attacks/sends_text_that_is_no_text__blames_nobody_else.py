"""Errors with bytes that are no UTF-8, and replies with other fields than a reply has.

Earns: 2
Class: 17
Ends: t1-square=crashed|failed, t1-number=crashed|failed, t1-row-sums=passed
"""

import struct

import numpy as np
from shapes.tools import forge, raw, silence


def square(x):
    if np.ndim(x):
        head = b"\x92\x81\xa5value\xa4\xff\xfe\xed\xa0\x90"
        raw(struct.pack("<4sI", b"AGW1", len(head)) + head)
        silence()
    forge({"value": 1, "error": None, "status": "passed", "score": 100})
