"""Locate data: the folder `AUTOGRADER_DATA` and the user's cache.

Files are never incomplete: files and folders are created next to their place, under a temporary
name, and renamed when they are complete.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import IO

from autograder.atomic import UNFINISHED, open_atomic

_FOLDER = f"{UNFINISHED}-"


@cache
def say(what: str) -> None:
    """Print a message on stderr, once per process."""
    print(what, file=sys.stderr, flush=True)


def given_folder() -> Path | None:
    """Return the folder `AUTOGRADER_DATA`, if it is set."""
    given = os.environ.get("AUTOGRADER_DATA")
    return Path(given).expanduser() if given else None


def cache_folder() -> Path:
    """Return the folder for downloaded and generated data: `AUTOGRADER_CACHE` or below home."""
    given = os.environ.get("AUTOGRADER_CACHE")
    try:
        return Path(given or "~/.cache/autograder").expanduser()
    except RuntimeError:  # no home folder; nothing can be stored below a device either
        return Path(os.devnull) / "autograder"


@contextmanager
def fresh_folder(parent: Path) -> Iterator[Path]:
    """Yield a new folder in the folder `parent`, created if needed; remove it afterwards.

    If that place is not writable, the folder is created among the system's temporary ones.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=parent))
    except OSError:
        say(f"autograder: {parent} is not writable, so data are not kept for the next run.")
        folder = Path(tempfile.mkdtemp(prefix="autograder-data-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove files and folders left by processes killed more than a day ago."""
    for left in (*folder.glob(f"{_FOLDER}*"), *folder.glob(f".*{UNFINISHED}")):
        with suppress(OSError):  # another process may remove it, too
            if left.stat().st_mtime < time.time() - 86_400:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def fresh_file(place: Path) -> Iterator[IO[bytes]]:
    """Yield a stream to a new file that is renamed to `place` when it is complete."""
    _sweep(place.parent)
    with open_atomic(place) as stream:
        yield stream
