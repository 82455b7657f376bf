"""Which processes there are below one, and how much memory they hold (Linux, by way of /proc)."""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class OpenFile(NamedTuple):
    """A file, by device and inode, and the bytes that it takes on disk."""

    device: int
    inode: int
    size: int


def children() -> list[int]:
    """The ids of this process's children, of those that have ended as well."""
    try:
        return _listed_children(os.getpid())
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
            found = _listed_children(process)
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


def memory_of(process: int) -> int:
    """Bytes of memory that a process holds and no file backs; shared memory counts in each."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    kibibytes = 0
    for line in text.splitlines():
        if line.startswith(("RssAnon:", "RssShmem:")):
            kibibytes += int(line.split()[1])
    return kibibytes * 1024


def nameless_files_of(process: int) -> set[OpenFile]:
    """The files that a process holds open and that have no name any more: no folder counts them."""
    folder = f"/proc/{process}/fd"
    found: set[OpenFile] = set()
    try:
        descriptors = os.listdir(folder)
    except OSError:
        return found
    for descriptor in descriptors:
        try:
            status = os.stat(f"{folder}/{descriptor}")
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode) and status.st_nlink == 0:
            found.add(OpenFile(status.st_dev, status.st_ino, status.st_blocks * 512))
    return found


def _listed_children(process: int) -> list[int]:
    found: list[int] = []
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", "rb") as file:
            found += map(int, file.read().split())
    return found


def _parents() -> Iterator[tuple[int, int, bytes]]:
    """Every process, its parent and its state."""
    for process in _all_processes():
        fields = _fields_of(process)
        if fields:  # else it has ended meanwhile
            yield process, int(fields[1]), fields[0]


def _state_of(process: int) -> bytes:
    fields = _fields_of(process)
    return fields[0] if fields else b""


def _fields_of(process: int) -> list[bytes]:
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
