"""Keep a judge and its worker on one core: they alternate and never compute at the same time.

Waking a process on another, sleeping core takes 50 µs on a virtual machine, and every request needs
two such wake-ups; on the same core they take 10. Cores are leased like user ids, by a bound socket
in Linux's abstract namespace, so that two judges do not share one while another is free.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

_CAP_SYS_NICE = 23


@dataclass
class Core:
    """A core leased by this process, among judges, while the socket is open.

    Attributes:
        number: the core's number.
        all: the cores that this process could use before.
        socket: the lease.
    """

    number: int
    all: frozenset[int]
    socket: socket.socket

    def hold(self, process: int) -> None:
        """Keep a process on the core, if the kernel allows it."""
        _allow(process, {self.number})

    def release(self, process: int) -> None:
        """Let a process run on any core."""
        _allow(process, self.all)

    def give_back(self) -> None:
        """End the lease; this process may use all cores again."""
        self.release(0)
        self.socket.close()


def lease_core() -> Core | None:
    """Lease the current core of this process, or a free one, and stay there.

    Returns:
        None if the machine has only one core, if all are leased, or if this process may not set
        the cores of other user ids and so could not release a worker with its own id.
    """
    if not hasattr(os, "sched_setaffinity") or not _may_move_others():
        return None
    cores = os.sched_getaffinity(0)
    if len(cores) < 2:
        return None
    present = _present_core()
    for number in sorted(cores, key=lambda number: (number != present, number)):
        lease = _lease(number)
        if lease is not None:
            core = Core(number, frozenset(cores), lease)
            core.hold(0)
            return core
    return None


def _lease(number: int) -> socket.socket | None:
    holder = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        holder.bind(f"\0autograder-core-{number}")
    except OSError:
        holder.close()
        return None
    return holder


def _allow(process: int, cores: set[int] | frozenset[int]) -> None:
    try:
        os.sched_setaffinity(process, cores)
    except OSError:
        pass  # it has ended, or the machine's cores have changed: only speed is lost


def _present_core() -> int:
    """Return the core that this process last ran on."""
    try:
        status = Path("/proc/self/stat").read_bytes()
        # The 37th field after the name is the core; the name may contain anything.
        return int(status.rpartition(b")")[2].split()[36])
    except (OSError, ValueError, IndexError):
        return -1


def _may_move_others() -> bool:
    """Return whether processes of other user ids may be moved, or do not exist."""
    if os.geteuid() != 0:
        return True
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        held = next(line for line in text.splitlines() if line.startswith("CapEff:"))
        return bool(int(held.split()[1], 16) >> _CAP_SYS_NICE & 1)
    except (OSError, ValueError, StopIteration):
        return False
