"""Reads the memory of zygote and judge by a system call that needs no file.

Earns: 2
Class: 8
Repeat: without root
"""

import ctypes

from shapes.tools import LIBC, answer, graders


class Vector(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def read():
    for process in graders():
        try:
            with open(f"/proc/{process}/maps") as maps:
                start = int(maps.readline().split("-")[0], 16)
        except OSError:
            start = 0x400000
        into = ctypes.create_string_buffer(64)
        local = Vector(ctypes.cast(into, ctypes.c_void_p), 64)
        remote = Vector(start, 64)
        many = (process, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
        if LIBC.process_vm_readv(*many) > 0:
            return
    raise PermissionError


def square(x):
    return answer(x, read)
