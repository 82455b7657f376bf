"""Where data lie: the folder that `AUTOGRADER_DATA` names, and the user's cache.

Nothing is ever half there: files and folders are made beside their place, under a name of their
own, and renamed into it when they are complete.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from autograder.atomic import UNFINISHED, open_atomic

_FOLDER = f"{UNFINISHED}-"
_said: set[str] = set()


def say(what: str) -> None:
    """Tell the user something on stderr, once a process."""
    if what not in _said:
        _said.add(what)
        print(what, file=sys.stderr, flush=True)


def given_folder() -> Path | None:
    """Return the folder that `AUTOGRADER_DATA` names, if it is set."""
    given = os.environ.get("AUTOGRADER_DATA")
    return Path(given).expanduser() if given else None


def cache_folder() -> Path:
    """Return where downloaded and generated data are kept: `AUTOGRADER_CACHE` or below home."""
    given = os.environ.get("AUTOGRADER_CACHE")
    try:
        return Path(given or "~/.cache/autograder").expanduser()
    except RuntimeError:  # nobody's home; nothing can be kept below a device either
        return Path(os.devnull) / "autograder"


@contextmanager
def fresh_folder(beside: Path) -> Iterator[Path]:
    """Yield a new folder within the folder `beside`, which is made; remove it afterwards.

    Where that place cannot be written to, the folder is among the system's temporary ones.
    """
    try:
        beside.mkdir(parents=True, exist_ok=True)
        _sweep(beside)
        folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=beside))
    except OSError:
        say(f"autograder: {beside} cannot be written to, so data are not kept for the next time.")
        folder = Path(tempfile.mkdtemp(prefix="autograder-data-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what a process has left that was killed more than a day ago."""
    for left in (*folder.glob(f"{_FOLDER}*"), *folder.glob(f".*{UNFINISHED}")):
        with suppress(OSError):  # another process may sweep, too
            if left.stat().st_mtime < time.time() - 86_400:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def fresh_file(place: Path) -> Iterator[IO[bytes]]:
    """Yield a stream to a new file that becomes `place` when everything is written to it."""
    _sweep(place.parent)
    with open_atomic(place) as stream:
        yield stream
