"""A user id of its own for every worker that is at work at the same time.

Where the grader is root, student code runs under an id that owns nothing and that nobody else has.
Ids are leased: a bound socket in Linux's abstract namespace, which goes away with its process, says
that one is in use. Where the interpreter lies in a folder that other users cannot enter, such as a
closed home, no other id could run it; then workers keep the grader's id without its capabilities,
and Landlock has to hold instead (policy.py).
"""

import importlib.util
import os
import secrets
import signal
import socket
import stat
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.sandbox.libc import PR_SET_DUMPABLE, prctl
from autograder.sandbox.opening import remove_at

FIRST_UID, LAST_UID = 62_001, 65_000
_SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")


@dataclass
class Lease:
    """An id that is ours as long as the socket lives.

    Attributes:
        uid: the user id; the group id of the same number goes with it.
        socket: the lease.
    """

    uid: int
    socket: socket.socket


def lease_uid() -> Lease | None:
    """Lease a free id; None where all are in use."""
    ids, start = range(FIRST_UID, LAST_UID + 1), _where_to_begin()
    for uid in (*ids[start:], *ids[:start]):
        holder = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            holder.bind(f"\0autograder-uid-{uid}")
        except OSError:
            holder.close()
            continue
        return Lease(uid, holder)
    return None


@cache
def _where_to_begin() -> int:
    """Somewhere among the ids, the same for all of this process's leases.

    Containers cannot see each other's leases, and the kernel counts an id's processes over all of
    them: so each begins to look somewhere else.
    """
    return secrets.randbelow(LAST_UID + 1 - FIRST_UID)


def closed_place() -> str:
    """The first folder on the way to the interpreter or its packages that others cannot enter."""
    places = {
        sys.prefix,
        sys.base_prefix,
        os.path.realpath(sys.executable),
        sysconfig.get_path("stdlib"),
        str(Path(__file__).parent),
    }
    numpy = importlib.util.find_spec("numpy")  # not imported: `use_one_thread` may be yet to come
    if numpy is not None and numpy.origin is not None:
        places.add(str(Path(numpy.origin).parent))
    return next(filter(None, map(closed_on_the_way, sorted(places))), "")


def closed_on_the_way(place: str) -> str:
    """The first folder on the way to a place, or the place, that others cannot enter; or ""."""
    path = Path(place).resolve()
    for folder in [*reversed(path.parents), path]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return str(folder)
    return ""


def become(uid: int) -> None:
    """Give up root for an id, for good; supplementary groups go as well."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def show_files_to_own_id() -> None:
    """Let processes of this id see which files this one holds open: the watch looks as one.

    The kernel hides a process that has given up another id, until it asks not to be hidden. Student
    code shares its id with nobody, and the system-call filter keeps it from asking to be hidden.
    """
    prctl(PR_SET_DUMPABLE, 1)


def kill_all_of(uid: int) -> None:
    """Kill every process of a leased id, daemons included; they are reaped later.

    A child takes the id on, because a process may signal all processes of its own id at once, with
    no fork slipping through, and because the grader is spared that way.
    """
    child = os.fork()
    if child == 0:
        try:
            become(uid)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def remove_files_of(uid: int) -> None:
    """Remove what a leased id has left in the folders that everybody may write to."""
    for folder in _SHARED_FOLDERS:
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            try:
                if entry.stat(follow_symlinks=False).st_uid == uid:
                    remove_tree(entry.path)
            except OSError:
                continue


def remove_beside_others(path: str) -> None:
    """Remove a file or folder of a student's, following no link that others put there meanwhile.

    Raises:
        OSError: it is too deep, or closed, or it changes while it is removed.
    """
    remove_at(path)


def remove_tree(path: str) -> None:
    """Remove a file or folder of a student's, following no link, however deep it is.

    No student code may be at work in it any more: `chmod` follows a link that takes its place.
    """
    try:
        remove_beside_others(path)
    except OSError:
        if os.path.islink(path) or not os.path.isdir(path):
            raise
        # Folders without rights, or thousands of levels deep, are rm's daily work.
        subprocess.run(["chmod", "-R", "u+rwx", "--", path], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", "--", path], check=False, capture_output=True)
