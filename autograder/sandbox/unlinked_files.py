"""Measure what processes hold open that is counted neither in a folder nor in a process.

These are files that no longer have a name, and kernel memory for descriptors: pipes and sockets
with the bytes in them.

The kernel shows the files of another id's process only to that id, or with the right to trace every
process (CAP_SYS_PTRACE), which Docker withholds from root by default. Root does not need this
right: during a check it takes on the file-system id by which the kernel decides who opens files.
This does not expose the grader: the rights to signal or trace it depend on its other ids.
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
# A pipe has 16 pages and two spare ones. Student code cannot enlarge it (syscalls.py).
_PIPE_BYTES = 18 * os.sysconf("SC_PAGE_SIZE")
# What a socket takes beyond its buffer, because one more message is accepted while it has room.
_MESSAGE_BYTES = 2**16
_USUAL_SOCKET_BYTES = 212_992
# An epoll descriptor with everything that a process can make it watch, the largest of the rest.
_OTHER_BYTES = 2**16
# Signals whose handlers may raise an exception.
_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)


class OpenFile(NamedTuple):
    """A file by device and inode, and the bytes that it takes on disk, or at most in memory."""

    device: int
    inode: int
    size: int


class Held(NamedTuple):
    """The resources that a process holds open.

    Attributes:
        files: unnamed files.
        buffers: pipes, sockets and other kernel objects, with their maximum sizes.
    """

    files: set[OpenFile]
    buffers: set[OpenFile]


def ensure_visible(folder: str) -> None:
    """Check that the kernel shows the files that a thread has open or mapped.

    Args:
        folder: the thread's folder in /proc.

    Raises:
        OSError: it does not.
    """
    held_by(folder)
    with open(f"{folder}/maps", "rb"):
        pass  # reading all of them takes long


@contextmanager
def eyes_of(uid: int) -> Iterator[None]:
    """Open files as a user id, and the group of the same number, within this context.

    Only files of /proc should be opened meanwhile: root's right to bypass permissions is suspended.
    """
    if uid == os.geteuid():
        yield
        return
    parent, death = os.getppid(), parent_death_signal()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        # No handler may raise an exception while this process has changed its ids.
        signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
        libc.setfsgid(uid)
        libc.setfsuid(uid)
        yield
    finally:
        libc.setfsuid(os.geteuid())
        libc.setfsgid(os.getegid())
        # Changing ids makes the kernel drop the request to end this process with its parent.
        prctl(PR_SET_PDEATHSIG, death)
        if death and os.getppid() != parent:
            os.kill(os.getpid(), death)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def held_by(folder: str) -> Held:
    """Return the unnamed files and kernel objects that a thread has open.

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
        elif not kind:  # all of them share one inode: each counts in every process
            process = int(folder.split("/")[2])
            held.buffers.add(OpenFile(-process, int(descriptor), _OTHER_BYTES))
    return held


@cache
def _socket_bytes() -> int:
    """Return the maximum a socket buffers for sending; student code cannot enlarge it."""
    try:
        with open("/proc/sys/net/core/wmem_default", "rb") as file:
            return int(file.read()) + _MESSAGE_BYTES
    except OSError:  # only the initial network namespace shows it
        return _USUAL_SOCKET_BYTES + _MESSAGE_BYTES


class Mapped(NamedTuple):
    """The memory mappings of a thread.

    Attributes:
        files: the inodes of unnamed files, open or not. Devices are left out, because some file
            systems show different ones here than elsewhere.
        pieces: the number of memory areas; the kernel keeps a record of each.
        shares_zeros: whether it has mapped /dev/zero as shared memory, which is counted in no
            file, and in no process after it is unmapped.
    """

    files: set[int]
    pieces: int
    shares_zeros: bool


def mapped_by(folder: str) -> Mapped:
    """Return the memory mappings of a thread.

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
    # The kernel writes a newline in a name as \012, and every other byte unchanged.
    lines = text.split(b"\n")
    removed = {int(line.split()[4]) for line in lines if line.endswith(_REMOVED)}
    zeros = any(line.endswith((_ZEROS, _ZEROS + _REMOVED)) and b"s " in line for line in lines)
    return Mapped(removed, pieces, zeros)
