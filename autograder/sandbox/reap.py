"""End a process with everything that it has started, daemons included (Linux).

A process that makes itself a subreaper inherits the orphans among its descendants, so a daemon
that has left its session and lost its parent is still found. All of them are stopped before the
first is killed: none can fork while the others die.
"""

import ctypes
import os
import select
import signal
import time
from collections.abc import Collection, Iterable
from functools import partial

from autograder.sandbox.processes import children, descendants, listed_descendants

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_MAX_ROUNDS = 50
_LONGEST_END_SECONDS = 1.0


def become_subreaper() -> bool:
    """Inherit the orphans among this process's descendants; False where that cannot be had."""
    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends.

    Args:
        parent: the id of the process that has forked this one.
    """
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except AttributeError:
        return
    if os.getppid() != parent:  # it has ended already
        os.kill(os.getpid(), signal.SIGKILL)


def has_children(spare: Collection[int] = ()) -> bool:
    """Whether this process has a child that runs; those that have ended are reaped.

    Args:
        spare: children that do not count and are not reaped.
    """
    while True:
        others = [child for child in children() if child not in spare]
        if any(map(_runs, others)):
            return True
        if not others:
            return False
        # All have ended by now, and their own children have become ours since the list was read.


def _runs(child: int) -> bool:
    """Whether a child of this process runs; it is reaped if not."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False


def kill_descendants(spare: Iterable[int] = (), keep: Collection[int] = ()) -> None:
    """Kill and reap every descendant of this process.

    Args:
        spare: children that stay, with all their own descendants.
        keep: children that stay, without their own descendants, which are theirs to reap. They are
            stopped meanwhile, or they could start new ones faster than these are found.
    """
    known = (os.getpid(), list(spare), keep, not keep)
    find, search = partial(listed_descendants, *known), partial(descendants, *known)
    try:
        for _ in range(_MAX_ROUNDS):
            _signal(keep, signal.SIGSTOP)
            found = find() or search()  # a look at every process of the machine is slow
            if not found:
                return
            stopped: set[int] = set()
            while found - stopped:
                _signal(found - stopped, signal.SIGSTOP)
                _signal(keep, signal.SIGSTOP)  # again: who is not stopped yet may have continued it
                stopped |= found
                found = find()
            _signal(stopped, signal.SIGKILL)
            _reap(stopped)
    finally:
        _signal(keep, signal.SIGCONT)


def _signal(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


def _reap(processes: set[int]) -> None:
    # Orphans become our children as their parents die, so not all are ours to wait for at once,
    # and children of a process that is kept never are.
    until = time.monotonic() + _LONGEST_END_SECONDS
    for process in processes:
        try:
            os.waitpid(process, 0)
        except ChildProcessError:
            _wait_for_end(process, until)


def _wait_for_end(process: int, until: float) -> None:
    """Wait until a process that is no child of this one has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except (AttributeError, OSError):  # it is gone; or there is no such call, and we look again
        return
    try:
        end = select.poll()
        end.register(descriptor, select.POLLIN)
        end.poll(max(0.0, until - time.monotonic()) * 1000)
    finally:
        os.close(descriptor)
