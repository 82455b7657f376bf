"""Processes that start each other, each with the pieces of memory of all before.

The kernel keeps a link from every piece to every ancestor that has had it: its memory grows with
the square of their number, and no process counts it.

Earns: 2
Class: 14
Ends: t1-square=crashed|timeout
"""

import ctypes
import os
import time

from shapes.tools import LIBC, until

PAGES = 12_000


def square(x):
    LIBC.mmap.restype = ctypes.c_void_p
    start = LIBC.mmap(None, ctypes.c_size_t(4096 * PAGES), 3, 0x22, -1, ctypes.c_long(0))
    LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(4096 * PAGES), 15)
    ctypes.memset(start, 1, 4096 * PAGES)
    for place in range(start, start + 4096 * PAGES, 8192):
        LIBC.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(4096), 1)
    for _ in range(45):
        if os.fork():
            break
    for _ in until(15):
        time.sleep(0.05)
    return 2 * x
