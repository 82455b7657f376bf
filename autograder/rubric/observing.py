"""Record for an audit what checks require: their hints, and margins to their limits.

Outside of `observing` nothing is recorded, and a check takes no longer.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from autograder.rubric.hints import Array, Numbers, Value, alike_arrays, alike_values

_HERE = str(Path(__file__).parent)
UPPER = ("below", "at_most")
"""The methods whose limit is an upper bound."""


@dataclass
class ObservedCheck:
    """The checks made by one line of a rubric during one test, once or in a loop.

    Attributes:
        place: its file and line, such as "test_area.py:12".
        word: the method of `check(...)`.
        hints: the hints that it may show.
        together: how often each pair of them, in alphabetical order, occurred; "" is the right
            value.
        alike: how often a pair had the same value within the tolerance of the check.
        margin: the smallest distance to the limit, negative if it was missed; None without a
            limit.
        got: the value that had this margin.
        limit: the limit that applied to it.
    """

    place: str
    word: str
    hints: list[str] = field(default_factory=list)
    together: dict[tuple[str, str], int] = field(default_factory=dict)
    alike: dict[tuple[str, str], int] = field(default_factory=dict)
    margin: float | None = None
    got: float = 0.0
    limit: float = 0.0

    def add_hints(self, hints: Iterable[str], alike: Iterable[tuple[str, str]]) -> None:
        """Count the hints of a check and the pairs that have the same value."""
        names = list(hints)
        self.hints += [name for name in names if name not in self.hints]
        for pair in combinations(sorted(["", *names]), 2):
            self.together[pair] = self.together.get(pair, 0) + 1
        for one, other in alike:
            pair = (min(one, other), max(one, other))
            self.alike[pair] = self.alike.get(pair, 0) + 1

    def add_margin(self, margin: float, got: float, limit: float) -> None:
        """Keep the smallest margin; infinite ones are ignored."""
        if math.isfinite(margin) and (self.margin is None or margin < self.margin):
            self.margin, self.got, self.limit = float(margin), float(got), float(limit)

    def as_json(self) -> dict[str, Any]:
        """Return it as plain lists and numbers."""
        pairs = [
            [one, other, number, self.alike.get((one, other), 0)]
            for (one, other), number in self.together.items()
            if (one, other) in self.alike
        ]
        about = {"place": self.place, "word": self.word, "hints": self.hints, "pairs": pairs}
        return about | {"margin": self.margin, "got": self.got, "limit": self.limit}


Observed = dict[tuple[str, str], ObservedCheck]
"""The checks made, by place and method."""

_observed: Observed | None = None


@contextmanager
def observing() -> Iterator[Observed]:
    """Record the checks that are made in this context."""
    global _observed
    before, _observed = _observed, {}
    try:
        yield _observed
    finally:
        _observed = before


def observe_close(
    got: Array, right: Array, rtol: float, atol: float, hints: Mapping[str, Numbers], hint: str
) -> None:
    """Record hints with the same value, and the share of the tolerance used."""
    line = _line("close")
    if line is None:
        return
    line.add_hints([*hints, *filter(None, [hint])], alike_arrays(right, hints, rtol, atol))
    allowed = atol + rtol * np.abs(right)
    if got.shape == right.shape and np.all(np.isfinite(allowed) & (allowed > 0)):
        with np.errstate(invalid="ignore", over="ignore"):
            taken = float(np.max(np.abs(got - right) / allowed, initial=0.0))
        line.add_margin(1 - taken, taken, 1.0)


def observe_equals(
    right: Value,
    hints: Mapping[str, Value],
    hint: str,
    same: Callable[[object, Value], bool],
) -> None:
    """Record hints with the same value."""
    line = _line("equals")
    if line is not None:
        line.add_hints([*hints, *filter(None, [hint])], alike_values(right, hints, same))


def observe_limit(word: str, got: float, limit: float, hint: str) -> None:
    """Record the distance of a number from its limit, positive if it is within it."""
    line = _line(word)
    if line is not None:
        line.add_hints(filter(None, [hint]), ())
        line.add_margin(limit - got if word in UPPER else got - limit, got, limit)


def observe_hint(word: str, hint: str) -> None:
    """Record a hint that has no value."""
    line = _line(word)
    if line is not None:
        line.add_hints(filter(None, [hint]), ())


def _line(word: str) -> ObservedCheck | None:
    """Return the record of the rubric line making the check; None outside of `observing`."""
    if _observed is None:
        return None
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    place = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
    return _observed.setdefault((place, word), ObservedCheck(place, word))
