"""Fills the disk in one call: space beyond the end of a file, where no limit on its size holds.

Earns: 2
Class: 14
Repeat: without root
"""

import ctypes
import os

from shapes.tools import LIBC, MARK, answer

KEEP_SIZE, PUNCH_HOLE, COLLAPSE, ZERO_RANGE, INSERT, UNSHARE = 1, 2, 8, 16, 32, 64
LARGE = 3 * 2**29


def set_aside():
    name = f"{MARK}-file"
    number = os.open(name, os.O_RDWR | os.O_CREAT)
    try:
        os.write(number, bytes(2**14))
        for mode in (KEEP_SIZE, KEEP_SIZE | ZERO_RANGE, KEEP_SIZE | UNSHARE, KEEP_SIZE | 2**31):
            LIBC.fallocate(number, mode, ctypes.c_long(0), ctypes.c_long(LARGE))
        if os.fstat(number).st_blocks * 512 < 2**27:
            raise PermissionError
    finally:
        os.close(number)
        os.unlink(name)


def square(x):
    return answer(x, set_aside)
