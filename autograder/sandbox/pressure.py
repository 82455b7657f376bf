"""Make the OOM killer end the largest worker first when the machine's memory runs out.

The kernel kills the process with the most points: its memory plus a share of all memory given by
its `oom_score_adj`, in thousandths. It compares processes, so many small ones of one worker would
outlive a larger, honest process of another. While memory is short, each process of a worker
therefore gets the memory of the rest of its worker as its share, so that all of them have the
points of the whole worker.
"""

from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.sandbox.memory import share_of
from autograder.sandbox.processes import Living

FIRST = 500
"""The initial value of every worker: it is killed before any process that uses less than half of
all memory. The range up to 1000 orders workers among themselves."""
_MOST = 1000
_SHORT = 0.25  # of all memory is available
STEP = 5  # thousandths; smaller changes are not written
_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


class MemoryOrder:
    """The rank of one worker among the processes that the kernel may kill."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}

    def update(
        self, living: Collection[Living], eyes: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """If memory is short, give every process of a worker the points of all of them.

        Args:
            living: the worker's processes.
            eyes: context in which they may be inspected.
        """
        total, available = memory_of_machine()
        if available > _SHORT * total:
            return
        with eyes():
            memory = {one.pid: share_of(one) for one in living}
        for one in living:
            others = sum(memory.values()) - memory[one.pid]
            score = min(_MOST, FIRST + _MOST * others // total)
            if abs(score - self._given.get(one.pid, FIRST)) >= STEP and _give(one, score):
                self._given[one.pid] = score
        self._given = {process: self._given[process] for process in self._given.keys() & memory}


def memory_of_machine(cgroups: Iterable[tuple[str, str]] = _CGROUPS) -> tuple[int, int]:
    """Return total and available memory, including swap; of this container if it has less.

    Args:
        cgroups: files of a container's limit and use of memory; those that are missing are skipped.

    Returns:
        Two numbers of bytes; the first is never 0.
    """
    total, available = _of_kernel()
    for of_limit, of_use in cgroups:
        try:
            limit, use = int(Path(of_limit).read_bytes()), int(Path(of_use).read_bytes())
        except (OSError, ValueError):  # the file is missing, or its value is "max"
            continue
        if 0 < limit < total:
            total, available = limit, min(available, limit - use)
    return total, available


def _of_kernel() -> tuple[int, int]:
    fields = {}
    try:
        with open("/proc/meminfo", "rb") as file:
            for line in file:
                name, _, value = line.partition(b":")
                fields[name] = int(value.split()[0]) * 1024
    except OSError:
        pass
    total = fields.get(b"MemTotal", 0) + fields.get(b"SwapTotal", 0)
    available = fields.get(b"MemAvailable", total) + fields.get(b"SwapFree", 0)
    return max(total, 1), available


def _give(living: Living, score: int) -> bool:
    try:
        with open(f"/proc/{living.pid}/oom_score_adj", "wb", buffering=0) as file:
            file.write(b"%d" % score)
    except OSError:  # it has ended, or may not get less than its initial value
        return False
    return True
