"""Private folders for as long as a process runs, and an end to those that killed ones have left.

Who is killed cannot tidy up. So all folders of a process bear the name of its run, and a file of
that name, beside them, is kept locked. The kernel lets go of a lock when its process ends, however
it ends: the next process that needs a folder removes those of runs whose file nobody holds.
"""

import atexit
import fcntl
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from autograder.sandbox.identity import closed_on_the_way, remove_tree

_RUN = "autograder-run-"
_NAME = re.compile(rf"{_RUN}([0-9a-f]{{16}})")


def temporary_folder(prefix: str) -> Path:
    """Make a private folder in a place that workers of another id can be let into.

    The usual place for temporary files may be closed to others (as pam_tmpdir makes it).
    """
    usual = tempfile.gettempdir()
    places = [usual, "/var/tmp", "/tmp"]
    open_place = next((place for place in places if not closed_on_the_way(place)), usual)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{_run(open_place)}-", dir=open_place))


@cache
def _run(place: str) -> str:
    """The name of this process's run, after what killed ones have left there is removed.

    Where no file can be locked, the run goes on without: its folders are then never taken for
    those of a killed one.
    """
    _remove_abandoned(place)
    name = secrets.token_hex(8)
    path = os.path.join(place, f"{_RUN}{name}")
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError:
        return name
    if not _lock(file):
        os.close(file)
        os.unlink(path)
    else:
        atexit.register(_end, os.getpid(), path)  # the file stays open, and so locked, until then
    return name


def _end(process: int, path: str) -> None:
    if os.getpid() == process and os.path.exists(path):  # and no fork of it
        os.unlink(path)


def _remove_abandoned(place: str) -> None:
    """Remove the folders of runs that have ended, and the files of these runs."""
    try:
        names = os.listdir(place)
    except OSError:
        return
    for name in names:
        run = _NAME.fullmatch(name)
        if run is None:
            continue
        path = os.path.join(place, name)
        try:
            # Others may write there, too, and put anything of that name.
            file = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            continue
        try:
            if _is_ours(os.fstat(file), stat.S_ISREG) and _lock(file):
                _remove_folders(place, names, run[1])
                os.unlink(path)
        except OSError:
            pass  # to tidy up is no reason for this run to fail
        finally:
            os.close(file)


def _remove_folders(place: str, names: list[str], run: str) -> None:
    for name in names:
        path = os.path.join(place, name)
        if name.startswith("autograder-") and f"-{run}-" in name:
            if _is_ours(os.lstat(path), stat.S_ISDIR):
                remove_tree(path)


def _is_ours(found: os.stat_result, is_of_kind: Callable[[int], bool]) -> bool:
    return found.st_uid == os.geteuid() and is_of_kind(found.st_mode)


def _lock(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody holds it, or this file system knows no locks
        return False
    return True
