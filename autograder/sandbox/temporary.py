"""Create private temporary folders, and remove those left behind by killed runs.

A killed process cannot clean up. So each folder is locked by the process that created it. The
kernel releases a lock when a process ends in any way: the next process that needs a folder first
removes the unlocked ones.
"""

import fcntl
import os
import re
import tempfile
from functools import cache
from pathlib import Path

from autograder.sandbox.identity import closed_on_the_way, remove_tree

# Only locked folders have this name, from the moment of locking.
_LOCKED = ".run"
_NAME = re.compile(rf"autograder-[a-z]+-\w+{re.escape(_LOCKED)}")

_held: dict[Path, int] = {}  # folder -> the descriptor that locks it


def temporary_folder(prefix: str) -> Path:
    """Create a private folder in a place that can be opened to workers with another user id.

    The usual place for temporary files may be closed to others (for example by pam_tmpdir). Folders
    left there by killed runs are removed first.

    Args:
        prefix: the beginning of its name, such as "autograder-judge-".
    """
    usual = tempfile.gettempdir()
    places = [usual, "/var/tmp", "/tmp"]
    open_place = next((place for place in places if not closed_on_the_way(place)), usual)
    _remove_abandoned(open_place)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=open_place))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    if not _lock(descriptor):
        os.close(descriptor)  # then it is never mistaken for an abandoned one
        return folder
    locked = folder.rename(f"{folder}{_LOCKED}")
    _held[locked] = descriptor
    return locked


def remove_temporary_folder(folder: Path) -> None:
    """Remove a folder made by `temporary_folder` with its content.

    If something cannot be removed, the lock is released anyway, and the next run removes it.
    """
    try:
        if folder.exists():
            remove_tree(str(folder))
    except OSError:
        pass
    finally:
        descriptor = _held.pop(folder, None)
        if descriptor is not None:
            os.close(descriptor)


@cache
def _remove_abandoned(place: str) -> None:
    """Remove abandoned folders; once per process suffices."""
    try:
        names = os.listdir(place)
    except OSError:
        return
    for name in filter(_NAME.fullmatch, names):
        path = os.path.join(place, name)
        try:
            # Other users may also write there and create anything with that name.
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if os.fstat(descriptor).st_uid == os.geteuid() and _lock(descriptor):
                remove_tree(path)
        except OSError:
            pass  # a failed clean-up must not fail this run
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # another process holds it, or the file system does not support locks
        return False
    return True
