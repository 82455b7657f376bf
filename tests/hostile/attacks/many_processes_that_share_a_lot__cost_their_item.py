"""Sixty processes that share much memory in many pieces, so that to count them takes long.

Earns: 2
Class: 14
Ends: t1-square=timeout|crashed
Repeat: without root
"""

import ctypes
import os
import time

from shapes.tools import LIBC, until


def square(x):
    size = 2**28
    LIBC.mmap.restype = ctypes.c_void_p
    start = LIBC.mmap(None, ctypes.c_size_t(size), 3, 0x22, -1, ctypes.c_long(0))
    LIBC.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), 15)
    ctypes.memset(start, 1, size)
    for place in range(start, start + 2**27, 8 * 4096):
        LIBC.mprotect(ctypes.c_void_p(place), ctypes.c_size_t(4096), 1)
    for _ in range(55):
        if os.fork() == 0:
            time.sleep(9)
            os._exit(0)
    for _ in until(12):
        time.sleep(0.05)
    return 2 * x
