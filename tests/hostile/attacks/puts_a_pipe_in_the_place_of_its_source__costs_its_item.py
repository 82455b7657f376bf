"""Replaces area.py by a named pipe, so that whoever quotes a line of it waits for ever.

Earns: 2
Class: 14 16
Ends: t1-square=failed
Repeat: without root
"""

import contextlib
import os


def square(x):
    with contextlib.suppress(OSError):
        os.unlink(__file__)
        os.mkfifo(__file__)
    raise ValueError("read my line")
