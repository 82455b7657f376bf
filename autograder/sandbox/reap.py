"""End a process and everything that it has started, daemons included (Linux).

A process that makes itself a subreaper becomes the parent of the orphans among its descendants, so
a daemon that has left its session and lost its parent is still found. All descendants are stopped
before the first is killed, so that they cannot fork while others die.
"""

import os
import select
import signal
import time
from collections.abc import Collection, Iterable

from autograder.sandbox.libc import PR_SET_CHILD_SUBREAPER, PR_SET_PDEATHSIG, prctl
from autograder.sandbox.processes import (
    children,
    descendants,
    is_living_child,
    listed_children,
    listed_descendants,
    living_children,
)

_MAX_ROUNDS = 50
_LONGEST_END_SECONDS = 1.0
_STOPPING_SECONDS = 0.00005


def become_subreaper() -> bool:
    """Adopt the orphans among this process's descendants; return False if that is not possible."""
    return prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with(parent: int) -> None:
    """Let the kernel kill this process when its parent ends, in whatever way.

    Args:
        parent: the id of the process that forked this one.
    """
    if prctl(PR_SET_PDEATHSIG, signal.SIGKILL) and os.getppid() != parent:  # it has ended already
        os.kill(os.getpid(), signal.SIGKILL)


def has_children(spare: Collection[int] = ()) -> bool:
    """Return whether this process has a running child; children that have ended are reaped.

    Args:
        spare: children that do not count, and are not reaped.
    """
    while True:
        others = [child for child in children() if child not in spare]
        if any(map(_runs, others)):
            return True
        if not others:
            return False
        # All have ended by now; their children have become ours since the list was read.


def _runs(child: int) -> bool:
    """Return whether a child of this process is running; reap it if not."""
    try:
        return os.waitpid(child, os.WNOHANG)[0] == 0
    except ChildProcessError:
        return False


def kill_descendants(spare: Iterable[int] = (), keep: Collection[int] = ()) -> None:
    """Kill and reap every descendant of this process.

    Args:
        spare: processes that are kept, with all their descendants.
        keep: children that are kept, but not their descendants, which they have to reap. They are
            stopped meanwhile, or they could start processes faster than these are found.
    """
    spared = frozenset(spare)
    try:
        for _ in range(_MAX_ROUNDS):
            found = _found_while_stopped(spared, keep)
            if not found:
                return
            stopped: set[int] = set()
            while found - stopped:
                _signal(found - stopped, signal.SIGSTOP)
                stopped |= found
                # Before they were stopped, they may have continued the processes that are kept.
                found = _found_while_stopped(spared, keep)
            _signal(stopped, signal.SIGKILL)
            _reap(stopped)
    finally:
        _signal(keep, signal.SIGCONT)


def kill_grandchild(process: int, parent: int) -> None:
    """Kill a process that a child of this process has forked, and wait until it has ended."""
    if is_living_child(process, parent):
        _signal([process], signal.SIGKILL)
        _wait_for_end(process, time.monotonic() + _LONGEST_END_SECONDS)


def _found_while_stopped(spare: Collection[int], keep: Collection[int]) -> set[int]:
    """Return the descendants that are to be killed; empty only if none exist."""
    for process in keep:
        _stop(process)
    found = living_below(keep, spare)
    return descendants(os.getpid(), spare, keep, not keep) if found is None else found


def living_below(keep: Collection[int], spare: Collection[int]) -> set[int] | None:
    """Return the living descendants of this process, from the kernel's lists of children.

    An empty result proves that none exist. A living process has living ancestors, up to a child of
    this process or of one of `keep`. Those of `keep` are stopped: once they do not have a living
    child, all processes below them have ended. A process that loses its parent later is appended to
    this process's own list of children before that parent can be reaped, which only this process
    does; and this process checks the list again whenever it has reaped a child.

    Args:
        keep: children that are stopped, and do not count themselves.
        spare: processes that do not count, nor what is below them.

    Returns:
        The process ids; None if this kernel does not provide such lists.
    """
    try:
        found = {child for one in keep for child in living_children(one, spare)}
        while True:
            others = set(listed_children(os.getpid())).difference(keep, spare)
            ended = {child for child in others if not _runs(child)}
            found |= others - ended
            if found or not ended:
                break
    except OSError:
        return None
    return found.union(*(listed_descendants(process, spare) for process in found))


def _stop(process: int) -> None:
    """Stop a child of this process; wait until all its threads have stopped, or it has ended."""
    until = time.monotonic() + _LONGEST_END_SECONDS
    events = os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG
    try:
        while time.monotonic() < until:
            os.kill(process, signal.SIGSTOP)  # repeated, because a process may have continued it
            if os.waitid(os.P_PID, process, events) is not None:
                return
            time.sleep(_STOPPING_SECONDS)
    except (ChildProcessError, ProcessLookupError):
        return


def _signal(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


def _reap(processes: set[int]) -> None:
    # Orphans become our children when their parents die, so we cannot wait for all of them at once,
    # and we can never wait for children of a process that is kept.
    until = time.monotonic() + _LONGEST_END_SECONDS
    for process in processes:
        try:
            os.waitpid(process, 0)
        except ChildProcessError:
            _wait_for_end(process, until)


def _wait_for_end(process: int, until: float) -> None:
    """Wait until a process that is not a child of this one has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except (AttributeError, OSError):  # it has ended; or the call is missing, and we check again
        return
    try:
        end = select.poll()
        end.register(descriptor, select.POLLIN)
        end.poll(max(0.0, until - time.monotonic()) * 1000)
    finally:
        os.close(descriptor)
