"""Forty processes that only look into large memory of nobody's, for the tables that this takes.

Earns: 2
Class: 14
Ends: t1-square=timeout|crashed
"""

import ctypes
import os
import time

from shapes.tools import LIBC, until


def look(size):
    LIBC.mmap.restype = ctypes.c_void_p
    start = LIBC.mmap(None, ctypes.c_size_t(size), 1, 0x4022, -1, ctypes.c_long(0))
    LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), 15)
    for place in range(start, start + size, 2**21):
        ctypes.string_at(place, 1)


def square(x):
    for _ in range(40):
        if os.fork() == 0:
            for size in (2**29, 2**27, 2**26):
                look(size)
            time.sleep(9)
            os._exit(0)
    for _ in until(12):
        time.sleep(0.05)
    return 2 * x
