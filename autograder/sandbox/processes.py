"""List the processes below another, and inspect them (Linux, from /proc)."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

# Indices in the fields of /proc/<pid>/stat, from the state on.
_THREADS, _EXIT_CODE = 17, 49


class Living(NamedTuple):
    """A running process, as seen in the /proc folder of one of its threads.

    Attributes:
        pid: its id.
        folder: the thread's folder in /proc.
        uid: the effective user id.
        memory: bytes of the process without a file, including swapped-out ones; shared memory
            counts in each process.
        tables: those of them that are page tables. Reading memory that was only reserved takes
            nothing but these.
        threads: the number of its threads.
    """

    pid: int
    folder: str
    uid: int
    memory: int
    tables: int
    threads: int = 1


def children() -> list[int]:
    """Return the ids of this process's children, including those that have ended."""
    try:
        return listed_children(os.getpid())
    except OSError:  # not every kernel provides these lists
        return [child for child, parent, _ in _parents() if parent == os.getpid()]


def descendants(
    ancestor: int, spare: Iterable[int] = (), keep: Collection[int] = (), ended: bool = True
) -> set[int]:
    """Return the ids of all processes below one; empty without /proc.

    Args:
        ancestor: a process id.
        spare: processes to leave out, with everything below them.
        keep: processes to leave out, but not what is below them.
        ended: whether to include processes that have ended but were not reaped yet.
    """
    children_of: dict[int, list[int]] = {}
    for process, parent, state in _parents():
        if ended or state != b"Z":
            children_of.setdefault(parent, []).append(process)
    return _below(ancestor, lambda process: children_of.get(process, []), spare, keep)


def listed_descendants(
    ancestor: int, spare: Iterable[int] = (), keep: Collection[int] = (), ended: bool = True
) -> set[int]:
    """Return most of `descendants`, from the kernel's lists of each process's children.

    It reads only the processes below, not all of the machine. If some of them end meanwhile, others
    may be missing, so an empty result proves nothing.
    """

    def children_of(process: int) -> list[int]:
        try:
            found = listed_children(process)
        except OSError:
            return []
        return found if ended else [child for child in found if _state_of(child) != b"Z"]

    return _below(ancestor, children_of, spare, keep)


def _below(
    ancestor: int,
    children_of: Callable[[int], list[int]],
    spare: Iterable[int],
    keep: Collection[int],
) -> set[int]:
    spared = set(spare)
    found: set[int] = set()
    waiting = [ancestor]
    while waiting:
        for child in children_of(waiting.pop()):
            if child not in found and child not in spared:
                found.add(child)
                waiting.append(child)
    return found.difference(keep)


def look_at(process: int) -> Living | None:
    """Inspect a process; None if it has ended or is ending.

    The main thread of a process may end before the others. What those still hold appears only in
    their own folders.
    """
    folder = f"/proc/{process}"
    found = _as_shown_in(folder, process)
    if found is not None:
        return found
    try:
        threads = os.listdir(f"{folder}/task")
    except OSError:
        return None
    others = (_as_shown_in(f"{folder}/task/{thread}", process) for thread in threads)
    return next(filter(None, others), None)


def _as_shown_in(folder: str, process: int) -> Living | None:
    try:
        text = Path(f"{folder}/status").read_bytes()
    except OSError:
        return None
    uid, kibibytes, of_tables, threads, has_memory = 0, 0, 0, 1, False
    # A process chooses its own name, and Python splits lines at more characters than the kernel.
    for line in text.split(b"\n"):
        if line.startswith(b"Uid:"):
            uid = int(line.split()[2])
        elif line.startswith((b"RssAnon:", b"RssShmem:", b"VmSwap:")):
            kibibytes += int(line.split()[1])
            has_memory = True
        elif line.startswith(b"VmPTE:"):
            of_tables = int(line.split()[1])
        elif line.startswith(b"Threads:"):
            threads = int(line.split()[1])
    if not has_memory:
        return None
    memory, tables = (kibibytes + of_tables) * 1024, of_tables * 1024
    return Living(process, folder, uid, memory, tables, threads)


def listed_children(process: int) -> list[int]:
    """Return the ids of a process's children, of all its threads, including ended ones.

    Raises:
        OSError: it has ended, or this kernel does not provide such lists.
    """
    found: list[int] = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", "rb") as file:
            found += map(int, file.read().split())
    return found


def living_children(process: int, spare: Collection[int] = ()) -> list[int]:
    """Return the running children of a stopped process, except those in `spare`.

    A child that is listed but gone a moment later is included: while it ended, the kernel may have
    skipped another one.

    Raises:
        OSError: this kernel does not provide such lists.
    """
    try:
        others = [child for child in listed_children(process) if child not in spare]
        return [child for child in others if _state_of(child) != b"Z"]
    except (FileNotFoundError, ProcessLookupError):
        if os.path.exists(f"/proc/{process}"):
            raise
        return []  # it has ended, and its children were reparented


def parent_of(process: int) -> int:
    """Return the id of a process's parent; 0 if the process does not exist."""
    fields = _fields_of(process)
    return int(fields[1]) if fields else 0


def is_living_child(process: int, parent: int) -> bool:
    """Return whether a process is running as a child of `parent`."""
    fields = _fields_of(process)
    return bool(fields) and fields[0] != b"Z" and int(fields[1]) == parent


def is_stopped(process: int) -> bool:
    """Return whether all threads of a process are stopped by a signal."""
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except OSError:
        return False
    return all(_state_of(f"{process}/task/{thread}") == b"T" for thread in threads)


def switches_of(process: int) -> int:
    """Return the number of context switches of all threads of a process.

    The number stays the same while the process is stopped.

    Raises:
        OSError: the process does not exist.
    """
    count = 0
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/status", "rb") as file:
            for line in file:
                if b"ctxt_switches:" in line:
                    count += int(line.rpartition(b":")[2])
    return count


def threads_of(process: int) -> int:
    """Return the number of threads of a process; 0 if it does not exist."""
    fields = _fields_of(process)
    return int(fields[_THREADS]) if fields else 0


def tasks_of(uid: int) -> int:
    """Return the number of a user's processes and threads, as far as /proc shows them."""
    count = 0
    for process in _all_processes():
        try:
            if os.stat(f"/proc/{process}").st_uid == uid:
                count += threads_of(process)
        except OSError:
            continue  # it has ended
    return count


def exit_code_of(process: int) -> int | None:
    """Return how an unreaped process has ended; None if it has not ended.

    The kernel shows it to users who may inspect the process, and 0 to others.

    Returns:
        The exit code, or the negative number of the signal.
    """
    fields = _fields_of(process)
    if not fields or fields[0] != b"Z":
        return None
    return os.waitstatus_to_exitcode(int(fields[_EXIT_CODE]))


def _parents() -> Iterator[tuple[int, int, bytes]]:
    """Yield every process with its parent and its state."""
    for process in _all_processes():
        fields = _fields_of(process)
        if fields:  # otherwise it has ended meanwhile
            yield process, int(fields[1]), fields[0]


def _state_of(process: int | str) -> bytes:
    fields = _fields_of(process)
    return fields[0] if fields else b""


def _fields_of(process: int | str) -> list[bytes]:
    """Return the fields of /proc/<pid>/stat, from the state and the parent on."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            # The name, in parentheses, may contain anything.
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return []


def _all_processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
