"""Which processes there are below one, and how much memory they hold (Linux, by way of /proc)."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


class OpenFile(NamedTuple):
    """A file, by device and inode, and the bytes that it takes on disk."""

    device: int
    inode: int
    size: int


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
