"""Convert stated numbers to the form that JSON has, within limits on their size."""

import math
from typing import Any

import numpy as np

MAX_DEPTH = 12
MAX_VALUES = 40_000  # the channel can carry twice as many
MAX_TEXT = 10_000


class NotPlain(ValueError):
    """The error for a value that cannot be stated; its message says why, as part of a sentence."""


def plain(value: object) -> Any:
    """Return a value as None, bools, numbers, texts, lists, and dicts with text keys.

    numpy's scalars and arrays, and any object with an `item` or a `tolist`, such as torch's
    tensors, become numbers and lists. NaN and infinities, for which JSON has no number, become
    text.

    Raises:
        NotPlain: the value contains anything else, is nested too deep or is too large.
    """
    return _Converter().convert(value, 0)


class _Converter:
    def __init__(self) -> None:
        self.left = MAX_VALUES

    def convert(self, value: object, depth: int) -> Any:
        self.left -= 1
        if self.left < 0:
            raise NotPlain(f"more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise NotPlain(f"lists in lists, more than {MAX_DEPTH} deep")
        if value is None or isinstance(value, bool | np.bool_):
            return None if value is None else bool(value)
        if isinstance(value, int | np.integer):
            return self._integer(int(value))
        if isinstance(value, float | np.floating):
            return float(value) if math.isfinite(value) else str(float(value))
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self._key(key): self.convert(value[key], depth + 1) for key in value}
        if isinstance(value, list | tuple):
            return [self.convert(item, depth + 1) for item in value]
        return self._array(value, depth)

    def _integer(self, value: int) -> int:
        if not -(2**63) <= value < 2**63:
            raise NotPlain("an integer of more than 64 bits")
        return value

    def _text(self, value: str) -> str:
        if len(value) > MAX_TEXT:
            raise NotPlain(f"a text of more than {MAX_TEXT:,} characters")
        return str(value)

    def _key(self, key: object) -> str:
        if isinstance(key, bool | float) or not isinstance(key, str | int | np.integer):
            raise NotPlain(f"a key of type {type(key).__name__}")
        return self._text(str(key))

    def _array(self, value: object, depth: int) -> Any:
        to_list = getattr(value, "tolist", None)
        size = getattr(value, "size", 0)
        size = size if isinstance(size, int) else math.prod(getattr(value, "shape", ()))
        if not callable(to_list):
            raise NotPlain(f"a value of type {type(value).__name__}")
        if size > self.left:
            raise NotPlain(f"more than {MAX_VALUES:,} values")
        items = to_list()
        if type(items) not in (bool, int, float, str, list):
            raise NotPlain(f"a value of type {type(value).__name__}")
        return self.convert(items, depth)
