"""Compare a student's value with the expected one, and explain any difference.

    check(dW, "dL/dW").close(dZ.T @ X, hints={"divided by the batch size": dZ.T @ X / N})

Every comparison makes the same checks in the same order and stops at the first that fails: missing
-> type -> shape -> dtype -> finite -> values. The message names what was checked, what was got and
what was expected, followed by a hint if the value matches exactly one known mistake (hints.py).
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
from autograder.rubric.readings import (
    Readings,
    as_numpy,
    deeply_plain,
    half_precision,
    is_number,
    is_too_coarse,
    type_words,
)
from autograder.rubric.session import RemoteRef
from autograder.rubric.sources import Sources
from autograder.rubric.uses import NotFound, find_use

# float32 has 7 digits; after a few operations about 4 of them are reliable.
FLOAT32_RTOL, FLOAT32_ATOL = 1e-4, 1e-5
_FLOAT32 = frozenset(map(np.dtype, ["f4", "c8"]))
_WHOLE = ("module", "autograder.remote.notebooks.Namespace")
_ACCEPTED = _FLOAT32 | frozenset(map(np.dtype, ["f8", "c16"]))


class CheckFailed(AssertionError):
    """A value from student code is not the expected one.

    Attributes:
        what: what was checked, as the handout calls it.
        problem: what is wrong, including the value that was got and the one expected.
        hint: the known mistake that the value matches, or "".
    """

    def __init__(self, what: str, problem: str, hint: str = "") -> None:
        self.what, self.problem, self.hint = what, problem, hint
        super().__init__(f"{what} {problem}" + (f"\n  hint: {hint}" if hint else ""))


def check(got: object, what: str = "") -> "Check":
    """Begin a check of `got`, which the handout calls `what`; else by the name it was found by."""
    if not what:
        what = got.label__ if isinstance(got, RemoteRef) else "the value"
    return Check(got, what)


class Check(Readings):
    """One student value to be checked; created by `check`.

    `number`, `numbers` and `names` interpret it by its meaning (readings.py).
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

        float32 values are compared at 1e-4 relative and 1e-5 absolute, or looser if requested.
        Tensors are compared like arrays; those of half precision only with an `rtol` of at least
        their rounding error (2e-3 for float16, 4e-3 for bfloat16 is enough).

        Args:
            expected: an array, or a number where one number is expected.
            rtol: relative tolerance.
            atol: absolute tolerance.
            hints: description of a known mistake -> the value that it produces.
            hint: shown for every wrong value that none of `hints` matches.
            carried: fault that has already cost points -> the value that is right with it
                (carried.py); a value, or a function that returns it.
            squeeze: whether to ignore axes of length one, where another check requires them.

        Raises:
            CheckFailed: at the first check that fails.
        """
        right = np.asarray(expected)
        got = self._numbers(right)
        if is_too_coarse(self.given, rtol):
            dtype = half_precision(self.given)
            self._fail(f"has dtype {dtype}, expected float64 (float32 is accepted)", hint)
        if half_precision(self.given):
            got = got.astype(np.float32)
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
            hints: description of a known mistake -> the value that it produces.
            hint: shown for every wrong value that none of `hints` matches.
            carried: as in `close`.

        Raises:
            CheckFailed: the value is missing, or its type or value differs.
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
        """Require a list or tuple of `length` elements and return it as a list.

        Raises:
            CheckFailed: the value is missing, not a list or tuple, or of another length.
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
        """Require one finite number greater than or equal to `limit`."""
        got = self.value()
        observe_limit("at_least", got, limit, hint)
        if not got >= limit:
            self._fail(f"is {got:.6g}, expected at least {limit:.6g}", hint)

    def at_most(self, limit: float, *, hint: str = "") -> None:
        """Require one finite number less than or equal to `limit`."""
        got = self.value()
        observe_limit("at_most", got, limit, hint)
        if not got <= limit:
            self._fail(f"is {got:.6g}, expected at most {limit:.6g}", hint)

    def is_true(self, *, hint: str = "") -> None:
        """Require the boolean True; a numpy bool is accepted."""
        observe_hint("is_true", hint)
        if not (isinstance(self.got, bool | np.bool_) and self.got):
            self._fail("does not hold", hint)

    def uses_no(self, *names: str, hint: str = "") -> None:
        """Require that the code of a class, function or module uses none of these names.

        The code is read from the submitted files (uses.py), with all of the student's own code that
        it names. `got` is a reference as `student.layers.Linear`.

        Args:
            names: dotted names of libraries, such as "torch.nn.Linear"; `*` matches one part.
            hint: shown if one is used.

        Raises:
            CheckFailed: one of them is used, the code hides what it uses, or no file has the code.
        """
        observe_hint("uses_no", hint)
        if not isinstance(self.given, RemoteRef):
            self._fail(f"is {type_words(self.given)}, expected a class or function")
        if "." not in self.given.label__ and self.given.kind__ not in _WHOLE:
            raise TypeError("uses_no takes a class or function by its name: student.layers.Linear")
        files = self.given.session__.files
        if not isinstance(files, Sources):
            raise TypeError("uses_no needs the submitted files")
        try:
            use = find_use(files, self.given.label__, names)
        except NotFound as missing:
            self._fail(str(missing))
        if use is not None:
            place = f"{use.place}, line {use.line}"
            self._fail(f"uses {use.what} ({place}), which it has to do without", hint)

    def _numbers(self, right: Array) -> Array:
        """Check for a missing value and its type; return an array (0-d for one number)."""
        if self.got is None:
            self._fail_missing()
        if is_number(self.got) or isinstance(self.got, np.ndarray):
            got = as_numpy(self.got)
            # Accept an integer where a single number is expected: 0 for 0.0.
            is_whole = got.shape == right.shape == () and got.dtype.kind in "iu"
            return got.astype(float) if is_whole else got
        wanted = "a numpy array" if right.shape else "a number"
        self._fail(f"is {type_words(self.given)}, expected {wanted}")

    def value(self) -> float:
        """Require one finite real number and return it.

        Raises:
            CheckFailed: the value is missing, not a single real number, or not finite.
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
    """Return whether no check can fail: a fast path; False means that the checks must be made.

    It takes a third of the time. An entry accepted here is also accepted by `np.isclose`.
    """
    if got.shape != right.shape or got.dtype not in _ACCEPTED or right.dtype not in _ACCEPTED:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(got - right)
        farthest = distance.max(initial=0.0)
        if not farthest < math.inf:  # some entry is not finite
            return False
        # `rtol` can only add to `atol`; for float32 numpy rounds their sum to 7 digits.
        if farthest <= atol and 0 <= rtol < math.inf and right.dtype not in _FLOAT32:
            return True
        return bool((distance <= atol + rtol * np.abs(right)).all())


def _problem_with(got: Array, right: Array, rtol: float, atol: float) -> str:
    """Describe the first failing check, from the shape on; "" if none fails."""
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
    """Compare plain values; unlike ==, True differs from 1, and a list from a tuple."""
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
    except ValueError:  # one of them contains an array
        return False


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + " ..."
