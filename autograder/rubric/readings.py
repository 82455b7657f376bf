"""Methods of `check(...)` that interpret a value by its meaning before comparing it.

    check(loss, "the loss").number().close(0.7)
    check(history, "the accuracies").numbers(5, per_cent=True).close(expected)
    check(name, "the class of lowest recall").names(of=CLASSES).equals("monocyte")

The content of a value counts, not its exact type: a number may be a Python or numpy number, or an
array or tensor with one entry. Each method returns a check of the plain value, in its attribute
`got`.
"""

import re
from collections.abc import Sequence
from typing import Any, NoReturn, Self

import numpy as np

from autograder.rubric.notes import note
from autograder.rubric.operators import OpaqueValue, is_tensor, read_content
from autograder.rubric.session import RemoteRef
from autograder.rubric.words import singulars

Array = np.ndarray

_NUMBER = (float, int, complex, np.generic)
_HALF = {"float16": 2.0**-11, "bfloat16": 2.0**-8}
"""Dtypes of half precision -> their relative rounding error."""


class Readings:
    """A student's value and the ways to read it.

    Args:
        given: the value as received.
        what: what the handout calls it.

    Attributes:
        got: the value; for an object of another class, a copy of its content.
    """

    def __init__(self, given: object, what: str) -> None:
        self.given, self.what = given, what
        self.got = plain(given)

    def tensor(self) -> Self:
        """Require a torch tensor; the comparison that follows takes its entries as an array.

        The tensor may be on any device and require gradients.

        Raises:
            CheckFailed: it is missing or of another type, such as a numpy array.
        """
        if self.got is None:
            self._fail_missing()
        if not (isinstance(self.given, RemoteRef) and is_tensor(self.given)):
            self._fail(f"is {type_words(self.given)}, expected a torch tensor")
        return self

    def array(self) -> Self:
        """Require a numpy array, and no torch tensor.

        Raises:
            CheckFailed: it is missing or of another type, such as a tensor.
        """
        if self.got is None:
            self._fail_missing()
        is_a_tensor = isinstance(self.given, RemoteRef) and is_tensor(self.given)
        if is_a_tensor or not isinstance(self.got, np.ndarray):
            self._fail(f"is {type_words(self.given)}, expected a numpy array")
        return self

    def number(self, *, per_cent: bool = False) -> Self:
        """Require a number; an array or tensor with one entry is accepted as one.

        The comparison that follows checks, with its hints, that it is finite and a single number.

        Args:
            per_cent: whether per cent are required. A number from 0 to 1 is then read as a
                fraction: 0.93 becomes 93.0, and the student gets a note about it.

        Returns:
            A check of the number, a float, or a numpy number of lower precision.

        Raises:
            CheckFailed: it is missing or not a number.
        """
        array = self._numbers_of(_array_of(self.got), "a number")
        number: Any = array.reshape(())[()] if array.size == 1 else array
        is_whole = array.dtype.kind in "iu" and array.size == 1
        if is_whole or (array.size == 1 and array.dtype == np.float64):
            number = float(number)
        return self._read(number, per_cent)

    def numbers(self, length: int | None = None, *, per_cent: bool = False) -> Self:
        """Require a row of numbers: a list, a tuple or an array with one axis.

        Args:
            length: the required number of entries.
            per_cent: as for `number`, if all of them are from 0 to 1.

        Returns:
            A check of the numbers: an array of float64, or of float32 if any of them is.

        Raises:
            CheckFailed: it is missing, of another form, or of another length.
        """
        array = self._numbers_of(_row_of(self.got), "numbers")
        if array.ndim != 1:
            self._fail(f"has shape {array.shape}, expected one row of numbers")
        if length is not None and len(array) != length:
            self._fail(f"has {len(array)} elements, expected {length}")
        return self._read(array.astype(float) if array.dtype.kind in "iu" else array, per_cent)

    def names(self, *, of: Sequence[str]) -> Self:
        """Require names of classes, and convert them to the spelling of the class list.

        Case, `_`, `-`, additions in brackets and plurals are ignored, and the index of a class is
        accepted for its name. Lists and tuples are read entry by entry; in a dict, keys that are
        names are converted, and others stay.

        Args:
            of: the names of all classes, in their order.

        Returns:
            A check of the name, or of the list, tuple or dict.

        Raises:
            CheckFailed: it is missing, or a name is not that of a class, or is ambiguous.
        """
        if self.got is None:
            self._fail_missing()
        if isinstance(self.got, dict):
            keys = [self._name(key, of, is_key=True) for key in self.got]
            twice = next((key for key in keys if keys.count(key) > 1), None)
            if twice is not None:
                self._fail(f"names {twice!r} twice")
            return type(self)(dict(zip(keys, self.got.values(), strict=True)), self.what)
        rows = self.got.tolist() if isinstance(self.got, np.ndarray) else self.got
        if not isinstance(rows, list | tuple):
            return type(self)(self._name(rows, of), self.what)
        return type(self)(type(rows)([self._name(plain(one), of) for one in rows]), self.what)

    def _name(self, value: object, of: Sequence[str], is_key: bool = False) -> Any:
        found = classes_named(value, of)
        if len(found) == 1:
            return found[0]
        if is_key:
            return value
        if found:
            self._fail(f"is {value!r}, which may be {' or '.join(map(repr, found))}")
        self._fail(f"is {value!r}, which is not a class; the classes are {', '.join(of)}")

    def _numbers_of(self, array: Array | None, wanted: str) -> Array:
        if self.got is None:
            self._fail_missing()
        if array is None:
            self._fail(f"is {type_words(self.given)}, expected {wanted}")
        return array

    def _read(self, value: Any, per_cent: bool) -> Self:
        if per_cent and _are_fractions(np.asarray(value)):
            shown = f"{np.max(value):.4g}"
            read = f"per cent were expected, so it was read as {100 * np.max(value):.4g} %"
            note("per cent", f"{self.what} is a fraction, {shown}; {read}")
            value = 100 * value
        return type(self)(value, self.what)

    def _fail_missing(self) -> NoReturn:
        self._fail("is None; did you forget to return or to store it?")

    def _fail(self, problem: str, hint: str = "") -> NoReturn:
        raise NotImplementedError(problem, hint)  # Check knows how


def plain(value: object) -> Any:
    """Return the content of a student's object that has one, anything else unchanged.

    A range, and an array of strings, become a list.
    """
    if type(value) is range:
        return list(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        return value.tolist()
    if not isinstance(value, RemoteRef):
        return value
    try:
        return read_content(value)
    except OpaqueValue:
        return value


def deeply_plain(value: object) -> Any:
    """Do the same for all values within lists, tuples and dicts."""
    value = plain(value)
    if isinstance(value, list | tuple):
        return type(value)([deeply_plain(item) for item in value])
    if isinstance(value, dict):
        return {key: deeply_plain(item) for key, item in value.items()}
    return value


def half_precision(given: object) -> str:
    """Return the dtype of a tensor of half precision, "" for anything else."""
    if not isinstance(given, RemoteRef) or not is_tensor(given):
        return ""
    dtype = given.kind__.partition(" of ")[2]
    return dtype if dtype in _HALF else ""


def is_too_coarse(given: object, rtol: float) -> bool:
    """Return whether a tensor's dtype cannot hold values to a relative tolerance."""
    return rtol < _HALF.get(half_precision(given), 0.0)


def is_number(value: object) -> bool:
    """Return whether a value is a Python or numpy number; booleans are not."""
    return isinstance(value, _NUMBER) and not isinstance(value, bool)


def as_numpy(value: Any) -> Array:
    """Return a number or array as an array; integers of more than 64 bits are rounded."""
    array = np.asarray(value)
    if array.dtype == object and isinstance(value, int):
        try:
            return np.asarray(float(value))
        except OverflowError:  # too large for a float
            return array
    return array


def type_words(value: object) -> str:
    """Return the type of a value, as messages name it."""
    kind = value.kind__ if isinstance(value, RemoteRef) else type(value).__name__
    return f"of type {kind}"


def classes_named(value: object, of: Sequence[str]) -> list[str]:
    """Return the classes that a name may mean: one if it is clear, none if it is unknown.

    Args:
        value: a name, or the index of a class.
        of: the names of all classes, in their order.
    """
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return [of[int(value)]] if 0 <= value < len(of) else []
    if not isinstance(value, str):
        return []
    if value in of:
        return [value]
    for form in (_letters, lambda name: _letters(_without_brackets(name))):
        wanted = form(value)
        same = [name for name in of if wanted and form(name) == wanted]
        if wanted and not same:
            same = [name for name in of if singulars(wanted) & singulars(form(name))]
        if same:
            return same
    return []


def _letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.casefold()))


def _without_brackets(name: str) -> str:
    return re.sub(r"\([^()]*\)|\[[^][]*\]", " ", name)


def _array_of(got: object) -> Array | None:
    """Return one number, or an array or tensor of numbers, as an array; else None."""
    return as_numpy(got) if is_number(got) or isinstance(got, np.ndarray) else None


def _row_of(got: object) -> Array | None:
    """Return a list or tuple of numbers, or of arrays with one entry, as an array; else None."""
    if not isinstance(got, list | tuple):
        return _array_of(got)
    numbers = [_array_of(plain(one)) for one in got]
    if not all(one is not None and one.size == 1 for one in numbers):
        return None
    rows = [one.reshape(()) for one in numbers if one is not None]
    is_single = any(one.dtype == np.float32 for one in rows)
    return np.array(rows, np.float32 if is_single else None) if rows else np.zeros(0)


def _are_fractions(values: Array) -> bool:
    if values.dtype.kind not in "fiu" or not values.size:
        return False
    return bool(values.min() >= 0 and 0 < values.max() <= 1)
