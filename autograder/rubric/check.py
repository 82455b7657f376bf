"""Compare a value of the student's with what is right, and say what is wrong in words.

    check(dW, "dL/dW").close(dZ.T @ X, hints={"divided by the batch size": dZ.T @ X / N})

A comparison climbs one ladder and stops at the first rung that fails: missing -> type -> shape ->
dtype -> finite -> values. Each message says what was checked, what was got, what was expected; a
hint follows where what was got is a known mistake, and no other one (hints.py).
"""

import math
from collections.abc import Mapping
from typing import NoReturn

import numpy as np

from autograder.rubric.carried import Carried, is_carried
from autograder.rubric.hints import (
    Array,
    Numbers,
    hint_for_array,
    hint_for_value,
    is_close,
)
from autograder.rubric.observing import (
    observe_close,
    observe_equals,
    observe_hint,
    observe_limit,
)
from autograder.rubric.readings import Readings, as_numpy, deeply_plain, is_number, type_words
from autograder.rubric.session import RemoteRef

# float32 carries 7 digits; a few operations later 4 of them can be relied on.
FLOAT32_RTOL, FLOAT32_ATOL = 1e-4, 1e-5
_FLOAT32 = frozenset(map(np.dtype, ["f4", "c8"]))
_ACCEPTED = _FLOAT32 | frozenset(map(np.dtype, ["f8", "c16"]))


class CheckFailed(AssertionError):
    """What a student handed back is not what was asked for.

    Attributes:
        what: what was checked, in the words of the handout.
        problem: what is wrong with it, with what was got and expected.
        hint: the known mistake that it looks like, or "".
    """

    def __init__(self, what: str, problem: str, hint: str = "") -> None:
        self.what, self.problem, self.hint = what, problem, hint
        super().__init__(f"{what} {problem}" + (f"\n  hint: {hint}" if hint else ""))


def check(got: object, what: str) -> "Check":
    """Begin a check of `got`, which the handout calls `what`."""
    return Check(got, what)


class Check(Readings):
    """One value of the student's under examination; made by `check`.

    `number`, `numbers` and `names` read it by its meaning (readings.py).
    """

    def close(
        self,
        expected: Numbers,
        *,
        rtol: float = 1e-6,
        atol: float = 1e-9,
        hints: Mapping[str, Numbers] | None = None,
        hint: str = "",
        carried: Carried | None = None,
        squeeze: bool = False,
    ) -> None:
        """Require |got - expected| <= atol + rtol * |expected| in every entry.

        float32 answers are judged at 1e-4 relative, 1e-5 absolute, or what is asked if looser.

        Args:
            expected: an array, or a number where one number is expected.
            rtol: relative tolerance.
            atol: absolute tolerance.
            hints: what a known mistake would have given -> by its description.
            hint: what is true of every wrong value; told where none of `hints` is.
            carried: what is right where a fault has cost points already -> by that fault
                (carried.py); a value, or a function that returns it.
            squeeze: whether axes of length one do not count, where another check asks for them.

        Raises:
            CheckFailed: at the first rung of the ladder that fails.
        """
        right = np.asarray(expected)
        got = self._numbers(right)
        if squeeze and got.squeeze().shape == right.squeeze().shape:
            got = got.reshape(right.shape)
        if got.dtype in _FLOAT32:
            rtol, atol = max(rtol, FLOAT32_RTOL), max(atol, FLOAT32_ATOL)
        observe_close(got, right, rtol, atol, hints or {}, hint)
        if _is_plainly_right(got, right, rtol, atol):
            return
        problem = _problem_with(got, right, rtol, atol)
        if problem and not is_carried(
            carried or {}, lambda value: not _problem_with(got, np.asarray(value), rtol, atol)
        ):
            self._fail(problem, hint_for_array(got, right, hints or {}, rtol, atol) or hint)

    def equals(
        self,
        expected: object,
        *,
        hints: Mapping[str, object] | None = None,
        hint: str = "",
        carried: Carried | None = None,
    ) -> None:
        """Require exactly `expected`: integers, strings, booleans, None, lists and tuples of them.

        Args:
            expected: the right value.
            hints: what a known mistake would have given -> by its description.
            hint: what is true of every wrong value; told where none of `hints` is.
            carried: as in `close`.

        Raises:
            CheckFailed: it is missing, of another type or another value.
        """
        observe_equals(expected, hints or {}, hint, _same)
        if self.got is None and expected is not None:
            self._fail_missing()
        self.got = deeply_plain(self.got)
        if not _same(self.got, expected) and not is_carried(
            carried or {}, lambda value: _same(self.got, value)
        ):
            got, right = _short(self.got), _short(expected)
            known = hint_for_value(self.got, hints or {}, _same) or hint
            self._fail(f"is wrong: got {got}, expected {right}", known)

    def sequence(self, length: int) -> list[object]:
        """Require a list or tuple of `length` elements and return them.

        Raises:
            CheckFailed: it is missing, no list or tuple, or of another length.
        """
        if self.got is None:
            self._fail_missing()
        if not isinstance(self.got, list | tuple):
            self._fail(f"is {type_words(self.given)}, expected a list of {length}")
        if len(self.got) != length:
            self._fail(f"has {len(self.got)} elements, expected {length}")
        return list(self.got)

    def below(self, limit: float, *, hint: str = "") -> None:
        """Require one finite number smaller than `limit`."""
        got = self.value()
        observe_limit("below", got, limit, hint)
        if not got < limit:
            self._fail(f"is {got:.6g}, expected less than {limit:.6g}", hint)

    def above(self, limit: float, *, hint: str = "") -> None:
        """Require one finite number greater than `limit`."""
        got = self.value()
        observe_limit("above", got, limit, hint)
        if not got > limit:
            self._fail(f"is {got:.6g}, expected more than {limit:.6g}", hint)

    def at_least(self, limit: float, *, hint: str = "") -> None:
        """Require one finite number that is not smaller than `limit`."""
        got = self.value()
        observe_limit("at_least", got, limit, hint)
        if not got >= limit:
            self._fail(f"is {got:.6g}, expected at least {limit:.6g}", hint)

    def at_most(self, limit: float, *, hint: str = "") -> None:
        """Require one finite number that is not greater than `limit`."""
        got = self.value()
        observe_limit("at_most", got, limit, hint)
        if not got <= limit:
            self._fail(f"is {got:.6g}, expected at most {limit:.6g}", hint)

    def is_true(self, *, hint: str = "") -> None:
        """Require the boolean True (a numpy bool is one, too)."""
        observe_hint("is_true", hint)
        if not (isinstance(self.got, bool | np.bool_) and self.got):
            self._fail("does not hold", hint)

    def _numbers(self, right: Array) -> Array:
        """Climb the rungs missing and type: an array of numbers, or a number for shape ()."""
        if self.got is None:
            self._fail_missing()
        if is_number(self.got) or isinstance(self.got, np.ndarray):
            got = as_numpy(self.got)
            # A whole number is a right answer where one number is expected: 0 for 0.0.
            is_whole = got.shape == right.shape == () and got.dtype.kind in "iu"
            return got.astype(float) if is_whole else got
        wanted = "a numpy array" if right.shape else "a number"
        self._fail(f"is {type_words(self.given)}, expected {wanted}")

    def value(self) -> float:
        """Require one finite real number and return it.

        Raises:
            CheckFailed: it is missing, something else, or not finite.
        """
        got = self._numbers(np.zeros(()))
        if got.shape != ():
            self._fail(f"has shape {got.shape}, expected {_shape_words(())}")
        if got.dtype.kind not in "fiu":
            self._fail(f"has dtype {got.dtype}, expected a real number")
        if not np.isfinite(got):
            self._fail(f"is {got}, expected a finite number")
        return float(got)

    def _fail(self, problem: str, hint: str = "") -> NoReturn:
        raise CheckFailed(self.what, problem, hint)


def _is_plainly_right(got: Array, right: Array, rtol: float, atol: float) -> bool:
    """Whether no rung can fail, in a third of the time of climbing them; "no" means: climb.

    Where an entry is finite and near enough here, it is so for `np.isclose`, too.
    """
    if got.shape != right.shape or got.dtype not in _ACCEPTED or right.dtype not in _ACCEPTED:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(got - right)
        farthest = distance.max(initial=0.0)
        if not farthest < math.inf:  # an entry is not finite
            return False
        # `rtol` can only add to `atol`; where `right` has 7 digits, numpy rounds their sum to 7.
        if farthest <= atol and 0 <= rtol < math.inf and right.dtype not in _FLOAT32:
            return True
        return bool((distance <= atol + rtol * np.abs(right)).all())


def _problem_with(got: Array, right: Array, rtol: float, atol: float) -> str:
    """The first rung that fails, from the shape on, in words; "" where none does."""
    if got.shape != right.shape:
        return f"has shape {got.shape}, expected {_shape_words(right.shape)}"
    if got.dtype.kind not in "fc":
        return f"has dtype {got.dtype}, expected floating point"
    if got.dtype == np.float16:
        return "has dtype float16, expected float64 (float32 is accepted)"
    if not np.all(np.isfinite(got) | ~np.isfinite(right)):
        return _finite_words(got, right)
    wrong = ~is_close(got, right, rtol, atol)
    return _value_words(got, right, wrong) if wrong.any() else ""


def _value_words(got: Array, right: Array, wrong: Array) -> str:
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.where(wrong, np.abs(np.subtract(got, right, dtype=complex)), -1.0)
    worst = np.unravel_index(int(np.argmax(np.nan_to_num(distance, nan=math.inf))), got.shape)
    if got.shape == ():
        return f"is wrong: got {got:.6g}, expected {right:.6g}"
    at = "[" + ", ".join(str(int(index)) for index in worst) + "]"
    return (
        f"has wrong values in {int(wrong.sum())} of {wrong.size} entries; the worst, at {at}: "
        f"got {got[worst]:.6g}, expected {right[worst]:.6g}"
    )


def _finite_words(got: Array, right: Array) -> str:
    bad = ~np.isfinite(got) & np.isfinite(right)
    first = tuple(int(index) for index in np.argwhere(bad)[0])
    if got.shape == ():
        return f"is {got}, expected {right:.6g}"
    return (
        f"has {int(bad.sum())} entries that are not finite; the first, at {list(first)}: "
        f"got {got[first]}, expected {right[first]:.6g}"
    )


def _shape_words(shape: tuple[int, ...]) -> str:
    return f"{shape}" if shape else "a single number, shape ()"


def _same(got: object, expected: object) -> bool:
    """Equality of plain values in which True is not 1 and a list is not a tuple's equal."""
    if isinstance(got, np.generic) and got.shape == ():
        got = got.item()
    if isinstance(expected, list | tuple):
        return (
            type(got) is type(expected)
            and len(got) == len(expected)
            and all(_same(*pair) for pair in zip(got, expected, strict=True))
        )
    if isinstance(got, RemoteRef | np.ndarray) or isinstance(got, bool) != isinstance(
        expected, bool
    ):
        return False
    try:
        return bool(got == expected)
    except ValueError:  # within one of them is an array
        return False


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + " ..."
