"""Bound what all processes of a worker use together: memory, disk, their number and their threads.

Limits of the kernel count for one process each, and a worker may fork. So the judge looks, while it
waits for an answer, at what the worker's whole tree uses, and the worker dies when it is too much.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext

from autograder.sandbox.memory import share_of
from autograder.sandbox.opening import opened_folder
from autograder.sandbox.pressure import MemoryOrder
from autograder.sandbox.processes import Living, descendants, listed_descendants, look_at
from autograder.sandbox.unlinked_files import (
    Held,
    Mapped,
    ensure_visible,
    eyes_of,
    held_by,
    mapped_by,
)

INTERVAL = 0.1
FULL_INTERVAL = 1.0
"""Of a look at every process of the machine: in between, the kernel's lists of children do."""
MAPPED_INTERVAL = 1.0
"""Of a look at mapped files: where PyTorch is loaded, it takes milliseconds."""
MAX_FILES = 5_000
MAX_PROCESSES = 64
MAX_LEVELS = 100
"""How deep folders may lie in each other: each takes a descriptor while they are counted."""
MAX_TASKS = 512
"""Processes and their threads: a machine of 128 cores has room for a pool of threads for each of
them, of two libraries, and for as many again that wait."""
FILE_BYTES = 64 * 2**20
"""The most that one file may hold; a limit of each process (confine.py)."""
# What the kernel keeps for a thread, and for a piece of a process's memory, measured on Linux 6.18.
_THREAD_BYTES = 32 * 2**10
_PIECE_BYTES = 320
# Of a piece that was inherited, the kernel keeps how it was handed down, in a link to every
# ancestor of the process (anon_vma_chain). How many of them it had is not seen any more.
_LINK_BYTES = 64
_TRIES = 3


class Hidden(Exception):
    """A worker has put something where it cannot be counted; the text says what."""


class ResourceMonitor:
    """What the processes below one zygote, and one scratch folder, may use together.

    Args:
        zygote: its process id; every process below it is the worker's, but
        others: gives other workers of the same zygote, which count with nothing below them either.
        scratch: the folder that the worker may write to.
        memory_bytes: cap on memory, summed over processes.
        disk_bytes: cap on the sum of file sizes.
        beside: called at each look, to look after what is not this worker's.

    Attributes:
        paused: the ids of branches of the worker that are stopped until it is their turn.
    """

    def __init__(
        self,
        zygote: int,
        others: Callable[[], Collection[int]],
        scratch: str,
        memory_bytes: int,
        disk_bytes: int,
        beside: Callable[[], None] = lambda: None,
    ) -> None:
        self._zygote, self._others, self._scratch = zygote, others, scratch
        self._memory_bytes, self._disk_bytes = memory_bytes, disk_bytes
        self._beside = beside
        now = time.monotonic()
        self._next = now + INTERVAL
        self._next_full = now + FULL_INTERVAL
        self._next_mapped = now + MAPPED_INTERVAL
        self._uid: int | None = None
        self._pieces = 0  # of memory, at the last look at them
        self._order = MemoryOrder()
        self.paused: set[int] = set()

    def begin(self, process: int) -> str:
        """Try on the worker, before student code is there, whether its files can be counted.

        Only where they can is it an excess later when they cannot.

        Returns:
            Why not; "" where they can.
        """
        living = look_at(process)
        if living is None:
            return "the worker does not stand in /proc"
        try:
            with eyes_of(living.uid):
                ensure_visible(living.folder)
        except OSError as error:
            return f"the files that a worker holds open cannot be seen ({error})"
        self._uid = living.uid
        return ""

    def eyes(self) -> AbstractContextManager[None]:
        """For a look into the worker's processes: as their user id, where that is known."""
        return nullcontext() if self._uid is None else eyes_of(self._uid)

    def excess(self) -> str:
        """Which limit is exceeded, in words; "" where none is. Looks at most every `INTERVAL`."""
        now = time.monotonic()
        if now < self._next:
            return ""
        self._beside()
        processes: set[int] = set()
        if now < self._next_full:
            processes = listed_descendants(self._zygote, self._others())
        if not processes:  # it is time, or this kernel keeps no such lists
            processes = descendants(self._zygote, self._others())
            self._next_full = now + FULL_INTERVAL
        living = list(filter(None, map(look_at, processes)))
        tasks = len(processes) - len(living) + sum(one.threads for one in living)
        if tasks > MAX_TASKS:  # first, as to look at so many takes long
            return f"{MAX_TASKS} processes and threads"
        try:
            size, files = _disk_use(self._scratch)
            held, mapped = self._held(living)
        except Hidden as hidden:
            return f"can be counted, because it hides {hidden}"
        size += sum(file.size for file in held.files) + FILE_BYTES * mapped
        files += len(held.files) + mapped
        self._next = time.monotonic() + INTERVAL
        of_kernel = sum(buffer.size for buffer in held.buffers)
        of_kernel += tasks * _THREAD_BYTES
        of_kernel += self._pieces * (_PIECE_BYTES + _LINK_BYTES * len(living))
        if self._memory_of(living, of_kernel) > self._memory_bytes:
            return f"{self._memory_bytes / 2**30:g} GiB of memory"
        if len(processes - self.paused) > MAX_PROCESSES:
            return f"{MAX_PROCESSES} processes"
        if size > self._disk_bytes:
            return f"{self._disk_bytes / 2**20:g} MiB of disk"
        if files > MAX_FILES:
            return f"{MAX_FILES:,} files"
        self._order.update(living, self.eyes)
        return ""

    def _memory_of(self, living: Collection[Living], of_kernel: int) -> int:
        """All memory that they hold, and what the kernel keeps for them.

        What they share counts in each of them as long as that is not too much. How they share it
        takes milliseconds to find out.
        """
        memory = sum(one.memory for one in living) + of_kernel
        if memory <= self._memory_bytes:
            return memory
        with self.eyes():
            return sum(map(share_of, living)) + of_kernel

    def _held(self, living: Iterable[Living]) -> tuple[Held, int]:
        """What is open, and the number of nameless files that are only mapped.

        Processes of other ids are not the worker's: the zygote starts some that clean up. Looks for
        mapped files at most every `MAPPED_INTERVAL`. How large one of them is cannot be seen; the
        caller counts it as the largest.

        Raises:
            Hidden: a process of the worker does not show its files, or shares memory that cannot
                be counted.
        """
        held = Held(set(), set())
        if self._uid is None:
            return held, 0
        mapped: set[int] = set()
        pieces = 0
        with_mapped = time.monotonic() >= self._next_mapped
        with self.eyes():
            for one in living:
                if one.uid != self._uid:
                    continue
                its_held, its_mapped = _held_by(one, with_mapped)
                held.files.update(its_held.files)
                held.buffers.update(its_held.buffers)
                mapped |= its_mapped.files
                pieces += its_mapped.pieces
                if its_mapped.shares_zeros:
                    raise Hidden("memory that it shares with itself")
        if with_mapped:
            self._pieces = pieces
            self._next_mapped = time.monotonic() + MAPPED_INTERVAL
        mapped -= {file.inode for file in held.files}
        return held, len(mapped - self._replaced_library()) if mapped else 0

    def _replaced_library(self) -> set[int]:
        """Files that the zygote has mapped itself, of a library that was replaced meanwhile."""
        try:
            return mapped_by(f"/proc/{self._zygote}").files
        except OSError:
            return set()


def _held_by(living: Living, with_mapped: bool) -> tuple[Held, Mapped]:
    """What a process has open, and, if wanted, what it has mapped.

    Raises:
        Hidden: it goes on, and its files cannot be seen.
    """
    nothing = Mapped(set(), 0, False)
    one: Living | None = living
    for _ in range(_TRIES):
        if one is None:
            return Held(set(), set()), nothing
        try:
            opened = held_by(one.folder)
            return opened, mapped_by(one.folder) if with_mapped else nothing
        except OSError:
            one = look_at(living.process)  # it may have ended, or the thread that was looked at
    raise Hidden("the files that it holds open")


def _disk_use(folder: str) -> tuple[int, int]:
    """Bytes and number of the files below a folder; stops counting at `MAX_FILES`.

    Raises:
        Hidden: a folder may not be looked into, or lies too deep.
    """
    use = _DiskUse()
    use.add_folder(folder)
    return use.size, use.files


class _DiskUse:
    """Bytes and number of the files that have been counted."""

    def __init__(self) -> None:
        self.size = self.files = 0

    def add_folder(self, name: str, within: int | None = None, levels: int = MAX_LEVELS) -> None:
        """Count what lies in a folder; what student code puts in its place is not entered.

        Raises:
            Hidden: as `_disk_use`.
        """
        if not levels:
            raise Hidden("files in folders that lie too deep in each other")
        try:
            with opened_folder(name, within) as descriptor, os.scandir(descriptor) as entries:
                for entry in entries:
                    if self.files > MAX_FILES:
                        return
                    self._add(entry, descriptor, levels)
        except PermissionError:
            raise Hidden("files in a closed folder") from None
        except OSError:
            return  # it is gone, or something else has taken its place

    def _add(self, entry: os.DirEntry[str], within: int, levels: int) -> None:
        self.files += 1
        if entry.is_dir(follow_symlinks=False):
            self.add_folder(entry.name, within, levels - 1)
            return
        try:
            self.size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            return
