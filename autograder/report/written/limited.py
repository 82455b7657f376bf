"""Render what students have written in a process of its own, with limited time and memory.

Markdown parsers search with regular expressions, and texts can be made for which these practically
never end. Such a text costs its own page its formatting, and affects nothing else.
"""

import multiprocessing
import pickle
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

SECONDS = 30.0
MEMORY_BYTES = 2 * 2**30
"""The limit on what a child process may have in addition to the memory of this one."""

Work = Callable[[], list[str]]

_fork = multiprocessing.get_context("fork")


def limited(works: Iterable[Work], at_once: int = 1) -> Iterator[list[str] | None]:
    """Yield the texts that each work makes, in order; None where it failed or took too much.

    Args:
        works: the functions that make the texts, each called in a process of its own.
        at_once: how many of them may run at the same time.
    """
    at_work: deque[_Child] = deque()
    try:
        for work in works:
            if len(at_work) == at_once:
                yield at_work.popleft().result()
            at_work.append(_Child(work))
        while at_work:
            yield at_work.popleft().result()
    finally:
        for child in at_work:
            child.end()


class _Child:
    """A process that runs one work."""

    def __init__(self, work: Work) -> None:
        self._pipe, theirs = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=_run, args=(work, theirs))
        self._process.start()
        self._until = time.monotonic() + SECONDS
        theirs.close()

    def result(self) -> list[str] | None:
        """Wait for the texts, and end the process; texts made in time may be fetched later."""
        try:
            left = max(self._until - time.monotonic(), 0.0)
            return list(self._pipe.recv()) if self._pipe.poll(left) else None
        except (EOFError, OSError, pickle.UnpicklingError):
            return None  # it died
        finally:
            self.end()

    def end(self) -> None:
        """End the process, whatever it does."""
        self._pipe.close()
        self._process.kill()
        self._process.join()


def _run(work: Work, pipe: Connection) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        pipe.send(work())
    except Exception:  # whatever it is, the page is made without it
        pass
