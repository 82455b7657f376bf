"""Leases that make the grader wait in open(), and locks on files that others read.

Earns: 2
Class: 5 14 16
Repeat: without root
"""

import ctypes
import fcntl
import os
import struct

from shapes.tools import MARK, X86, answer, syscall, works

KEPT = []
LOCK = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 0, 0, 0)
WRITE_LOCK = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 0, 0)


def lease(path, flags, kind):
    KEPT.append(os.open(path, flags))
    fcntl.fcntl(KEPT[-1], 1024, kind)  # F_SETLEASE


def lease_by_number(path):
    KEPT.append(os.open(path, os.O_RDONLY))
    syscall(72, KEPT[-1], 1024 | 1 << 32, fcntl.F_RDLCK)


def lease_a_copy(path):
    KEPT.append(os.dup(os.open(path, os.O_RDONLY)))
    fcntl.fcntl(KEPT[-1], 1024, fcntl.F_RDLCK)


def locks_others_out(lock):
    """A lock that seems to be had harms nobody as long as others have it, too."""
    lock()
    child = os.fork()
    if child == 0:
        os._exit(0 if works(lock) else 1)
    if os.waitpid(child, 0)[1] == 0:
        raise PermissionError


def lock_of_the_open_file(path):
    KEPT.append(os.open(path, os.O_RDWR))
    fcntl.fcntl(KEPT[-1], 37, WRITE_LOCK)  # F_OFD_SETLK


def one_works():
    own = f"{MARK}-file"
    with open(own, "w"):
        pass
    ways = [
        lambda: lease(own, os.O_WRONLY, fcntl.F_WRLCK),
        lambda: lease(own, os.O_RDONLY, fcntl.F_RDLCK),
    ]
    for path in (__file__, own, os.__file__):
        ways += [
            lambda path=path: lease(path, os.O_RDONLY, fcntl.F_RDLCK),
            lambda path=path: lease_by_number(path),
            lambda path=path: lease_a_copy(path),
            lambda path=path: locks_others_out(lambda: lock_of_the_open_file(path)),
            lambda path=path: locks_others_out(
                lambda: fcntl.lockf(os.open(path, os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)
            ),
            lambda path=path: locks_others_out(
                lambda: fcntl.flock(os.open(path, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
            ),
            lambda path=path: fcntl.fcntl(os.open(path, os.O_RDONLY), fcntl.F_GETLK, LOCK),
        ]
    if not any(map(works, ways)):
        raise PermissionError


def square(x):
    assert ctypes.sizeof(ctypes.c_void_p) == 8
    return answer(x, one_works) if X86 else 2 * x
