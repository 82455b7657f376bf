"""Find the known mistake that a wrong value matches, if it matches exactly one.

Each hint has a value: what the mistake produces. It is shown only if the wrong value is within the
check's tolerance of it, closer to it than to the right value, and not as close to another hint. If
two mistakes produce the same value, neither is shown: half of the readers would look in the wrong
place.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import TypeVar

import numpy as np

Array = np.ndarray
Numbers = Array | np.generic | float | int
Value = TypeVar("Value")

NEAR = 0.25
"""A hint fits only if the value's distance from it is at most this share of the value's distance
from the right value."""
CLEARER = 4.0
"""A hint is shown only if the second nearest is more than this many times as far away."""
# Smaller differences between hints, as a share of that distance, are rounding errors.
_ROUNDING = 1e-6
THE_TRUTH = ""
"""Marks the right value in the pairs that `alike_arrays` and `alike_values` yield."""


def is_close(got: Array, right: Array, rtol: float, atol: float) -> Array:
    """Return which entries are close, as `np.isclose` does; nan is close to nan."""
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(np.isclose(got, right, rtol=rtol, atol=atol, equal_nan=True))


def hint_for_array(
    got: Array, right: Array, hints: Mapping[str, Numbers], rtol: float, atol: float
) -> str:
    """Return the hint that a wrong array or number matches; "" unless exactly one does."""
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
    """Return the hint whose value equals a wrong plain value; "" unless exactly one does."""
    fitting = [hint for hint, value in hints.items() if same(got, value)]
    return fitting[0] if len(fitting) == 1 else ""


def alike_arrays(
    right: Array, hints: Mapping[str, Numbers], rtol: float, atol: float
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of hints that cannot be distinguished, `THE_TRUTH` included."""
    arrays = {THE_TRUTH: right} | {hint: np.asarray(value) for hint, value in hints.items()}
    for (one, first), (other, second) in combinations(arrays.items(), 2):
        if _are_alike(second, first, rtol, atol):
            yield (one, other)


def alike_values(
    right: Value, hints: Mapping[str, Value], same: Callable[[object, Value], bool]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of hints that have the same value, `THE_TRUTH` included."""
    values = {THE_TRUTH: right, **hints}
    for (one, first), (other, second) in combinations(values.items(), 2):
        if same(second, first):
            yield (one, other)


def _are_alike(first: Array, second: Array, rtol: float, atol: float) -> bool:
    if first.shape != second.shape or first.dtype.kind not in "fciub":
        return False
    return bool(is_close(first, second, rtol, atol).all())


def _distance(first: Array, second: Array) -> float:
    """Return the largest distance of two entries; equal entries, or two nan, are at 0."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.abs(np.subtract(first, second, dtype=complex))
    same = (first == second) | (np.isnan(first) & np.isnan(second))
    return float(np.where(same, 0.0, np.nan_to_num(apart, nan=np.inf)).max(initial=0.0))


def _size(array: Array) -> float:
    finite = np.abs(array[np.isfinite(array)])
    return float(finite.max(initial=0.0))
