"""Debugging, reading and emptying a fork of its own: ways into processes that no library needs.

Earns: 2
Class: 7 8
Repeat: without root
"""

import ctypes
import os
import signal
import time

from shapes.tools import X86, answer, syscall, works

ROOM = ctypes.create_string_buffer(64)


def piece(address):
    return (ctypes.c_size_t * 2)(address, 8)


def one_works():
    here = ctypes.addressof(ROOM)
    child = os.fork()
    if child == 0:
        time.sleep(5)
        os._exit(0)
    ways = (
        lambda: syscall(101, 16, child, 0, 0),  # PTRACE_ATTACH
        lambda: syscall(101, 0x4206, child, 0, 0),  # PTRACE_SEIZE
        lambda: syscall(310, child, piece(here), 1, piece(here), 1, 0),  # process_vm_readv
        lambda: syscall(311, child, piece(here), 1, piece(here), 1, 0),
        lambda: syscall(434, child, 0),  # pidfd_open
        lambda: syscall(440, 0, piece(here), 1, 21, 0),  # process_madvise
        lambda: syscall(448, 0, 0),  # process_mrelease
        lambda: syscall(302, child, 7, 0, ROOM),  # prlimit64
        lambda: syscall(203, child, 8, ROOM),  # sched_setaffinity
        lambda: syscall(274, child, ROOM, ROOM),  # get_robust_list
        lambda: syscall(256, child, 1, ROOM, ROOM),  # migrate_pages
    )
    found = any(map(works, ways))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not found:
        raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
