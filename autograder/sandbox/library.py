"""Choose the library files that a worker may read, excluding packages that it may not use.

A banned import is refused by the worker's own Python, which student code may tamper with. A file
that cannot be read cannot be imported in any way.

Landlock only grants access, so banning one package means naming all others, some hundreds. A zygote
does this once, for the whole machine, and a worker applies the ruleset in addition to its general
one. If only some packages are allowed, all others are excluded, including those of other
interpreters.
"""

import glob
import importlib.util
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from autograder.sandbox import landlock
from autograder.sandbox.needed import Needed, needed_by

_PACKAGE_FOLDERS = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Readable:
    """Paths for Landlock.

    Attributes:
        whole: files and folders that may be read, with everything below.
        listed: folders whose entries may be listed, for Python's import system.
    """

    whole: list[str]
    listed: list[str]


@dataclass(frozen=True)
class Ban:
    """All files of this machine except those of banned packages.

    Attributes:
        ruleset: its descriptor (`landlock.only_readable`).
        whole: paths that may be read with everything below. Some contain links, but every place
            is also reached from `/` without links.
    """

    ruleset: int
    whole: frozenset[str]

    def spares(self, places: Iterable[str]) -> bool:
        """Return whether all places may be read; files created later next to a package may not."""
        return all(any(above in self.whole for above in _upwards(place)) for place in places)


@lru_cache(maxsize=16)
def ban(banned: tuple[str, ...], allowed: tuple[str, ...] | None = None) -> Ban | None:
    """Create the ruleset that excludes packages; None if none is banned or it is impossible.

    A zygote calls it before it forks, so that its workers inherit the ruleset.

    Args:
        banned: top-level import names.
        allowed: import names that, with their dependencies, may be read; None for all.
    """
    try:
        machine = readable(("/",), banned, allowed)
        if not machine.listed:
            return None
        ruleset = landlock.only_readable(machine.whole, machine.listed)
    except (OSError, AttributeError):  # no Landlock, or a parent folder cannot be listed
        return None
    return Ban(ruleset, frozenset(machine.whole))


def _upwards(place: str) -> Iterator[str]:
    """Yield a path without links, and all its parent folders."""
    at = os.path.realpath(place)
    while at != "/":
        yield at
        at = os.path.dirname(at)


@lru_cache(maxsize=16)
def readable(
    library: tuple[str, ...], banned: tuple[str, ...], allowed: tuple[str, ...] | None = None
) -> Readable:
    """Return the library without the packages that may not be used.

    It examines every installed package, so a zygote calls it once for all of its workers.

    Args:
        library: files and folders of the interpreter and its packages.
        banned: top-level import names.
        allowed: import names that, with their dependencies, may be read; None for all.
    """
    homes = {os.path.realpath(home) for name in banned for home in _homes_of(name)}
    if allowed is not None:
        homes |= {os.path.realpath(home) for home in _homes_except(needed_by(allowed))}
    whole: list[str] = []
    listed: list[str] = []
    for place in library:
        _leave_out(place, os.path.realpath(place), homes, whole, listed)
    return Readable(whole, listed)


def _homes_except(needed: Needed) -> Iterator[str]:
    """Yield every package of this machine's Pythons that is not needed."""
    for folder in _package_folders():
        keep = needed.entries.get(folder, frozenset())
        for entry in os.scandir(folder):
            if entry.name not in keep:
                yield entry.path


def _package_folders() -> set[str]:
    """Return the folders in which packages are installed, without links."""
    places = {os.path.realpath(path) for path in (*landlock.default_read_paths(), *sys.path)}
    folders = {place for place in places if os.path.basename(place) in _PACKAGE_FOLDERS}
    for place in places:
        for name in _PACKAGE_FOLDERS:
            for depth in ("", "*", "*/*"):
                pattern = os.path.join(glob.escape(place), depth, name)
                folders.update(map(os.path.realpath, glob.glob(pattern)))
    return {folder for folder in folders if os.path.isdir(folder)}


def _homes_of(name: str) -> Iterator[str]:
    """Yield the places of a package, without importing it."""
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
    """Classify a place, whose path without links is `real`, and everything below it."""
    if real in homes:
        return
    prefix = real if real.endswith("/") else f"{real}/"
    below = [home for home in homes if home.startswith(prefix)]
    if not below:
        whole.append(place)
        return
    listed.append(place)
    for entry in os.scandir(place):
        # Only links are resolved by the kernel, because of the hundreds of packages.
        within = os.path.realpath(entry.path) if entry.is_symlink() else f"{prefix}{entry.name}"
        _leave_out(entry.path, within, below, whole, listed)
