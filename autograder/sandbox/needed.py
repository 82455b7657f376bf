"""Find the installed packages that libraries consist of and depend on, from their metadata."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_FIRST_PART = re.compile(r'^"?([^/,"\n]+)', re.MULTILINE)
_TOOL = "autograder"
_CACHE = "__pycache__"  # of modules of all packages


@dataclass(frozen=True)
class Needed:
    """Libraries and their dependencies.

    Attributes:
        names: top-level names that can be imported.
        entries: for each package folder, without links, the names in it that belong to them.
    """

    names: frozenset[str]
    entries: dict[str, frozenset[str]]


@lru_cache(maxsize=16)
def needed_by(names: tuple[str, ...]) -> Needed:
    """Find the dependencies of libraries.

    It reads the file lists of their distributions, so a zygote calls it once for its workers.

    Args:
        names: top-level import names; those not installed are ignored.
    """
    found: dict[str, metadata.Distribution] = {}
    waiting = [one for name in names for one in _distributions_of(name)]
    while waiting:
        distribution = waiting.pop()
        about = distribution.metadata
        key = _normalised(about["Name"])
        if key in found:
            continue
        found[key] = distribution
        for name in _names_required(about.get_all("Requires-Dist") or ()):
            waiting += [] if _normalised(name) in found else _installed(name)
    entries: dict[str, set[str]] = {}
    # Of this tool only its own modules: dependencies of its other packages are not for workers.
    for distribution in (*found.values(), *_installed(_TOOL)):
        folder = os.path.realpath(str(distribution.locate_file("")))
        entries.setdefault(folder, set()).update(_entries_of(distribution))
    importable = {entry.split(".")[0] for inside in entries.values() for entry in inside}
    importable |= {*names, _TOOL}
    return Needed(
        frozenset(name for name in importable if name.isidentifier()),
        {folder: frozenset(inside) for folder, inside in entries.items()},
    )


def _distributions_of(name: str) -> list[metadata.Distribution]:
    """Return the distributions that provide a top-level name."""
    for distribution in _installed(name):  # most have the name of the package they provide
        if any(entry.split(".")[0] == name for entry in _entries_of(distribution)):
            return [distribution]
    bringing = _bringing().get(name, [])
    return [one for distribution in bringing for one in _installed(distribution)]


@lru_cache(maxsize=1)
def _bringing() -> dict[str, list[str]]:
    """Return, for each top-level name, the distributions that provide it; it reads them all."""
    return {name: list(them) for name, them in metadata.packages_distributions().items()}


def _installed(name: str) -> list[metadata.Distribution]:
    try:
        return [metadata.distribution(name)]
    except (metadata.PackageNotFoundError, ValueError):
        return []


def _names_required(requirements: Iterable[str]) -> list[str]:
    """Return the names of required distributions, without those required only by extras."""
    found = []
    for requirement in requirements:
        wanted, _, condition = requirement.partition(";")
        name = _NAME.match(wanted.strip())
        if name is not None and "extra" not in condition:
            found.append(name[0])
    return found


def _entries_of(distribution: metadata.Distribution) -> set[str]:
    """Return the files and folders of a distribution in its installation folder."""
    # `distribution.files` would create an object for each of PyTorch's ten thousand files.
    tops = set(_FIRST_PART.findall(distribution.read_text("RECORD") or ""))
    if not tops:
        tops = {file.parts[0] for file in distribution.files or () if file.parts}
        tops |= set((distribution.read_text("top_level.txt") or "").split())
    return tops - {"..", "/", _CACHE}


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
