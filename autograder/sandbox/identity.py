"""Give each of the workers that run at the same time its own user id.

If the grader is root, student code runs under an id that does not own any files and that only this
worker uses. Ids are leased: a bound socket in Linux's abstract namespace, which disappears with its
process, shows that an id is in use. If the interpreter lies in a folder that other users cannot
enter, such as a closed home folder, other ids could not run it; then workers keep the grader's id
without its capabilities, and Landlock has to confine them instead (policy.py).
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
    """An id that this process holds as long as the socket exists.

    Attributes:
        uid: the user id; the group id with the same number belongs to it.
        socket: the socket that marks the id as in use.
    """

    uid: int
    socket: socket.socket


def lease_uid() -> Lease | None:
    """Lease a free id; return None if all are in use."""
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
    """Return a random index into the ids, the same for all leases of this process.

    Containers cannot see each other's leases, and the kernel counts an id's processes over all
    containers: so each of them begins its search at another id.
    """
    return secrets.randbelow(LAST_UID + 1 - FIRST_UID)


def closed_place() -> str:
    """Return the first folder on the path to the interpreter or its packages closed to others."""
    places = {
        sys.prefix,
        sys.base_prefix,
        os.path.realpath(sys.executable),
        sysconfig.get_path("stdlib"),
        str(Path(__file__).parent),
    }
    numpy = importlib.util.find_spec("numpy")  # not imported: `use_one_thread` may come later
    if numpy is not None and numpy.origin is not None:
        places.add(str(Path(numpy.origin).parent))
    return next(filter(None, map(closed_on_the_way, sorted(places))), "")


def closed_on_the_way(place: str) -> str:
    """Return the first folder on the path to a place, or the place, closed to others; or ""."""
    path = Path(place).resolve()
    for folder in [*reversed(path.parents), path]:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return str(folder)
    return ""


def become(uid: int) -> None:
    """Give up root for an id permanently, and all supplementary groups."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def show_files_to_own_id() -> None:
    """Let processes of this id see which files this one holds open: the watch uses this id.

    The kernel hides the files of a process that has given up another id, until the process asks it
    not to. Student code does not share its id with other workers, and the system-call filter
    prevents it from asking to be hidden again.
    """
    prctl(PR_SET_DUMPABLE, 1)


def kill_all_of(uid: int) -> None:
    """Kill every process of a leased id, daemons included; they are reaped later.

    A child process takes on the id, because a process may signal all processes of its own id at
    once, so that no fork escapes, and because the grader is spared that way.
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
    """Remove the files that a leased id has left in the folders that all users may write to."""
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


def remove_while_in_use(path: str) -> None:
    """Remove a file or folder of a student without following links, even ones placed meanwhile.

    Raises:
        OSError: it is nested too deeply, or closed, or it changes while it is removed.
    """
    remove_at(path)


def remove_tree(path: str) -> None:
    """Remove a file or folder of a student without following links, however deep it is.

    Student code must not use it any more: `chmod` follows a link that replaces it.
    """
    try:
        remove_while_in_use(path)
    except OSError:
        if os.path.islink(path) or not os.path.isdir(path):
            raise
        # `rm` can handle folders without rights, and those that are thousands of levels deep.
        subprocess.run(["chmod", "-R", "u+rwx", "--", path], check=False, capture_output=True)
        subprocess.run(["rm", "-rf", "--", path], check=False, capture_output=True)
