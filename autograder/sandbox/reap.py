"""End a process with everything that it has started, daemons included (Linux).

A process that makes itself a subreaper inherits the orphans among its descendants, so a daemon
that has left its session and lost its parent is still found. All of them are stopped before the
first is killed: none can fork while the others die.
"""

import ctypes
import os
import signal
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_MAX_ROUNDS = 50


def become_subreaper() -> bool:
    """Inherit the orphans among this process's descendants; False where that cannot be had."""
    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)
    except (AttributeError, OSError):
        return False


def kill_descendants(spare: Iterable[int] = ()) -> None:
    """Kill and reap every descendant of this process.

    Args:
        spare: children that stay, with all their own descendants.
    """
    spared = set(spare)
    for _ in range(_MAX_ROUNDS):
        found = _descendants(os.getpid(), spared)
        if not found:
            return
        stopped: set[int] = set()
        while found - stopped:
            _signal(found - stopped, signal.SIGSTOP)
            stopped |= found
            found = _descendants(os.getpid(), spared)
        _signal(stopped, signal.SIGKILL)
        _reap(stopped)


def _descendants(ancestor: int, spared: set[int]) -> set[int]:
    children: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue  # it has ended meanwhile
            # The name, in parentheses, may hold anything; the parent is the second field after it.
            children[int(status.rpartition(")")[2].split()[1])].append(int(folder.name))
    found: set[int] = set()
    waiting = [ancestor]
    while waiting:
        for child in children[waiting.pop()]:
            if child not in found and child not in spared:
                found.add(child)
                waiting.append(child)
    return found


def _signal(processes: set[int], number: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, number)
        except ProcessLookupError:
            pass


def _reap(processes: set[int]) -> None:
    # Orphans become our children as their parents die, so not all are ours to wait for at once.
    for process in processes:
        try:
            os.waitpid(process, 0)
        except ChildProcessError:
            continue
