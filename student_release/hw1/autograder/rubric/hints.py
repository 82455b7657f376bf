"""Which known mistake a wrong value looks like, if that can be told.

A hint is a value: what the mistake would have given. It is told only where the wrong value is near
to it within the tolerance of the check, nearer than to the right value, and not as near to
another hint. Where two mistakes give the same value, nothing is told: half of the readers would
look in the wrong place.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import TypeVar

import numpy as np

Array = np.ndarray
Numbers = Array | np.generic | float | int
Value = TypeVar("Value")

NEAR = 0.25
"""A hint fits only where the value is at most so far from it, as a share of the distance between
the value and the right one."""
CLEARER = 4.0
"""A hint is shown only if the second nearest is more than this many times as far away."""
# Differences between hints below this share of that distance are rounding.
_ROUNDING = 1e-6
THE_TRUTH = ""
"""In a pair of `alike` the place of the right value."""


def is_close(got: Array, right: Array, rtol: float, atol: float) -> Array:
    """Whether entries are close, as `np.isclose`; nan is close to nan."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True))


def hint_for_array(
    got: Array, right: Array, hints: Mapping[str, Numbers], rtol: float, atol: float
) -> str:
    """Return the hint that a wrong array or number fits, "" where none or more than one does."""
    if got.dtype.kind not in "fciub":
        return ""
    change = _distance(got, right) if got.shape == right.shape else np.inf
    near: list[tuple[float, str]] = []
    for hint, value in hints.items():
        wrong = np.asarray(value)
        if _are_alike(wrong, right, rtol, atol) or not _are_alike(
            got, wrong, max(rtol, 1e-6), atol
        ):
            continue
        distance = _distance(got, wrong)
        if distance <= NEAR * change:
            near.append((distance, hint))
    near.sort()
    rounding = _ROUNDING * (change if np.isfinite(change) else _size(got))
    if len(near) > 1 and near[1][0] <= CLEARER * near[0][0] + rounding:
        return ""
    return near[0][1] if near else ""


def hint_for_value(
    got: object, hints: Mapping[str, Value], same: Callable[[object, Value], bool]
) -> str:
    """Return the hint whose value a wrong plain value is, "" where none or more than one is."""
    fitting = [hint for hint, value in hints.items() if same(got, value)]
    return fitting[0] if len(fitting) == 1 else ""


def alike_arrays(
    right: Array, hints: Mapping[str, Numbers], rtol: float, atol: float
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of hints that no value tells apart; `THE_TRUTH` is one of them, too."""
    arrays = {THE_TRUTH: right} | {hint: np.asarray(value) for hint, value in hints.items()}
    for (one, first), (other, second) in combinations(arrays.items(), 2):
        if _are_alike(second, first, rtol, atol):
            yield (one, other)


def alike_values(
    right: Value, hints: Mapping[str, Value], same: Callable[[object, Value], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of hints that have the same value; `THE_TRUTH` is one of them, too."""
    values = {THE_TRUTH: right, **hints}
    for (one, first), (other, second) in combinations(values.items(), 2):
        if same(second, first):
            yield (one, other)


def _are_alike(first: Array, second: Array, rtol: float, atol: float) -> bool:
    if first.shape != second.shape or first.dtype.kind not in "fciub":
        return False
    return bool(is_close(first, second, rtol, atol).all())


def _distance(first: Array, second: Array) -> float:
    """The largest distance of two entries; those that are equal, or both nan, have none."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(np.subtract(first, second, dtype=complex))
    same = (first == second) | (np.isnan(first) & np.isnan(second))
    return float(np.where(same, 0.0, np.nan_to_num(apart, nan=np.inf)).max(initial=0.0))


def _size(array: Array) -> float:
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max(initial=0.0))
