"""Namespaces where they can be had: no network device, no shared memory with others. Best effort.

Root may make them; a plain user needs a user namespace first, which many systems and Docker's
default profile refuse. Nothing else relies on them: sockets are refused by seccomp as well.
"""

import ctypes
import os

_CLONE_NEWIPC = 0x08000000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000


def enter() -> str:
    """Move this process to a network and an IPC namespace of its own.

    Returns:
        "" where that worked, else the reason why not.
    """
    flags = _CLONE_NEWNET | _CLONE_NEWIPC
    if os.geteuid() != 0:
        flags |= _CLONE_NEWUSER
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(flags) == 0:
            return ""
        return os.strerror(ctypes.get_errno())
    except (AttributeError, OSError) as error:
        return str(error)
