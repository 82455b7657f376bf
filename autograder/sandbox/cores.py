"""Keep a judge and its worker on one core: they talk in turns and are never at work together.

Waking a process on another core that sleeps takes 50 µs on a virtual machine, and every request
needs two such wake-ups; on the same core they take 10. Cores are leased like user ids, by a bound
socket in Linux's abstract namespace, so that two judges do not share one while another is free.
"""

import os
import socket
from dataclasses import dataclass
from pathlib import Path

LEASE_NAME = "\0autograder-core-"
"""Of the abstract socket that leases a core; its number follows."""
_CAP_SYS_NICE = 23


@dataclass
class Core:
    """A core that is this process's, among judges, as long as the socket lives.

    Attributes:
        number: of the core.
        all: the cores that this process could use before.
        socket: the lease.
    """

    number: int
    all: frozenset[int]
    socket: socket.socket

    def hold(self, process: int) -> None:
        """Keep a process on the core; where the kernel does not allow it, it stays free."""
        _allow(process, {self.number})

    def release(self, process: int) -> None:
        """Let a process run wherever there is room."""
        _allow(process, self.all)

    def give_back(self) -> None:
        """End the lease; this process may use all cores again."""
        self.release(0)
        self.socket.close()


def lease_core() -> Core | None:
    """Lease the core that this process is on, or a free one, and stay there.

    Returns:
        None where there is but one core, or all are leased, or where a worker could not be let go
        again because it has a user id of its own and this process may not set other ids' cores.
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
        holder.bind(f"{LEASE_NAME}{number}")
    except OSError:
        holder.close()
        return None
    return holder


def _allow(process: int, cores: set[int] | frozenset[int]) -> None:
    try:
        os.sched_setaffinity(process, cores)
    except OSError:
        pass  # it has ended, or the machine's cores have changed: speed is all that is lost


def _present_core() -> int:
    """The core that this process was last on."""
    try:
        status = Path("/proc/self/stat").read_bytes()
        # Fields after the name, which may hold anything: the 37th of these is the core.
        return int(status.rpartition(b")")[2].split()[36])
    except (OSError, ValueError, IndexError):
        return -1


def _may_move_others() -> bool:
    """Whether processes of other user ids may be moved, or need not be because there are none."""
    if os.geteuid() != 0:
        return True
    try:
        text = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        held = next(line for line in text.splitlines() if line.startswith("CapEff:"))
        return bool(int(held.split()[1], 16) >> _CAP_SYS_NICE & 1)
    except (OSError, ValueError, StopIteration):
        return False
