"""Render what students have written in a process of its own, which may take only so much.

Markdown parsers search with regular expressions, and texts can be made for which these take for
ever. Such a text costs its own page its looks, and nobody anything else.
"""

import multiprocessing
import pickle
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

SECONDS = 30.0
MEMORY_BYTES = 2 * 2**30
"""More than this process has already."""

_fork = multiprocessing.get_context("fork")


def limited(work: Callable[[], list[str]], seconds: float = SECONDS) -> list[str] | None:
    """Return the texts that `work` makes; None where it failed or took too much."""
    ours, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_run, args=(work, theirs))
    process.start()
    theirs.close()
    try:
        return list(ours.recv()) if ours.poll(seconds) else None
    except (EOFError, OSError, pickle.UnpicklingError):
        return None  # it died
    finally:
        ours.close()
        process.kill()
        process.join()


def _run(work: Callable[[], list[str]], pipe: Connection) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        pipe.send(work())
    except Exception:  # whatever it is, the page is made without it
        pass
