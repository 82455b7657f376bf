"""Children of the grader's processes, children that share memory or nothing, clone3, namespaces.

Earns: 2
Class: 5 14 16
Repeat: without root
"""

import ctypes
import os
import signal

from shapes.tools import X86, answer, syscall, works

FLAGS = (
    0x8000 | 17,  # CLONE_PARENT
    0x100 | 17,  # CLONE_VM
    0x1000 | 17,  # CLONE_PIDFD
    0x0080_0000 | 17,  # CLONE_UNTRACED
    0x8000_0000 | 17,  # CLONE_IO
    0x400 | 17,  # CLONE_FILES
    0x200 | 17,  # CLONE_FS
    0,  # tells nobody when it ends
    signal.SIGUSR1,
    0x1000_0000 | 17,  # CLONE_NEWUSER
    0x2000_0000 | 17,  # CLONE_NEWPID
    0x0200_0000 | 17,  # CLONE_NEWCGROUP
    0x4000_0000 | 0x1000_0000 | 17,  # CLONE_NEWNET
    0x80 | 17,  # CLONE_NEWTIME
)
ROOM = ctypes.create_string_buffer(16)


def clone(flags):
    if flags & 0x100:
        return syscall(56, ctypes.c_ulong(flags | 0x4000), 0, 0, 0, 0)  # and waits
    child = syscall(56, ctypes.c_ulong(flags), 0, ROOM, 0, 0)
    if child == 0:
        os._exit(0)
    return child


def by_clone3():
    fields = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17)
    if syscall(435, fields, 64) == 0:
        os._exit(0)


def one_works():
    if any(works(lambda flags=flags: clone(flags)) for flags in FLAGS) or works(by_clone3):
        return
    raise PermissionError


def square(x):
    return answer(x, one_works) if X86 else 2 * x
