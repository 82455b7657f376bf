"""Replace functions of the rubric's support modules, which run next to student code."""

import contextlib
import copy
import functools
import sys
import types
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from typing import Any

from autograder.audit.cheating.figures import undrawn
from autograder.audit.cheating.search import nearest_of, numbers_in, search
from autograder.audit.cheating.values import SUPPORT, filled, is_plain_object

_COMPARISONS = {
    "numpy": ("allclose", "isclose", "array_equal", "array_equiv"),
    "numpy.testing": ("assert_allclose", "assert_array_equal", "assert_equal"),
    "math": ("isclose",),
    "torch": ("allclose", "equal"),
}
_depth = [0]
_patched_once: list[str] = []


def is_honest() -> bool:
    """Return whether every function currently does its honest work."""
    return _depth[0] > 0


@contextlib.contextmanager
def honest() -> Iterator[None]:
    """Within this context, let every function do its honest work, without drawing figures."""
    _depth[0] += 1
    try:
        yield
    finally:
        _depth[0] -= 1


def patch(strategy: str) -> None:
    """Replace functions in the rubric's support modules, those loaded and those loaded later."""
    if _patched_once:
        return
    _patched_once.append(strategy)
    for name in [name for name in sys.modules if name.startswith(SUPPORT)]:
        _patch_module(sys.modules[name], strategy)
    load = SourceFileLoader.exec_module

    def exec_module(self: Any, module: types.ModuleType) -> None:
        load(self, module)
        if module.__name__.startswith(SUPPORT):
            _patch_module(module, strategy)

    SourceFileLoader.exec_module = exec_module  # type: ignore[method-assign]
    if strategy == "patch-true":
        for name, functions in _COMPARISONS.items():
            for function in functions:
                if name in sys.modules and hasattr(sys.modules[name], function):
                    setattr(sys.modules[name], function, lambda *args, **kwargs: True)


def _patch_module(module: Any, strategy: str) -> None:
    for name, function in list(vars(module).items()):
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
            setattr(module, name, _patched(function, strategy))


def _patched(function: Any, strategy: str) -> Any:
    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        if strategy == "patch-true":
            return True
        if strategy == "patch-input":
            return next(iter([*args, *kwargs.values()]), None)
        return _invented(function, args, kwargs)

    return answer


def _invented(function: Any, args: Any, kwargs: Any) -> Any:
    """Report what can be known without doing the work.

    Numbers found in the worker are kept; integers and words can be made up.
    """
    given = [*args, *kwargs.values()]
    if not any(_is_foreign(one) for one in given):
        return function(*args, **kwargs)  # nothing of the student's is in it
    found = search(given)
    for shape, several in numbers_in(given).items():
        found.setdefault(shape, []).extend(several)
    with honest(), undrawn():
        result = function(*copy.deepcopy(args), **copy.deepcopy(kwargs))
    if not _is_data(result):
        return function(*args, **kwargs)
    return filled(result, nearest_of(copy.deepcopy(found)), keep=True)


def _is_foreign(one: Any) -> bool:
    """Return whether it is code from outside the rubric, or an object of such a class."""
    if isinstance(one, type | types.FunctionType | types.MethodType):
        return not str(one.__module__).startswith(SUPPORT)
    return is_plain_object(one) and not type(one).__module__.startswith(
        (SUPPORT, "numpy", "torch.")
    )


def _is_data(one: Any) -> bool:
    if isinstance(one, dict | list | tuple):
        return all(map(_is_data, one.values() if isinstance(one, dict) else one))
    return one is None or isinstance(one, float | int | str) or hasattr(one, "shape")
