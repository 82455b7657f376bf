"""Resolve a dotted pattern such as `numpy.linalg.*` in a library (guard.py)."""

import importlib
import pkgutil
import re
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import takewhile
from typing import Any

_TESTS = ("test", "_test", "conftest")
_GLOB = re.compile(r"[*?\[]")


def resolve(
    thing: Any, parts: Sequence[str], name: str, parent: object = None
) -> Iterator[tuple[object, str, Any]]:
    """Yield the objects that a pattern matches, each with its parent and its name.

    Args:
        thing: a library, or an object reached by part of the pattern.
        parts: the remaining parts of the pattern.
        name: the object's name.
        parent: the object that contains it.
    """
    if not parts:
        yield parent, name, thing
        return
    part, *rest = parts
    if not _GLOB.search(part):
        value = getattr(thing, part, None)
        if value is None and isinstance(thing, types.ModuleType):
            value = import_or_none(f"{thing.__name__}.{part}")
        if value is not None:
            yield from resolve(value, rest, f"{name}.{part}", thing)
        return
    inside = list(getattr(thing, "__dict__", {}).items())
    if isinstance(thing, types.ModuleType) and "." in thing.__name__:  # not the library itself
        inside += [(part.__name__.rpartition(".")[2], part) for part in parts_of(thing)]
    for key, value in inside:
        is_private = key.startswith("_") and not isinstance(value, types.ModuleType)
        if fnmatchcase(key, part) and (not is_private or part.startswith("_")):
            yield from resolve(value, rest, f"{name}.{key}", thing)


def plain_part(parts: Sequence[str]) -> list[str]:
    """Return the parts of a pattern before the first one with a wildcard."""
    return list(takewhile(lambda part: not _GLOB.search(part), parts))


def parts_of(module: types.ModuleType) -> list[types.ModuleType]:
    """Return the modules of a package, whether or not they are its attributes.

    Modules not loaded yet are loaded now, because student code could load them later, when their
    content would not be guarded. Tests are left out.

    Args:
        module: the package; a plain module has no parts.
    """
    below = f"{module.__name__}."
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if not found.name.startswith(_TESTS):
            with suppress(Exception):  # such as a module with a missing dependency
                importlib.import_module(below + found.name)
    return [
        part
        for name, part in list(sys.modules.items())
        if name.rpartition(".")[0] == module.__name__
        and isinstance(part, types.ModuleType)
        and part.__name__ == name
    ]


def import_or_none(name: str) -> types.ModuleType | None:
    """Import a module; return None if it does not exist."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
