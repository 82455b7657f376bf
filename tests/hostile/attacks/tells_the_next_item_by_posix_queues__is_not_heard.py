"""A message queue and shared memory of POSIX, by name.

Earns: 0
Class: 16
Repeat: without root
"""

import contextlib
import os
from multiprocessing import shared_memory

from shapes.tools import LIBC, MARK

NAME = f"/{MARK}".encode()


def square(x):
    LIBC.mq_open(NAME, os.O_CREAT | os.O_RDWR, 0o666, None)
    with contextlib.suppress(OSError):
        shared_memory.SharedMemory(MARK, create=True, size=64)
    return 2 * x


def row_sums(X):
    found = LIBC.mq_open(NAME, os.O_RDWR, 0, None) >= 0
    LIBC.mq_unlink(NAME)
    with contextlib.suppress(OSError):
        shared_memory.SharedMemory(MARK)
        found = True
    return X.sum(axis=1) if found else X[:, 0]
