"""Calls of the C library that Python has no function for; loaded once, before any fork.

Constants have the names and values of Linux's headers.
"""

import ctypes
import os
from typing import Any

PR_SET_PDEATHSIG = 1
PR_GET_PDEATHSIG = 2
PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38

CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000

_CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)
# Variadic arguments fill a register each, be it a number or a pointer: an int would set half of it.
libc.syscall.argtypes = [ctypes.c_long, *[ctypes.c_void_p] * 4]
libc.syscall.restype = ctypes.c_long
if hasattr(libc, "prctl"):
    libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_void_p] * 4]


def prctl(option: int, value: Any = 0) -> bool:
    """Set or read an attribute of this process (man 2 prctl).

    Args:
        option: what to do.
        value: a number or a pointer.

    Returns:
        Whether it succeeded; `last_error` says why not. False where the system has no prctl.
    """
    return hasattr(libc, "prctl") and libc.prctl(option, value, 0, 0, 0) == 0


def syscall(number: int, *arguments: Any) -> int:
    """Call the kernel by number, with at most four numbers, pointers or bytes.

    Returns:
        What the kernel returns; -1 where it refuses, and `last_error` says why.
    """
    return int(libc.syscall(number, *arguments, *[None] * (4 - len(arguments))))


def last_error(where: str | None = None) -> OSError:
    """Return why the last call of this thread failed.

    Args:
        where: what failed, shown behind the reason.
    """
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), where)


def forbid_new_privileges() -> None:
    """Set no_new_privs: what this process executes gains no privileges, e.g. by setuid bits.

    Raises:
        OSError: the kernel refuses.
    """
    if not prctl(PR_SET_NO_NEW_PRIVS, 1):
        raise last_error("no_new_privs")


def drop_capabilities() -> None:
    """Give up every capability and the way to get one back, keeping the user id.

    Raises:
        OSError: the kernel refuses.
    """
    for capability in range(64):
        prctl(PR_CAPBSET_DROP, capability)  # numbers that the kernel does not know have no effect
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if libc.capset(header, nothing) != 0:
        raise last_error()


def parent_death_signal() -> int:
    """Return the signal that this process gets when its parent ends; 0 for none."""
    number = ctypes.c_int()
    prctl(PR_GET_PDEATHSIG, ctypes.byref(number))
    return number.value
