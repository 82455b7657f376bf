"""The files that processes hold and that have no name any more, so that no folder counts them.

The kernel tells of the files of another id's process only to who has that id, or the right to trace
every process (CAP_SYS_PTRACE), which Docker withholds from root unless it is asked. Root needs no
such right: for the moment of a look it takes on the id by which the kernel judges who opens files.
Nobody gets a hold on the grader by that, because who may signal or trace it goes by its other ids.
The process must not have asked the kernel to hide it (PR_SET_DUMPABLE); workers have not, and
cannot.
"""

import ctypes
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

_PR_SET_PDEATHSIG = 1
_PR_GET_PDEATHSIG = 2
_REMOVED = b" (deleted)"
# Those whose handlers may raise an exception.
_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


class OpenFile(NamedTuple):
    """A file, by device and inode, and the bytes that it takes on disk."""

    device: int
    inode: int
    size: int


def ensure_visible(folder: str) -> None:
    """Find out whether the kernel tells what files a thread has open, and has mapped.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it does not.
    """
    open_files(folder)
    with open(f"{folder}/maps", "rb"):
        pass  # to read them all takes long


@contextmanager
def eyes_of(uid: int) -> Iterator[None]:
    """Open files as a user id, and the group of the same number, until this is left.

    Only files of /proc should be opened meanwhile: root's right to pass by every permission rests.
    """
    if uid == os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None)
    parent, death = os.getppid(), ctypes.c_int()
    libc.prctl(_PR_GET_PDEATHSIG, ctypes.byref(death), 0, 0, 0)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # No handler may raise an exception while this process is not itself.
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
        libc.setfsgid(uid)
        libc.setfsuid(uid)
        yield
    finally:
        libc.setfsuid(os.geteuid())
        libc.setfsgid(os.getegid())
        # A change of ids makes the kernel forget that it is to end this process with its parent.
        libc.prctl(_PR_SET_PDEATHSIG, death.value, 0, 0, 0)
        if death.value and os.getppid() != parent:
            os.kill(os.getpid(), death.value)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def open_files(folder: str) -> set[OpenFile]:
    """The nameless files that a thread has open.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it has ended, or the kernel does not tell.
    """
    found: set[OpenFile] = set()
    for descriptor in os.listdir(f"{folder}/fd"):
        try:
            status = os.stat(f"{folder}/fd/{descriptor}")
        except PermissionError:
            raise
        except OSError:
            continue  # closed meanwhile
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
            found.add(OpenFile(status.st_dev, status.st_ino, status.st_blocks * 512))
    return found


def mapped_files(folder: str) -> set[int]:
    """The inodes of the nameless files that a thread has mapped into its memory, open or not.

    Their devices are left out, because some file systems name another one here than elsewhere.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it has ended, or the kernel does not tell.
    """
    with open(f"{folder}/maps", "rb") as file:
        text = file.read()
    if _REMOVED not in text:
        return set()
    # The kernel writes a newline in a name as \012, and every other byte as it is.
    return {int(line.split()[4]) for line in text.split(b"\n") if line.endswith(_REMOVED)}
