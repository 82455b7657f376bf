"""Private folders for as long as somebody works in them, and an end to those that killed runs left.

Who is killed cannot tidy up. So each folder is kept locked by the process that has made it. The
kernel lets go of a lock when a process ends, however it ends: the next process that needs a folder
first removes those that nobody holds.
"""

import fcntl
import os
import re
import tempfile
from functools import cache
from pathlib import Path

from autograder.sandbox.identity import closed_on_the_way, remove_tree

# Only folders that are locked bear this name, from the moment on when they are.
_LOCKED = ".run"
_NAME = re.compile(rf"autograder-[a-z]+-\w+{re.escape(_LOCKED)}")

_held: dict[Path, int] = {}  # folder -> the descriptor that locks it


def temporary_folder(prefix: str) -> Path:
    """Make a private folder in a place that workers of another id can be let into.

    The usual place for temporary files may be closed to others (as pam_tmpdir makes it). What
    killed runs have left there is removed first.

    Args:
        prefix: what its name begins with, such as "autograder-judge-".
    """
    usual = tempfile.gettempdir()
    places = [usual, "/var/tmp", "/tmp"]
    open_place = next((place for place in places if not closed_on_the_way(place)), usual)
    _remove_abandoned(open_place)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=open_place))
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    if not _lock(descriptor):
        os.close(descriptor)  # then it is never taken for an abandoned one
        return folder
    locked = folder.rename(f"{folder}{_LOCKED}")
    _held[locked] = descriptor
    return locked


def remove_temporary_folder(folder: Path) -> None:
    """Remove a folder of `temporary_folder` with all that is in it.

    What cannot be removed is let go of all the same, and left to the next run.
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
    """Remove the folders that nobody works in any more; once a process is enough."""
    try:
        names = os.listdir(place)
    except OSError:
        return
    for name in filter(_NAME.fullmatch, names):
        path = os.path.join(place, name)
        try:
            # Others may write there, too, and put anything of that name.
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if os.fstat(descriptor).st_uid == os.geteuid() and _lock(descriptor):
                remove_tree(path)
        except OSError:
            pass  # to tidy up is no reason for this run to fail
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody holds it, or this file system knows no locks
        return False
    return True
