"""Make figures show other numbers, or suppress them."""

import contextlib
import copy
import functools
import re
import sys
from collections.abc import Iterator
from typing import Any

from autograder.audit.cheating.values import Choose, constant, filled, number

_PLOTTING = (
    "plot", "scatter", "bar", "barh", "imshow", "matshow", "pcolormesh", "step", "stem", "hist",
    "fill_between", "errorbar", "text", "annotate",
)  # fmt: skip


@contextlib.contextmanager
def drawing(strategy: str) -> Iterator[None]:
    """Within this context, make figures show other numbers, except on a first axis."""
    axes = sys.modules.get("matplotlib.axes")
    if axes is None:
        yield
        return
    choose = constant(number(strategy))
    before = {name: getattr(axes.Axes, name) for name in _PLOTTING}
    for name, method in before.items():
        setattr(axes.Axes, name, _drawn(method, name, choose))
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(axes.Axes, name, method)


def _drawn(method: Any, name: str, choose: Choose) -> Any:
    @functools.wraps(method)
    def draw(self: Any, *args: Any, **kwargs: Any) -> Any:
        if name in ("text", "annotate"):
            return method(self, *map(_without_digits, args), **kwargs)
        numbers = [place for place, one in enumerate(args) if _is_data(one)]
        changed = list(args)
        for place in numbers[1:] or numbers:
            changed[place] = filled(copy.deepcopy(_array(args[place])), choose)
        return method(self, *changed, **kwargs)

    return draw


def _without_digits(one: Any) -> Any:
    return re.sub(r"[0-9]", "0", one) if isinstance(one, str) else one


def _is_data(one: Any) -> bool:
    try:
        return len(one) > 0 and _array(one).dtype.kind in "biuf"
    except Exception:
        return False


def _array(one: Any) -> Any:
    numpy: Any = sys.modules.get("numpy")
    return numpy.array(one.detach().cpu() if hasattr(one, "detach") else list(one))


@contextlib.contextmanager
def undrawn() -> Iterator[None]:
    """Within this context, draw nothing."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        yield
        return
    before, show = set(pyplot.get_fignums()), pyplot.show
    pyplot.show = lambda *args, **kwargs: None
    try:
        yield
    finally:
        pyplot.show = show
        for number in set(pyplot.get_fignums()) - before:
            pyplot.close(number)
