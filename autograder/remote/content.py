"""Worker: read the content of objects whose class is a subclass of a plain type.

A class may override every method of its base class. So the content of such an object is read by the
base class's methods, never by its own: `tuple.__iter__(pair)`, not `iter(pair)`.

    plain_copy    the value of an object of a well-known library class, which is sent by value
    content_of    the content of any object whose base class defines it unambiguously
"""

import collections
import decimal
import fractions
import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.remote.arrays import NoArray, array_of_tensor, is_tensor

PLAIN = frozenset([type(None), bool, int, float, str, bytes])
NOTHING: Any = object()

# These add only behaviour to a dict.
_DICTS = frozenset([collections.OrderedDict, collections.Counter, collections.defaultdict])
# numpy's own array classes whose content is that of a plain array.
_ARRAYS = frozenset([np.matrix, np.memmap])
_EXTENDED = {np.dtype("g"): "<f8", np.dtype("G"): "<c16"}


def plain_copy(value: Any) -> Any:
    """Return the plain value of an object of a known library class, or NOTHING for other classes.

    The known classes are `OrderedDict`, `Counter`, `defaultdict`, `torch.Size`, and numpy's
    strings, numbers of extended precision, matrices, and masked arrays without a masked entry.
    """
    kind = type(value)
    if kind in _DICTS:
        return _dict(value)
    if issubclass(kind, np.ndarray):
        if kind in _ARRAYS or _is_unmasked(value):
            return _array(value)
        return _shortened(value) if kind is np.ndarray else NOTHING
    if kind is np.str_:
        return str.__str__(value)
    if kind is np.bytes_:
        return bytes.__getitem__(value, slice(None))
    if kind in (np.longdouble, np.clongdouble):
        short = _shortened(np.asarray(value))
        return NOTHING if short is NOTHING else short[()]
    torch = sys.modules.get("torch")
    if torch is not None and kind is getattr(torch, "Size", None):
        return tuple(tuple.__iter__(value))
    return NOTHING


def content_of(value: Any) -> Any:
    """Return an object's content by its base class, as a plain value; NOTHING if that is unclear.

    This reads subclasses of the plain types and of arrays, tensors, arrays of strings, fractions,
    decimal numbers, and the ordered collections of the standard library. The items of a collection
    are not changed.
    """
    kind = type(value)
    if kind in PLAIN or kind in (complex, list, tuple, dict, np.ndarray):
        return _texts(value) if kind is np.ndarray else NOTHING
    found = plain_copy(value)
    if found is not NOTHING:
        return found
    if is_tensor(value):
        try:
            return array_of_tensor(value)
        except NoArray:
            return NOTHING
    for base, read in _READERS:
        if issubclass(kind, base):
            try:
                return read(value)
            except (TypeError, ValueError, OverflowError):
                return NOTHING
    return NOTHING


def _dict(value: Any) -> dict[Any, Any]:
    ordered = issubclass(type(value), collections.OrderedDict)
    pairs = collections.OrderedDict.items(value) if ordered else dict.items(value)
    return dict(list(pairs))


def _array(value: Any) -> Any:
    if issubclass(type(value), np.ma.MaskedArray) and not _is_unmasked(value):
        return NOTHING
    array = np.ndarray.view(value, np.ndarray)
    if array.dtype.kind == "U":
        return _texts(array)
    short = _shortened(array)
    return array if short is NOTHING else short


def _is_unmasked(value: Any) -> bool:
    """Return whether it is numpy's own masked array, without a masked entry."""
    return type(value) is np.ma.MaskedArray and not np.ma.is_masked(value)


def _shortened(array: np.ndarray) -> Any:
    """Convert extended to double precision; NOTHING for other dtypes, or if entries overflow."""
    dtype = _EXTENDED.get(array.dtype)
    if dtype is None or array.dtype.itemsize <= np.dtype(dtype).itemsize:
        return NOTHING
    with np.errstate(all="ignore"):
        short = array.astype(dtype)
    lost = np.isfinite(array) & ~np.isfinite(short)
    return NOTHING if lost.any() else short


def _texts(array: Any) -> Any:
    """Return an array of strings as a list of strings, nested if needed; NOTHING for others."""
    return array.tolist() if array.dtype.kind == "U" else NOTHING


def _fraction(value: Any) -> float:
    return int(_NUMERATOR(value)) / int(_DENOMINATOR(value))


def _decimal(value: Any) -> float:
    number = decimal.Decimal.__float__(value)
    if math.isinf(number) and decimal.Decimal.is_finite(value):
        raise OverflowError("it is larger than a float may be")
    return number


_NUMERATOR, _DENOMINATOR = (
    vars(fractions.Fraction)[name].__get__ for name in ("_numerator", "_denominator")
)
_REAL, _IMAG = (vars(complex)[name].__get__ for name in ("real", "imag"))
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_READERS: list[tuple[type | tuple[type, ...], Callable[[Any], Any]]] = [
    (np.ndarray, _array),
    (str, str.__str__),
    (int, int.__int__),
    (float, float.__float__),
    (complex, lambda value: complex(_REAL(value), _IMAG(value))),
    (bytes, lambda value: bytes.__getitem__(value, slice(None))),
    (dict, _dict),
    (tuple, lambda value: tuple(tuple.__iter__(value))),
    (list, lambda value: list(list.__iter__(value))),
    (collections.deque, lambda value: list(collections.deque.__iter__(value))),
    ((range, *_VIEWS), list),  # these classes cannot have subclasses
    (fractions.Fraction, _fraction),
    (decimal.Decimal, _decimal),
]
