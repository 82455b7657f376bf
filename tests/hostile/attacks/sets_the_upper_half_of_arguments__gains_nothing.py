"""Refused values of arguments with bits that the kernel ignores, so that a filter may not see them.

Earns: 2
Class: 5 14
"""

import ctypes
import os

from shapes.tools import X86, answer, syscall, works

ROOM = ctypes.create_string_buffer(4096)
BITS = (0, 1 << 32, 1 << 40, 1 << 63, 0xFFFF_FFFF << 32)
CALLS = (
    lambda file, bits: (72, file, 1024 | bits, 2),  # fcntl: F_SETLEASE, to give one up
    lambda file, bits: (72, file, 8 | bits, os.getpid()),  # F_SETOWN
    lambda file, bits: (72, file, 1031 | bits, 2**20),  # F_SETPIPE_SZ
    lambda file, bits: (72, file, 4, 0x4000 | bits),  # F_SETFL: O_DIRECT
    lambda file, bits: (16, file, 0x5452 | bits, ROOM),  # ioctl: FIOASYNC
    lambda file, bits: (157, 4 | bits, 0),  # prctl: PR_SET_DUMPABLE
    lambda file, bits: (157, 36 | bits, 1),  # PR_SET_CHILD_SUBREAPER
    lambda file, bits: (53, 1, 2 | bits, 0, ROOM),  # socketpair: SOCK_DGRAM
    lambda file, bits: (293, ROOM, 0o40000 | bits),  # pipe2: O_DIRECT
    lambda file, bits: (324, 1 | bits, 0, 0),  # membarrier: GLOBAL
    lambda file, bits: (436, 1000, 1000, 2 | bits),  # close_range: CLOSE_RANGE_UNSHARE
    lambda file, bits: (9, 0, 4096, 3, 0x21 | bits, -1, 0),  # mmap: shared, of no file
    lambda file, bits: (9, 0, 4096, 3, 0x2022 | bits, -1, 0),  # mmap: MAP_LOCKED
    lambda file, bits: (28, 0, 0, 21 | bits),  # madvise: MADV_PAGEOUT
    lambda file, bits: (285, file, 2 | bits, 0, 1),  # fallocate: punches a hole
)


def one_works():
    _, writing = os.pipe()
    for call in CALLS:
        for bits in BITS:
            if works(lambda call=call, bits=bits: syscall(*call(writing, bits))):
                return
    raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
