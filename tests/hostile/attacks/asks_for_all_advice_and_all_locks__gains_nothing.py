"""Calls that seem to work and do nothing, with odd arguments, for what they could tell or do.

Earns: 2
Class: 8 14 16
Repeat: without root
"""

import contextlib
import fcntl
import mmap
import os
import struct
import time

from shapes.tools import LIBC, MARK, answer

LOCK = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)


def is_told_of_a_lock():
    with open(MARK, "w+b") as file:
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                fcntl.fcntl(file, fcntl.F_SETLK, LOCK)
                time.sleep(0.5)
            os._exit(0)
        time.sleep(0.1)
        for ask in (fcntl.F_GETLK, 36):
            with contextlib.suppress(OSError):
                answer = fcntl.fcntl(file, ask, LOCK)
                if answer != LOCK:
                    return
        with open("/proc/locks") as table:
            if f":{os.fstat(file.fileno()).st_ino} " in table.read():
                return
    raise PermissionError


def loads_pages():
    with open(os.__file__, "rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        for advice in (9, 12, 13, 20, 21, 22, 23, 24, 25, 100, 101, 35):
            try:
                view.madvise(advice)
            except (OSError, ValueError):
                continue
            return
    raise PermissionError


def drops_pages():
    file = os.open(os.__file__, os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def square(x):
    LIBC.flock(-1, 2)
    for act in (is_told_of_a_lock, loads_pages, drops_pages):
        if answer(1, act) == 1:
            return answer(x, lambda: None)
    return 2 * x
