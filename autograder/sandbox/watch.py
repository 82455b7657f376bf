"""Bound what all processes of a worker use together: memory, disk and their number.

Limits of the kernel count for one process each, and a worker may fork. So the judge looks, while it
waits for an answer, at what the worker's whole tree uses, and the worker dies when it is too much.
"""

import os
import time
from collections.abc import Callable, Collection

from autograder.sandbox.processes import (
    descendants,
    listed_descendants,
    memory_of,
    nameless_files_of,
)

INTERVAL = 0.1
# A look at every process of the machine is dear: in between, the kernel's lists of children do.
FULL_INTERVAL = 1.0
MAX_FILES = 5_000
MAX_PROCESSES = 64


class Watch:
    """What the processes below one zygote, and one scratch folder, may use together.

    Args:
        zygote: its process id; every process below it is the worker's, but
        others: other workers of the same zygote, with everything below them.
        scratch: the folder that the worker may write to.
        memory_bytes: cap on memory, summed over processes.
        disk_bytes: cap on the sum of file sizes.
    """

    def __init__(
        self,
        zygote: int,
        others: Callable[[], Collection[int]],
        scratch: str,
        memory_bytes: int,
        disk_bytes: int,
    ) -> None:
        self._zygote, self._others, self._scratch = zygote, others, scratch
        self._memory_bytes, self._disk_bytes = memory_bytes, disk_bytes
        self._next = self._next_full = time.monotonic() + INTERVAL

    def excess(self) -> str:
        """Which limit is exceeded, in words; "" where none is. Looks at most every `INTERVAL`."""
        now = time.monotonic()
        if now < self._next:
            return ""
        if now < self._next_full:
            processes = listed_descendants(self._zygote, self._others())
        else:
            processes = descendants(self._zygote, self._others())
            self._next_full = now + FULL_INTERVAL
        memory = sum(map(memory_of, processes))
        size, files = _disk_use(self._scratch)
        nameless = {file for process in processes for file in nameless_files_of(process)}
        size += sum(file.size for file in nameless)
        files += len(nameless)
        self._next = time.monotonic() + INTERVAL
        if memory > self._memory_bytes:
            return f"{self._memory_bytes / 2**30:g} GiB of memory"
        if len(processes) > MAX_PROCESSES:
            return f"{MAX_PROCESSES} processes"
        if size > self._disk_bytes:
            return f"{self._disk_bytes / 2**20:g} MiB of disk"
        if files > MAX_FILES:
            return f"{MAX_FILES:,} files"
        return ""


def _disk_use(folder: str) -> tuple[int, int]:
    """Bytes and number of the files below a folder; stops counting at `MAX_FILES`."""
    size = files = 0
    waiting = [folder]
    while waiting and files <= MAX_FILES:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            files += 1
            try:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
            except OSError:
                continue
    return size, files
