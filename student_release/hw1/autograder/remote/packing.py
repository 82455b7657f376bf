"""Turn plain values into parcels; this runs beside student code and may be lied to."""

import itertools
from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograder.remote.content import NOTHING, content_of, plain_copy
from autograder.remote.nodes import (
    DTYPE_OF,
    LONG,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INTEGER_DIGITS,
    MAX_LISTED,
    MAX_NODES,
    MAX_TEXT_BYTES,
    PLAIN,
    Buffer,
    Message,
    Tree,
    ValueTooLarge,
    is_empty_and_wide,
)

_NAME_OF = {dtype: name for name, dtype in DTYPE_OF.items()}
_SMALL_BYTES = 2**16
_AS_IT_IS = frozenset([type(None), bool, float])
_KEYS = PLAIN | {complex}
_PYTHONS_NUMBERS = {float: "<f8", int: "<i8", bool: "|b1"}


def pack(value: object, refer: Callable[[object], Tree], max_bytes: int) -> Message:
    """Turn a value into a parcel; arrays are copied.

    Args:
        value: anything; plain values are carried by value.
        refer: makes the node for an object that is not plain.
        max_bytes: cap on the sum of all buffers, and on the sum of all strings and bytes, which may
            not be more than `MAX_TEXT_BYTES` either.

    Raises:
        ValueTooLarge: the value is over the cap.
    """
    packer = _Packer(refer, max_bytes)
    return Message(packer.node(value, 0), packer.buffers)


class _Packer:
    def __init__(self, refer: Callable[[object], Tree], max_bytes: int) -> None:
        self.refer, self.bytes_left, self.nodes_left = refer, max_bytes, MAX_NODES - 1
        self.text_left, self.listed_left = min(max_bytes, MAX_TEXT_BYTES), MAX_LISTED
        self.buffers: list[Buffer] = []

    def node(self, value: object, depth: int) -> Tree:
        # The type itself and not isinstance: a subclass may be more than its base, so it stays
        # where it is, unless a library made it for its content alone.
        kind = type(value)
        if kind in _AS_IT_IS:
            return value
        writer = _WRITERS.get(kind)
        if writer is not None:
            return writer(self, value, depth)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            dtype = _wire_dtype(value.dtype)
            if dtype is not None:
                return self._scalar(value, dtype)
        return self._copy(value, depth)

    def _copy(self, value: object, depth: int) -> Tree:
        copy = plain_copy(value)
        return self.refer(value) if copy is NOTHING else self.node(copy, depth)

    def _nodes(self, values: Collection[object], depth: int) -> list[Tree]:
        self._spend_nodes(len(values))
        return [one if type(one) in _AS_IT_IS else self.node(one, depth) for one in values]

    def _numbers(self, value: list[Any]) -> Tree | None:
        """A long list of numbers as a node, None where it holds anything else."""
        items, shape = value, [len(value)]
        kinds = set(map(type, items))
        if kinds == {list} and len({len(row) for row in items}) == 1 and items[0]:
            shape.append(len(items[0]))
            items = list(itertools.chain.from_iterable(items))
            kinds = set(map(type, items))
        (kind, *others) = kinds
        if others:
            return None
        dtype = _PYTHONS_NUMBERS.get(kind)
        is_plain = dtype is not None
        if issubclass(kind, np.generic) and kind.__module__ == "numpy":
            dtype = _wire_dtype(items[0].dtype)
        if dtype is None:
            return None
        try:
            data = np.array(items, DTYPE_OF[dtype]).tobytes()
        except OverflowError:  # an integer of more than 64 bits
            return None
        self.bytes_left -= len(data)
        self.listed_left -= len(items) + len(value)
        if self.listed_left < 0 or self.bytes_left < 0:
            raise ValueTooLarge(f"more than {MAX_LISTED:,} numbers in lists at once")
        index = self._keep(data)
        node = {"kind": "numbers", "dtype": dtype, "shape": shape, "plain": is_plain}
        return node | {"buffer": index}

    def list(self, value: list[object], depth: int) -> Tree:
        if depth >= MAX_DEPTH:
            return self.refer(value)
        numbers = self._numbers(value) if len(value) >= LONG else None
        return self._nodes(value, depth + 1) if numbers is None else numbers

    def tuple(self, value: tuple[object, ...], depth: int) -> Tree:
        if depth >= MAX_DEPTH:
            return self.refer(value)
        return {"kind": "tuple", "items": self._nodes(value, depth + 1)}

    def slice(self, value: slice, depth: int) -> Tree:
        if depth >= MAX_DEPTH:
            return self.refer(value)
        parts = [value.start, value.stop, value.step]
        return {"kind": "slice", "items": self._nodes(parts, depth + 1)}

    def dict(self, value: dict[object, object], depth: int) -> Tree:
        inside = depth + 1
        keys = _plain_keys(value, inside)
        if depth >= MAX_DEPTH or keys is None:
            return self.refer(value)
        self._spend_nodes(2 * len(value))
        items = zip(keys, value.values(), strict=True)
        pairs = [[self.node(key, inside), self.node(item, inside)] for key, item in items]
        return {"kind": "dict", "items": pairs}

    def ellipsis(self, value: object, depth: int) -> Tree:
        return {"kind": "ellipsis"}

    def complex(self, value: complex, depth: int) -> Tree:
        return {"kind": "complex", "real": value.real, "imag": value.imag}

    def integer(self, value: int, depth: int) -> Tree:
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > 4 * MAX_INTEGER_DIGITS:
            raise ValueTooLarge(f"an integer of {value.bit_length():,} bits")
        digits = format(value, "x")
        self._spend_text(len(digits))
        return {"kind": "integer", "digits": digits}

    def bytes(self, value: bytes, depth: int) -> Tree:
        self._spend_text(len(value))
        return value

    def text(self, text: str, depth: int) -> Tree:
        self._spend_text(len(text))
        if text.isascii():
            return text
        data = text.encode("utf-8", "replace")
        self._spend_text(len(data) - len(text))
        return data.decode("utf-8")

    def array(self, array: np.ndarray, depth: int) -> Tree:
        dtype = _wire_dtype(array.dtype)
        if dtype is None:
            return self._copy(array, depth)
        if array.ndim > MAX_DIMENSIONS:
            return self.refer(array)
        self.bytes_left -= array.nbytes
        if is_empty_and_wide(array.shape):
            what = f"an array of shape {array.shape}"
            raise ValueTooLarge(f"{what} has no entries, but more rows than one answer may have")
        if self.bytes_left < 0:
            what = f"an array of shape {array.shape} ({array.nbytes / 1e9:.1f} GB)"
            raise ValueTooLarge(f"{what} is larger than one answer may be")
        buffer: Buffer
        if array.nbytes < _SMALL_BYTES:
            buffer = array.astype(DTYPE_OF[dtype], copy=False).tobytes()
        else:
            data = array.astype(DTYPE_OF[dtype], order="C", copy=True)
            buffer = data.reshape(-1).view(np.uint8).data
        shape, index = [*array.shape], self._keep(buffer)
        return {"kind": "array", "dtype": dtype, "shape": shape, "buffer": index}

    def _scalar(self, scalar: np.generic, dtype: str) -> Tree:
        data = np.asarray(scalar).astype(DTYPE_OF[dtype]).tobytes()
        return {"kind": "scalar", "dtype": dtype, "buffer": self._keep(data)}

    def _keep(self, buffer: Buffer) -> int:
        self.buffers.append(buffer)
        return len(self.buffers) - 1

    def _spend_nodes(self, number: int) -> None:
        self.nodes_left -= number
        if self.nodes_left < 0:
            raise ValueTooLarge(f"more than {MAX_NODES:,} values at once")

    def _spend_text(self, size: int) -> None:
        self.text_left -= size
        if self.text_left < 0:
            raise ValueTooLarge(f"more than {MAX_TEXT_BYTES // 2**20} MiB of text and bytes")


_WRITERS: dict[type, Callable[[_Packer, Any, int], Tree]] = {
    int: _Packer.integer,
    str: _Packer.text,
    bytes: _Packer.bytes,
    complex: _Packer.complex,
    list: _Packer.list,
    tuple: _Packer.tuple,
    dict: _Packer.dict,
    slice: _Packer.slice,
    type(Ellipsis): _Packer.ellipsis,
    np.ndarray: _Packer.array,
}


def _plain_keys(value: dict[object, object], depth: int) -> list[object] | None:
    """The keys as `unpack` can make them, None where it cannot."""
    keys = list(value)
    if _KEYS.issuperset(map(type, keys)):
        return keys
    copies = [key if _is_key(key, depth) else content_of(key) for key in keys]
    if not all(_is_key(copy, depth) for copy in copies) or len(set(copies)) < len(copies):
        return None
    return copies


def _is_key(value: object, depth: int) -> bool:
    """Whether `unpack` can make a dict key of it; an object's hash stays with the object."""
    kind = type(value)
    if kind is tuple:
        return depth < MAX_DEPTH and all(_is_key(item, depth + 1) for item in value)  # type: ignore[attr-defined]
    return kind in _KEYS or (
        isinstance(value, np.generic)
        and kind.__module__ == "numpy"
        and _wire_dtype(value.dtype) is not None
    )


def carried_text(text: str) -> str:
    """The text with what UTF-8 cannot hold replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _wire_dtype(dtype: np.dtype) -> str | None:
    """The listed little-endian name of a dtype, or None where arrays of it are not carried."""
    name = _NAME_OF.get(dtype)
    if name is None:
        other = dtype.newbyteorder("<").str
        name = other if other in DTYPE_OF else None
    return name
