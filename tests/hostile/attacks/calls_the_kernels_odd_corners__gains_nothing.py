"""io_uring, bpf, keyrings, perf, userfaultfd, fanotify, kcmp, open_by_handle_at, modules.

Earns: 2
Class: 5 8
Repeat: without root
"""

import ctypes
import os

from shapes.tools import X86, answer, syscall, works

ROOM = ctypes.create_string_buffer(256)
NUMBERS = (
    (425, 1, ROOM),  # io_uring_setup
    (321, 0, ROOM, 72),  # bpf
    (248, b"user", b"x", b"y", 1, -2),  # add_key
    (250, 0, -3, 1),  # keyctl: the session's keyring
    (298, ROOM, 0, -1, -1, 0),  # perf_event_open
    (323, 1),  # userfaultfd
    (300, 0, 0),  # fanotify_init
    (312, os.getpid(), os.getpid(), 1, 0, 0),  # kcmp
    (175, ROOM, 1, b""),  # init_module
    (103, 3, ROOM, 256),  # the kernel's log
)


def one_works():
    for number in NUMBERS:
        if works(lambda number=number: syscall(*number)):
            return
    raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
