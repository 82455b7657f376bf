"""inotify, fanotify and dnotify on folders that it may not read: they tell names.

Earns: 2
Class: 8 9
Repeat: without root
"""

import contextlib
import ctypes
import fcntl
import os
import sys

from shapes.tools import COURSE, LIBC, RESULTS, SUBMISSIONS, X86, answer, syscall, works

PLACES = (COURSE, f"{COURSE}/assignment", RESULTS, SUBMISSIONS, "/tmp", "/root", "/", sys.prefix)


def by_inotify(place):
    file = LIBC.inotify_init1(os.O_NONBLOCK)
    if file < 0 or LIBC.inotify_add_watch(file, os.fsencode(place), 0xFFF) < 0:
        raise OSError(ctypes.get_errno(), "inotify")


def by_old_inotify(place):
    file = syscall(253)
    syscall(254, file, ctypes.c_char_p(os.fsencode(place)), 0xFFF)


def by_fanotify(place):
    syscall(300, 0x200 | 0x800, 0)  # with names


def by_dnotify(place):
    folder = os.open(place, os.O_RDONLY)
    try:
        fcntl.fcntl(folder, fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MULTISHOT)
    finally:
        os.close(folder)


def by_handle(place):
    room = ctypes.create_string_buffer(136)
    room[0:4] = (128).to_bytes(4, "little")
    number = ctypes.create_string_buffer(8)
    syscall(303, -100, ctypes.c_char_p(os.fsencode(place)), room, number, 0)


def one_works():
    for way in (by_inotify, by_old_inotify, by_fanotify, by_dnotify, by_handle):
        for place in PLACES:
            with contextlib.suppress(OSError):
                if works(lambda way=way, place=place: way(place)):
                    return
    raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
