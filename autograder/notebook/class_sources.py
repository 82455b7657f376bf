"""Make `inspect.getsource` find the classes of a notebook, which Python looks for in a file.

For a function Python takes the name of its code, which is that of its cell. For a class it takes
the file of the module `__main__`, which a notebook does not have.
"""

import ast
import inspect
import linecache
import types
from collections.abc import Iterator
from functools import cached_property
from typing import Any

_getfile = inspect.getfile


class _Places:
    """The cells that have run in this process, latest last."""

    def __init__(self) -> None:
        self.names: dict[str, None] = {}

    def of_class(self, kind: Any) -> str:
        """Return the name of the cell that defines a class; "" if none does."""
        for function in _functions_of(kind):
            name = function.__code__.co_filename
            if name in self.names and function.__qualname__.startswith(f"{kind.__qualname__}."):
                return name
        top = kind.__qualname__.partition(".")[0]
        for name in reversed(self.names):
            if f"class {top}" in "".join(linecache.getlines(name)) and top in _classes_of(name):
                return name
        return ""


_places = _Places()


def find_classes_in(place: str) -> None:
    """Let `inspect` find the classes of a cell.

    Args:
        place: the name of the cell's code.
    """
    _places.names.pop(place, None)
    _places.names[place] = None
    inspect.getfile = _file_of


def _file_of(object: Any) -> str:
    """Return the file of an object, or the cell of a class of a notebook."""
    if isinstance(object, type) and getattr(object, "__module__", "") == "__main__":
        place = _places.of_class(object)
        if place:
            return place
    return _getfile(object)


def _functions_of(kind: type) -> Iterator[types.FunctionType]:
    for value in list(vars(kind).values()):
        inner = getattr(value, "__func__", value)
        inner = inner.fget if isinstance(inner, property) else inner
        inner = inner.func if isinstance(inner, cached_property) else inner
        if isinstance(inner, types.FunctionType):
            yield inner


def _classes_of(place: str) -> set[str]:
    try:
        tree = ast.parse("".join(linecache.getlines(place)))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.ClassDef)}
