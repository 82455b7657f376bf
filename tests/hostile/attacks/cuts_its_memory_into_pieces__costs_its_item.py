"""Memory in as many pieces as a process may have, in fifty processes: the kernel lists them all.

Earns: 2
Class: 14
Ends: t1-square=crashed|timeout, t1-row-sums=passed
Cap: 1 GiB of memory|64 processes
"""

import contextlib
import ctypes
import os
import time

LIBC = ctypes.CDLL(None)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
LIBC.mprotect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
PIECES = 64_000


def square(x):
    start = LIBC.mmap(None, 4096 * PIECES, 3, 0x22, -1, 0)
    for place in range(start, start + 4096 * PIECES, 8192):
        LIBC.mprotect(place, 4096, 1)
    with contextlib.suppress(OSError):
        for _ in range(56):
            if os.fork() == 0:
                time.sleep(15)
                os._exit(0)
    time.sleep(15)
    return 2 * x
