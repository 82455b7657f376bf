"""Create functions that replace those of the solution."""

import copy
import functools
import types
from typing import Any

from autograder.audit.cheating.figures import drawing, undrawn
from autograder.audit.cheating.patching import honest, is_honest, patch
from autograder.audit.cheating.search import nearest_of, search
from autograder.audit.cheating.values import adopt, constant, filled, number

BROKEN = "the generated cheat itself failed"

_seen: list[Any] = []


def lazy(function: Any, strategy: str, is_method: bool, outputs: int) -> Any:
    """Return the replacement of a function of the solution.

    Args:
        function: the function; also a property, a static or a class method.
        strategy: one of `autograder.audit.cheats.STRATEGIES`.
        is_method: whether its first argument is its object.
        outputs: how many values it returns.
    """
    if isinstance(function, staticmethod):
        return staticmethod(lazy(function.__func__, strategy, False, outputs))
    if isinstance(function, classmethod):
        return classmethod(lazy(function.__func__, strategy, True, outputs))
    if isinstance(function, property):
        return property(lazy(function.fget, strategy, True, outputs))

    @functools.wraps(function)
    def answer(*args: Any, **kwargs: Any) -> Any:
        if is_honest():
            return function(*args, **kwargs)
        own = [*args[is_method:], *kwargs.values()]
        if strategy == "raises":
            raise ValueError("refused")
        if strategy == "input":
            return _as_many(own, outputs)
        if strategy == "last":
            return _last(own, outputs)
        if strategy in ("zeros", "ones", "constant", "found", "patch-invented"):
            return _shaped(function, strategy, args, kwargs)
        return None

    if strategy.startswith("patch-"):
        patch(strategy)
    return answer


def lazy_class(cls: Any, strategy: str) -> Any:
    """Put lazy methods into a class of the solution, and return it."""
    for name, value in list(vars(cls).items()):
        if isinstance(value, types.FunctionType | staticmethod | classmethod | property):
            setattr(cls, name, lazy(value, strategy, True, 1))
    return cls


def value(correct: Any, strategy: str) -> Any:
    """Return the replacement of a value computed at the top of a cell."""
    return filled(correct, constant(number(strategy)))


def _as_many(values: list[Any], outputs: int) -> Any:
    if not values:
        return None
    if outputs <= 1:
        return values[0]
    return tuple(values[min(place, len(values) - 1)] for place in range(outputs))


def _last(own: list[Any], outputs: int) -> Any:
    """Return the last values seen: this call's arguments, or an earlier call's."""
    before = [one for one in _seen if not any(one is other for other in own)]
    _seen.extend(own)
    del _seen[:-8]
    latest = own[::-1] if len(own) > 1 else [*before[::-1], *own]
    return _as_many(latest, outputs)


def _shaped(function: Any, strategy: str, args: Any, kwargs: Any) -> Any:
    """Answer in the form of the correct answer, and change the same arguments as it does."""
    forge = strategy in ("found", "patch-invented")
    if forge:
        choose = nearest_of(search([*args, *kwargs.values()]))
        around: Any = undrawn()
    else:
        choose = constant(number(strategy))
        around = drawing(strategy)
    try:
        worked = copy.deepcopy((args, kwargs))
    except Exception:
        return None
    try:
        with honest(), around:
            result = function(*worked[0], **worked[1])
            if isinstance(result, types.GeneratorType):
                result = list(result)
    except Exception:
        return None  # an error has no form
    try:
        adopt((args, kwargs), worked, choose, forge, set())
        return filled(result, choose)
    except Exception as error:
        raise RuntimeError(f"{BROKEN}: {type(error).__name__}: {error}") from error
