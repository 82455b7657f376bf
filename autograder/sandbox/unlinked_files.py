"""What processes hold open that no folder and no process counts.

These are files that have no name any more, and what the kernel keeps in memory for a descriptor:
pipes and sockets with the bytes in them.

The kernel tells of the files of another id's process only to who has that id, or the right to trace
every process (CAP_SYS_PTRACE), which Docker withholds from root unless it is asked. Root needs no
such right: for the moment of a look it takes on the id by which the kernel judges who opens files.
Nobody gets a hold on the grader by that, because who may signal or trace it goes by its other ids.
The process must not have asked the kernel to hide it (PR_SET_DUMPABLE); workers have not, and
cannot.
"""

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from autograder.sandbox.libc import PR_SET_PDEATHSIG, libc, parent_death_signal, prctl

_REMOVED = b" (deleted)"
_ZEROS = b" /dev/zero"
# A pipe has 16 pages, and two spare ones. A student's cannot be enlarged (syscalls.py).
_PIPE_BYTES = 18 * os.sysconf("SC_PAGE_SIZE")
# What a socket takes beyond its buffer, as one more message is begun while there is room.
_MESSAGE_BYTES = 2**16
_USUAL_SOCKET_BYTES = 212_992
# An epoll descriptor with all that a process can have it watch, the largest of the rest.
_OTHER_BYTES = 2**16
# Those whose handlers may raise an exception.
_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


class OpenFile(NamedTuple):
    """A file, by device and inode, and the bytes that it takes on disk, or in memory at most."""

    device: int
    inode: int
    size: int


class Held(NamedTuple):
    """What a process holds open.

    Attributes:
        files: nameless ones.
        buffers: pipes, sockets and other objects of the kernel's, as large as they may be.
    """

    files: set[OpenFile]
    buffers: set[OpenFile]


def ensure_visible(folder: str) -> None:
    """Find out whether the kernel tells what files a thread has open, and has mapped.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it does not.
    """
    held_by(folder)
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
    parent, death = os.getppid(), parent_death_signal()
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
        prctl(PR_SET_PDEATHSIG, death)
        if death and os.getppid() != parent:
            os.kill(os.getpid(), death)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def held_by(folder: str) -> Held:
    """The nameless files and the objects of the kernel's that a thread has open.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it has ended, or the kernel does not tell.
    """
    held = Held(set(), set())
    for descriptor in os.listdir(f"{folder}/fd"):
        try:
            status = os.stat(f"{folder}/fd/{descriptor}")
        except PermissionError:
            raise
        except OSError:
            continue  # closed meanwhile
        kind = stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFREG and status.st_nlink == 0:
            held.files.add(OpenFile(status.st_dev, status.st_ino, status.st_blocks * 512))
        elif kind == stat.S_IFIFO:
            held.buffers.add(OpenFile(status.st_dev, status.st_ino, _PIPE_BYTES))
        elif kind == stat.S_IFSOCK:
            held.buffers.add(OpenFile(status.st_dev, status.st_ino, _socket_bytes()))
        elif not kind:  # all of them have one inode: each counts in every process
            process = int(folder.split("/")[2])
            held.buffers.add(OpenFile(-process, int(descriptor), _OTHER_BYTES))
    return held


@cache
def _socket_bytes() -> int:
    """The most that a socket keeps of what was sent by it: a student's cannot be enlarged."""
    try:
        with open("/proc/sys/net/core/wmem_default", "rb") as file:
            return int(file.read()) + _MESSAGE_BYTES
    except OSError:  # it is shown in the first network namespace only
        return _USUAL_SOCKET_BYTES + _MESSAGE_BYTES


class Mapped(NamedTuple):
    """What a thread has mapped into its memory.

    Attributes:
        files: the inodes of nameless files, open or not. Their devices are left out, because some
            file systems name another one here than elsewhere.
        pieces: how many pieces its memory has; the kernel keeps a record of each.
        shares_zeros: whether it has mapped /dev/zero to share it. No file counts that memory, and
            no process that has unmapped it again.
    """

    files: set[int]
    pieces: int
    shares_zeros: bool


def mapped_by(folder: str) -> Mapped:
    """What a thread has mapped.

    Args:
        folder: the thread's, in /proc.

    Raises:
        OSError: it has ended, or the kernel does not tell.
    """
    with open(f"{folder}/maps", "rb") as file:
        text = file.read()
    pieces = text.count(b"\n")
    if _REMOVED not in text and _ZEROS not in text:
        return Mapped(set(), pieces, False)
    # The kernel writes a newline in a name as \012, and every other byte as it is.
    lines = text.split(b"\n")
    removed = {int(line.split()[4]) for line in lines if line.endswith(_REMOVED)}
    zeros = any(line.endswith((_ZEROS, _ZEROS + _REMOVED)) and b"s " in line for line in lines)
    return Mapped(removed, pieces, zeros)
