"""Open files and folders that student code may control, safely for the grader.

Opening a file can block for any time: a named pipe waits for a writer, a file with a lease
(F_SETLEASE) for its holder, a device for anything. So the grader never opens files while student
code runs, and folders only as here: without waiting, without following links, and refused by the
kernel if something else has replaced them.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

_NO_WAITING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened_folder(name: str, within: int | None = None) -> Iterator[int]:
    """Open a folder, to list it or to access its entries.

    Args:
        name: its path, or its name within a folder that is open.
        within: the descriptor of that folder.

    Raises:
        OSError: it is not a folder; a link to a folder is refused too.
    """
    descriptor = os.open(name, _NO_WAITING | os.O_DIRECTORY, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def names_in(folder: str) -> list[str]:
    """Return the names in a folder.

    Raises:
        OSError: it is not a folder, or may not be read.
    """
    with opened_folder(folder) as descriptor:
        return os.listdir(descriptor)


def read_plain_file(path: str, most: int) -> bytes | None:
    """Return the content of a file; None if it is not a plain file or is larger than `most` bytes.

    Use it only for files that student code does not control yet: a lease cannot be detected.

    Raises:
        OSError: it does not exist or cannot be read.
    """
    descriptor = os.open(path, _NO_WAITING)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(most + 1)
    return data if len(data) <= most else None


def remove_at(name: str, within: int | None = None, levels: int = 64) -> None:
    """Remove a file, or a folder with its content, without opening files or following links.

    Student code may run at the same time: what it puts in place of a folder is not entered.

    Args:
        name: its path, or its name within a folder that is open.
        within: the descriptor of that folder.
        levels: the maximum nesting of folders; each level takes a descriptor.

    Raises:
        OSError: it is nested more deeply, may not be read, or changes while it is removed.
    """
    try:
        os.unlink(name, dir_fd=within)
        return
    except IsADirectoryError:
        pass
    if not levels:
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), name)
    with opened_folder(name, within) as descriptor:
        for inner in os.listdir(descriptor):
            remove_at(inner, descriptor, levels - 1)
    os.rmdir(name, dir_fd=within)
