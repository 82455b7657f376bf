"""How the grader opens what student code may have a hand on.

To open a file can take as long as somebody likes: a named pipe waits for a writer, a file with a
lease (F_SETLEASE) for whoever holds it, a device for anything. So files are opened by nobody while
student code is there, and folders only as here: without waiting, following no link, and refused by
the kernel where something else has taken their place.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

_NO_WAITING = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def opened_folder(name: str, within: int | None = None) -> Iterator[int]:
    """Open a folder, to list it or to reach what is in it.

    Args:
        name: its path, or its name within a folder that is open.
        within: the descriptor of that folder.

    Raises:
        OSError: it is none; a link to one is none either.
    """
    descriptor = os.open(name, _NO_WAITING | os.O_DIRECTORY, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def names_in(folder: str) -> list[str]:
    """The names in a folder.

    Raises:
        OSError: it is none, or it is closed.
    """
    with opened_folder(folder) as descriptor:
        return os.listdir(descriptor)


def read_plain_file(path: str, most: int) -> bytes | None:
    """The content of a file; None where it is no plain file, or larger than `most` bytes.

    For files that student code has no hand on yet: a lease cannot be told from a plain file.

    Raises:
        OSError: it is not there, or cannot be read.
    """
    descriptor = os.open(path, _NO_WAITING)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        data = file.read(most + 1)
    return data if len(data) <= most else None


def remove_at(name: str, within: int | None = None, levels: int = 64) -> None:
    """Remove a file or a folder with all that is in it; no file is opened, no link followed.

    Student code may be at work beside: what it puts in the place of a folder is not entered.

    Args:
        name: its path, or its name within a folder that is open.
        within: the descriptor of that folder.
        levels: how deep folders may lie in each other; each of them takes a descriptor.

    Raises:
        OSError: it is deeper, or closed, or it changes while it is removed.
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
