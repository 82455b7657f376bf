"""End a process with everything that it has started, daemons included (Linux).

A process that makes itself a subreaper inherits the orphans among its descendants, so a daemon
that has left its session and lost its parent is still found. All of them are stopped before the
first is killed: none can fork while the others die.
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
    """Adopt the orphans among this process's descendants; False where the system cannot do it."""
    return prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that ends.

    Args:
        parent: the id of the process that has forked this one.
    """
    if prctl(PR_SET_PDEATHSIG, signal.SIGKILL) and os.getppid() != parent:  # it has ended already
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
        spare: processes that stay, with all their own descendants.
        keep: children that stay, without their own descendants, which are theirs to reap. They are
            stopped meanwhile, or they could start new ones faster than these are found.
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
                # They may have continued those that are kept before they were stopped themselves.
                found = _found_while_stopped(spared, keep)
            _signal(stopped, signal.SIGKILL)
            _reap(stopped)
    finally:
        _signal(keep, signal.SIGCONT)


def kill_grandchild(process: int, parent: int) -> None:
    """Kill a process that a child of this one has forked, and wait until it has ended."""
    if is_living_child(process, parent):
        _signal([process], signal.SIGKILL)
        _wait_for_end(process, time.monotonic() + _LONGEST_END_SECONDS)


def _found_while_stopped(spare: Collection[int], keep: Collection[int]) -> set[int]:
    """The descendants that are to be killed; none only where there is none."""
    for process in keep:
        _stop(process)
    found = living_below(keep, spare)
    return descendants(os.getpid(), spare, keep, not keep) if found is None else found


def living_below(keep: Collection[int], spare: Collection[int]) -> set[int] | None:
    """The living descendants of this process, from the kernel's lists of children.

    None found is proof that there is none. A process that lives has parents that live, up to a
    child of this process or of one of `keep`. Those of `keep` are stopped: once they have no living
    child, nothing below them lives any more. And who loses a parent later comes to the end of this
    process's own list before that parent can be reaped, which only this process does; it looks
    again whenever it has reaped one.

    Args:
        keep: children that are stopped, and do not count themselves.
        spare: processes that do not count, nor what is below them.

    Returns:
        None where this kernel keeps no such lists.
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
    """Stop a child of this process and wait until all its threads stand still, or it has ended."""
    until = time.monotonic() + _LONGEST_END_SECONDS
    events = os.WSTOPPED | os.WEXITED | os.WNOWAIT | os.WNOHANG
    try:
        while time.monotonic() < until:
            os.kill(process, signal.SIGSTOP)  # again each time: somebody may have continued it
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
