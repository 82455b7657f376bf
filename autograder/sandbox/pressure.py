"""Have the kernel end the largest worker first where the machine's memory runs out.

The kernel then ends the process with the most points: the memory that it holds, and a share of all
memory that its `oom_score_adj` names, in thousandths. So it compares processes, and many small ones
of one worker would outlive a larger, honest process of another. While memory is short, each process
of a worker is therefore given what the rest of its worker holds as its share: then all of them have
the points of the whole worker.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path

from autograder.sandbox.memory import share_of
from autograder.sandbox.processes import Living

FIRST = 500
"""What every worker starts with: it goes before everything on the machine that holds less than half
of all memory. What is left up to 1000 orders workers among themselves."""
_MOST = 1000
_SHORT = 0.25  # of all memory is available
_STEP = 5  # thousandths; smaller changes are not written down
_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


class MemoryOrder:
    """The place of one worker among all that the kernel may end."""

    def __init__(self) -> None:
        self._given: dict[int, int] = {}

    def update(
        self, living: Collection[Living], eyes: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """Where memory is short, give every process of a worker the points of all of them.

        Args:
            living: the worker's processes.
            eyes: to look into them.
        """
        total, available = memory_of_machine()
        if available > _SHORT * total:
            return
        with eyes():
            memory = {one.process: share_of(one) for one in living}
        for one in living:
            others = sum(memory.values()) - memory[one.process]
            score = min(_MOST, FIRST + _MOST * others // total)
            if abs(score - self._given.get(one.process, FIRST)) >= _STEP and _give(one, score):
                self._given[one.process] = score
        self._given = {process: self._given[process] for process in self._given.keys() & memory}


def memory_of_machine() -> tuple[int, int]:
    """All memory, swap included, and what is available of it; of this container where it has less.

    Returns:
        Two numbers of bytes; the first is never 0.
    """
    total, available = _of_kernel()
    for of_limit, of_use in _CGROUPS:
        try:
            limit, use = int(Path(of_limit).read_bytes()), int(Path(of_use).read_bytes())
        except (OSError, ValueError):  # there is none, or it is "max"
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
        with open(f"/proc/{living.process}/oom_score_adj", "wb", buffering=0) as file:
            file.write(b"%d" % score)
    except OSError:  # it has ended, or may not be given less than it began with
        return False
    return True
