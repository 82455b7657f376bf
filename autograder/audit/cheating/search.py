"""Search a worker for numbers and arrays."""

import gc
import math
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from autograder.audit.cheating.values import (
    NODES_AT_MOST,
    SUPPORT,
    Choose,
    constant,
    is_name_of_support,
    is_of_support,
    is_plain_object,
)

_LOOKS_AT_ALL_OBJECTS = 25  # a list of half a million of them takes a while
_looks = [0]
_FORMULAS: tuple[Callable[[float], float], ...] = (
    lambda x: -x,
    lambda x: 1 / x,
    lambda x: x * x,
    lambda x: math.sqrt(x),
    lambda x: abs(x - 1),
    lambda x: abs(x - 1) / (x + 1),  # the relative error of what is x times too large
)


def search(arguments: list[Any]) -> dict[tuple[int, ...], list[Any]]:
    """Return every number and array that the rubric's support modules contain, by shape.

    It searches their globals, their objects (in the arguments and everywhere else), and the
    variables of their running functions.
    """
    roots: list[Any] = [one for one in arguments if is_of_support(one)]
    for name, module in list(sys.modules.items()):
        if name.startswith(SUPPORT):
            roots += [one for key, one in vars(module).items() if not key.startswith("__")]
    frame: Any = sys._getframe()
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith(SUPPORT):
            roots += frame.f_locals.values()
        frame = frame.f_back
    _looks[0] += 1
    if _looks[0] <= _LOOKS_AT_ALL_OBJECTS:
        roots += [one for one in gc.get_objects() if is_of_support(one)]
    return numbers_in(roots)


def numbers_in(roots: list[Any]) -> dict[tuple[int, ...], list[Any]]:
    """Return every number and array in some values and the objects they contain, by shape."""
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    found: dict[tuple[int, ...], list[Any]] = {}
    waiting = [(one, 0) for one in roots]
    done: set[int] = set()
    while waiting and len(done) < NODES_AT_MOST:
        one, depth = waiting.pop()
        if id(one) in done or depth > 5:
            continue
        done.add(id(one))
        if torch is not None and isinstance(one, torch.Tensor):
            found.setdefault(tuple(one.shape), []).append(one.detach().cpu().numpy())
        elif numpy is not None and isinstance(one, numpy.ndarray):
            found.setdefault(one.shape, []).append(one)
        elif isinstance(one, float):
            found.setdefault((), []).append(one)
        inner: list[Any] = []
        if isinstance(one, dict):
            inner = list(one.values())
        elif isinstance(one, list | tuple | set):
            inner = list(one)
        elif isinstance(one, types.MethodType):
            inner = [one.__self__, one.__func__]
        elif isinstance(one, types.FunctionType) and is_name_of_support(one):
            inner = [cell.cell_contents for cell in one.__closure__ or () if _is_full(cell)]
            inner += one.__defaults__ or ()
        elif is_plain_object(one) or (isinstance(one, type) and is_name_of_support(one)):
            inner = list(vars(one).values())
        waiting += [(part, depth + 1) for part in inner]
    return found


def _is_full(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def nearest_of(found: dict[tuple[int, ...], list[Any]]) -> Choose:
    """Choose the value found that is closest to the correct one, as code that knows its name can.

    A number may be derived from a found one by a short formula.
    """
    fallback = constant(0.0)

    def choose(correct: Any) -> Any:
        numpy: Any = sys.modules.get("numpy")
        shape = getattr(correct, "shape", ())
        candidates = found.get(shape, [])
        if shape == ():
            candidates = [*candidates, *_followed(candidates)]
        best, least = fallback(correct), float("inf")
        for one in candidates:
            try:
                distance = float(numpy.abs(numpy.subtract(one, correct)).sum())
            except Exception:
                continue
            if distance < least:
                best, least = one, distance
        return best

    return choose


def _followed(numbers: list[Any]) -> Iterator[float]:
    for number in list(numbers):
        for formula in _FORMULAS:
            try:
                yield float(formula(float(number)))
            except (ArithmeticError, ValueError, TypeError):
                continue
