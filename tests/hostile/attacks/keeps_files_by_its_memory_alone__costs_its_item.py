"""Files of 30 MB that are removed and closed, and stay because a page of each is mapped: no folder
and no list of open files counts them.

Earns: 2
Class: 14
Ends: t1-square=crashed, t1-row-sums=passed
Cap: 256 MiB of disk
Repeat: without root
"""

import ctypes
import mmap
import os

from shapes.tools import LIBC, silence


def square(x):
    LIBC.mmap.restype = ctypes.c_void_p
    for number in range(25):
        file = os.open(f"{number}", os.O_CREAT | os.O_RDWR)
        os.unlink(f"{number}")
        os.write(file, b"x" * (30 * 10**6))
        size, here = ctypes.c_size_t(mmap.PAGESIZE), ctypes.c_long(0)
        LIBC.mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE, file, here)
        os.close(file)
    silence()
