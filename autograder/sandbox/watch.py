"""Limit what all processes of a worker use together: memory, disk, processes and threads.

Kernel limits apply to single processes, and a worker may fork. So the judge measures the worker's
whole tree while it waits for an answer, and kills the worker if it exceeds a limit.
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
"""Interval between scans of all processes; in between, the kernel's lists of children suffice."""
MAPPED_INTERVAL = 1.0
"""Interval between checks of mapped files, which take milliseconds with PyTorch loaded."""
MAX_FILES = 5_000
MAX_PROCESSES = 64
MAX_LEVELS = 100
"""Maximum nesting of folders: each level takes a descriptor while they are counted."""
MAX_TASKS = 512
"""Maximum number of processes and threads: on a machine with 128 cores, two libraries can each have
a pool with a thread per core, and as many threads again may wait."""
FILE_BYTES = 64 * 2**20
"""Maximum size of one file; a limit of each process (confine.py)."""
# Kernel memory for a thread and for a memory area of a process, measured on Linux 6.18.
_THREAD_BYTES = 32 * 2**10
_PIECE_BYTES = 320
# For an inherited memory area, the kernel keeps a link to every ancestor of the process
# (anon_vma_chain). The number of ancestors is no longer visible.
_LINK_BYTES = 64
_TRIES = 3


class Hidden(Exception):
    """A worker has hidden something that must be counted; the text says what."""


class ResourceMonitor:
    """Limits what the processes of one worker, and its scratch folder, use together.

    Args:
        zygote: the zygote's process id; every process below it is the worker's, except `others`.
        others: returns other workers of the same zygote, which are left out with everything below.
        scratch: the folder that the worker may write to.
        memory_bytes: limit on memory, summed over processes.
        disk_bytes: limit on the sum of file sizes.
        check_others: called at each look, to check the limits of other workers.

    Attributes:
        paused: the ids of forks of the worker that are stopped until they are resumed.
    """

    def __init__(
        self,
        zygote: int,
        others: Callable[[], Collection[int]],
        scratch: str,
        memory_bytes: int,
        disk_bytes: int,
        check_others: Callable[[], None] = lambda: None,
    ) -> None:
        self._zygote, self._others, self._scratch = zygote, others, scratch
        self._memory_bytes, self._disk_bytes = memory_bytes, disk_bytes
        self._check_others = check_others
        now = time.monotonic()
        self._next = now + INTERVAL
        self._next_full = now + FULL_INTERVAL
        self._next_mapped = now + MAPPED_INTERVAL
        self._uid: int | None = None
        self._pieces = 0  # memory areas at the last check
        self._order = MemoryOrder()
        self.paused: set[int] = set()

    def begin(self, process: int) -> str:
        """Check on the worker, before it loads student code, whether its files can be counted.

        Only then does it count as an excess if they cannot be counted later.

        Returns:
            Why not; "" if they can.
        """
        living = look_at(process)
        if living is None:
            return "the worker is not visible in /proc"
        try:
            with eyes_of(living.uid):
                ensure_visible(living.folder)
        except OSError as error:
            return f"the files that a worker holds open cannot be seen ({error})"
        self._uid = living.uid
        return ""

    def eyes(self) -> AbstractContextManager[None]:
        """Return the context for inspecting the worker's processes: as their user id, if known."""
        return nullcontext() if self._uid is None else eyes_of(self._uid)

    def excess(self) -> str:
        """Return the exceeded limit in words, or ""; it measures at most every `INTERVAL`."""
        now = time.monotonic()
        if now < self._next:
            return ""
        self._check_others()
        processes: set[int] = set()
        if now < self._next_full:
            processes = listed_descendants(self._zygote, self._others())
        if not processes:  # a scan is due, or this kernel does not provide such lists
            processes = descendants(self._zygote, self._others())
            self._next_full = now + FULL_INTERVAL
        living = list(filter(None, map(look_at, processes)))
        tasks = len(processes) - len(living) + sum(one.threads for one in living)
        if tasks > MAX_TASKS:  # first, because inspecting so many takes long
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
        """Return all memory of the processes, and the kernel memory for them.

        Shared memory is counted in each of them unless the sum exceeds the limit, because finding
        out how they share it takes milliseconds.
        """
        memory = sum(one.memory for one in living) + of_kernel
        if memory <= self._memory_bytes:
            return memory
        with self.eyes():
            return sum(map(share_of, living)) + of_kernel

    def _held(self, living: Iterable[Living]) -> tuple[Held, int]:
        """Return what is open, and the number of unnamed files that are only mapped.

        Processes with other ids are not the worker's: the zygote starts some that clean up. Mapped
        files are checked at most every `MAPPED_INTERVAL`. Their sizes are not visible; the caller
        counts each with the maximum size.

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
        """Return files that the zygote itself has mapped, of a library replaced meanwhile."""
        try:
            return mapped_by(f"/proc/{self._zygote}").files
        except OSError:
            return set()


def _held_by(living: Living, with_mapped: bool) -> tuple[Held, Mapped]:
    """Return what a process has open and, if requested, what it has mapped.

    Raises:
        Hidden: it is still running, but its files cannot be seen.
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
            one = look_at(living.pid)  # the process or the inspected thread may have ended
    raise Hidden("the files that it holds open")


def _disk_use(folder: str) -> tuple[int, int]:
    """Return bytes and number of the files below a folder; stop counting at `MAX_FILES`.

    Raises:
        Hidden: a folder may not be read or is nested too deeply.
    """
    use = _DiskUse()
    use.add_folder(folder)
    return use.size, use.files


class _DiskUse:
    """The bytes and the number of the files counted so far."""

    def __init__(self) -> None:
        self.size = self.files = 0

    def add_folder(self, name: str, within: int | None = None, levels: int = MAX_LEVELS) -> None:
        """Count the content of a folder; anything student code puts in its place is not entered.

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
            return  # it is gone, or something else has replaced it

    def _add(self, entry: os.DirEntry[str], within: int, levels: int) -> None:
        self.files += 1
        if entry.is_dir(follow_symlinks=False):
            self.add_folder(entry.name, within, levels - 1)
            return
        try:
            self.size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            return
