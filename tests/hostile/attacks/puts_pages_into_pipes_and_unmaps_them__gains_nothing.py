"""vmsplice of large pages into pipes, then unmapped; splice, tee and sendfile; larger pipes.

Earns: 2
Class: 14
"""

import ctypes
import fcntl
import mmap
import os
import socket

from shapes.tools import MARK, X86, answer, syscall, works


def vmsplice(writing):
    block = mmap.mmap(-1, 4 * 2**20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    start = ctypes.addressof(ctypes.c_char.from_buffer(block))
    piece = (ctypes.c_size_t * 2)(start, 2**16)
    assert syscall(278, writing, piece, 1, 0) > 0


def splice(file, writing):
    assert syscall(275, file, 0, writing, 0, 4096, 0) > 0


def tee(reading, writing):
    os.write(writing, b"x")
    _, other = os.pipe()
    assert syscall(276, reading, other, 1, 0) > 0


def one_works():
    reading, writing = os.pipe()
    ours, _ = socket.socketpair()
    with open(f"{MARK}-file", "w+b") as pages:
        pages.write(bytes(8192))
        pages.flush()
        file = pages.fileno()
        ways = (
            lambda: vmsplice(writing),
            lambda: splice(file, writing),
            lambda: tee(reading, writing),
            lambda: os.sendfile(writing, file, 0, 4096),
            lambda: os.sendfile(ours.fileno(), file, 0, 4096),
            lambda: os.copy_file_range(file, file, 4096, 0, 8192),
            lambda: fcntl.fcntl(writing, 1031, 2**20),
            lambda: syscall(72, writing, 1031 | 1 << 40, 2**20),
            lambda: ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**22),
            lambda: mmap.mmap(-1, 2**21, flags=0x40022),  # MAP_HUGETLB
            lambda: mmap.mmap(-1, 2**21, flags=0x2022),  # MAP_LOCKED
            lambda: mmap.mmap(-1, 2**21, flags=0x28),  # MAP_DROPPABLE
            lambda: syscall(149, ctypes.addressof(ctypes.create_string_buffer(1)) & -4096, 4096),
        )
        if not any(map(works, ways)):
            raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
