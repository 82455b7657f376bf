"""Which processes there are below one, and how they are (Linux, by way of /proc)."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

# Among what /proc says of a process, from its state on.
_THREADS, _EXIT_CODE = 17, 49


class Living(NamedTuple):
    """A process that has not ended, as one of its threads shows it.

    Attributes:
        process: its id.
        folder: the thread's folder in /proc.
        uid: the effective user id.
        memory: bytes that the process holds and no file backs, those that were swapped out
            included; shared memory counts in each.
        tables: those of them by which the kernel finds its memory. To look into memory that was
            only reserved takes none but these.
        threads: how many it has.
    """

    process: int
    folder: str
    uid: int
    memory: int
    tables: int
    threads: int = 1


def children() -> list[int]:
    """The ids of this process's children, of those that have ended as well."""
    try:
        return listed_children(os.getpid())
    except OSError:  # not every kernel keeps these lists
        return [child for child, parent, _ in _parents() if parent == os.getpid()]


def descendants(
    ancestor: int, spare: Iterable[int] = (), keep: Collection[int] = (), ended: bool = True
) -> set[int]:
    """The ids of all processes below one; empty where there is no /proc.

    Args:
        ancestor: a process id.
        spare: processes that are left out, with everything below them.
        keep: processes that are left out, and not what is below them.
        ended: whether those count that have ended and wait for their parents to notice.
    """
    children_of: dict[int, list[int]] = {}
    for process, parent, state in _parents():
        if ended or state != b"Z":
            children_of.setdefault(parent, []).append(process)
    return _below(ancestor, lambda process: children_of.get(process, []), spare, keep)


def listed_descendants(
    ancestor: int, spare: Iterable[int] = (), keep: Collection[int] = (), ended: bool = True
) -> set[int]:
    """Most of `descendants`, from the lists that the kernel keeps of each process's children.

    Only the processes below are looked at, not all of this machine. Where some of them end
    meanwhile, others may be missing, so it is never enough to find none.
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
    """Look at a process; None where it has ended, or is about to.

    The thread that a process began with may end before the others. What they still hold stands in
    their own folders only.
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
    # A process names itself, and Python ends lines at more than the one byte that the kernel minds.
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
    """The ids of a process's children, of all its threads, those that have ended included.

    Raises:
        OSError: it has ended, or this kernel keeps no such lists.
    """
    found: list[int] = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", "rb") as file:
            found += map(int, file.read().split())
    return found


def living_children(process: int, spare: Collection[int] = ()) -> list[int]:
    """Those of a stopped process's children that have not ended, but some.

    One that is in the list and gone a moment later counts as well: while it went, the kernel may
    have passed over another one.

    Raises:
        OSError: this kernel keeps no such lists.
    """
    try:
        others = [child for child in listed_children(process) if child not in spare]
        return [child for child in others if _state_of(child) != b"Z"]
    except (FileNotFoundError, ProcessLookupError):
        if os.path.exists(f"/proc/{process}"):
            raise
        return []  # it has ended, and what was its own is not any more


def parent_of(process: int) -> int:
    """The id of a process's parent; 0 where there is no such process."""
    fields = _fields_of(process)
    return int(fields[1]) if fields else 0


def is_living_child(process: int, parent: int) -> bool:
    """Whether a process has not ended, and a certain one is its parent."""
    fields = _fields_of(process)
    return bool(fields) and fields[0] != b"Z" and int(fields[1]) == parent


def is_stopped(process: int) -> bool:
    """Whether all threads of a process have been stopped by a signal and have not gone on."""
    try:
        threads = os.listdir(f"/proc/{process}/task")
    except OSError:
        return False
    return all(_state_of(f"{process}/task/{thread}") == b"T" for thread in threads)


def switches_of(process: int) -> int:
    """How often a core was given to, and taken from, the threads of a process, all together.

    The number of a process that has been stopped stays the same until it goes on.

    Raises:
        OSError: there is no such process.
    """
    count = 0
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/status", "rb") as file:
            for line in file:
                if b"ctxt_switches:" in line:
                    count += int(line.rpartition(b":")[2])
    return count


def threads_of(process: int) -> int:
    """How many threads a process has; 0 where there is none."""
    fields = _fields_of(process)
    return int(fields[_THREADS]) if fields else 0


def tasks_of(uid: int) -> int:
    """How many processes and threads a user has, as far as /proc shows them."""
    count = 0
    for process in _all_processes():
        try:
            if os.stat(f"/proc/{process}").st_uid == uid:
                count += threads_of(process)
        except OSError:
            continue  # it has ended
    return count


def exit_code_of(process: int) -> int | None:
    """How a process has ended that its parent has not reaped yet; None where it has not ended.

    The kernel tells it to who may look into the process, and 0 to everybody else.

    Returns:
        The exit code, or its signal with a minus.
    """
    fields = _fields_of(process)
    if not fields or fields[0] != b"Z":
        return None
    return os.waitstatus_to_exitcode(int(fields[_EXIT_CODE]))


def _parents() -> Iterator[tuple[int, int, bytes]]:
    """Every process, its parent and its state."""
    for process in _all_processes():
        fields = _fields_of(process)
        if fields:  # else it has ended meanwhile
            yield process, int(fields[1]), fields[0]


def _state_of(process: int | str) -> bytes:
    fields = _fields_of(process)
    return fields[0] if fields else b""


def _fields_of(process: int | str) -> list[bytes]:
    """What /proc says of a process, from its state and its parent on."""
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            # The name, in parentheses, may hold anything.
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return []


def _all_processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
