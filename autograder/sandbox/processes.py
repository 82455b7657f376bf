"""Which processes there are below one, and how much memory they hold (Linux, by way of /proc)."""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class Living(NamedTuple):
    """A process that has not ended, as one of its threads shows it.

    Attributes:
        process: its id.
        folder: the thread's folder in /proc.
        uid: the effective user id.
        memory: bytes that the process holds and no file backs; shared memory counts in each.
    """

    process: int
    folder: str
    uid: int
    memory: int


def children() -> list[int]:
    """The ids of this process's children, of those that have ended as well."""
    found: list[int] = []
    try:
        for thread in os.listdir("/proc/self/task"):
            text = Path(f"/proc/self/task/{thread}/children").read_text(encoding="ascii")
            found += map(int, text.split())
    except OSError:  # not every kernel keeps these lists
        return [child for child, parent, _ in _parents() if parent == os.getpid()]
    return found


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
    spared = set(spare)
    found: set[int] = set()
    waiting = [ancestor]
    while waiting:
        for child in children_of.get(waiting.pop(), ()):
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
        text = Path(f"{folder}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    uid, kibibytes, has_memory = 0, 0, False
    for line in text.splitlines():
        if line.startswith("Uid:"):
            uid = int(line.split()[2])
        elif line.startswith(("RssAnon:", "RssShmem:")):
            kibibytes += int(line.split()[1])
            has_memory = True
    return Living(process, folder, uid, kibibytes * 1024) if has_memory else None


def _parents() -> Iterator[tuple[int, int, bytes]]:
    """Every process, its parent and its state."""
    for process in _all_processes():
        try:
            with open(f"/proc/{process}/stat", "rb") as file:
                status = file.read()
        except OSError:
            continue  # it has ended meanwhile
        # The name, in parentheses, may hold anything; state and parent are the fields after it.
        state, parent = status.rpartition(b")")[2].split()[:2]
        yield process, int(parent), state


def _all_processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []
