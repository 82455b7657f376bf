"""Which files of the interpreter's library a worker may read: all but banned packages.

An import that is banned is refused by the worker's own Python, which student code may tamper with.
A file that cannot be read cannot be imported in any way.
"""

import importlib.util
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Readable:
    """Places for Landlock.

    Attributes:
        whole: files and folders that may be read, with everything below.
        listed: folders whose entries may be listed; Python's import looks there.
    """

    whole: list[str]
    listed: list[str]


@lru_cache(maxsize=16)
def readable(library: tuple[str, ...], banned: tuple[str, ...]) -> Readable:
    """The library without the packages that are banned.

    It looks at every package that is installed, so a zygote asks once for all of its workers.

    Args:
        library: files and folders of the interpreter and its packages.
        banned: top-level import names.
    """
    homes = {os.path.realpath(home) for name in banned for home in _homes_of(name)}
    whole: list[str] = []
    listed: list[str] = []
    for place in library:
        _leave_out(place, os.path.realpath(place), homes, whole, listed)
    return Readable(whole, listed)


def _homes_of(name: str) -> Iterator[str]:
    """Where a package lies; nothing is imported."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return
    if spec is not None:
        yield from spec.submodule_search_locations or []
        if spec.origin is not None and os.path.isfile(spec.origin):
            yield spec.origin


def _leave_out(
    place: str, real: str, homes: Collection[str], whole: list[str], listed: list[str]
) -> None:
    """Sort a place, whose path without links is `real`, and what is below it."""
    if real in homes:
        return
    below = [home for home in homes if home.startswith(f"{real}/")]
    if not below:
        whole.append(place)
        return
    listed.append(place)
    for entry in os.scandir(place):
        # The kernel is asked about links alone: there are hundreds of packages.
        within = os.path.realpath(entry.path) if entry.is_symlink() else f"{real}/{entry.name}"
        _leave_out(entry.path, within, below, whole, listed)
