"""Turn parcels back into values; believes nothing of what it reads.

Listed kinds and dtypes only; every size is checked before anything is allocated; nobody else can
change what comes out.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.remote.nodes import (
    DTYPE_OF,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INTEGER_DIGITS,
    MAX_LISTED,
    MAX_NODES,
    MAX_SAME_HASH,
    PLAIN,
    Buffer,
    MalformedValue,
    Message,
    Tree,
    is_empty_and_wide,
    is_list_of_sizes,
)

_BOOL = DTYPE_OF["|b1"]


def unpack(
    parcel: Message, dereference: Callable[[int, str], object], *, writeable: bool = True
) -> object:
    """Turn a parcel back into a value.

    Args:
        parcel: as received; nothing in it is believed. It is used up: buffers that can be written
            to become the memory of the arrays.
        dereference: makes the object for a reference node from its id and type name.
        writeable: whether arrays may be written to.

    Raises:
        MalformedValue: an unknown kind, dtype or field, a size that does not fit, or too deep.
    """
    if type(parcel.tree) in PLAIN:
        return parcel.tree
    return _Unpacker(parcel.buffers, dereference, writeable).value(parcel.tree, 0)


class _Unpacker:
    def __init__(
        self,
        buffers: Sequence[Buffer],
        dereference: Callable[[int, str], object],
        writeable: bool,
    ) -> None:
        self.buffers, self.dereference, self.writeable = buffers, dereference, writeable
        self.nodes_left, self.listed_left = MAX_NODES, MAX_LISTED
        self.used: set[int] = set()

    def value(self, tree: Tree, depth: int) -> object:
        form = type(tree)
        if form in PLAIN:
            return tree
        if form is list:
            return self._values(tree, depth + 1)
        if form is not dict:
            raise MalformedValue(f"no value is a {form.__name__}")
        kind = tree.get("kind")
        reader = _READERS.get(kind) if type(kind) is str else None
        if reader is None:
            raise MalformedValue("unknown kind of node")
        return reader(self, tree, depth)

    def _values(self, trees: list[Tree], depth: int) -> list[object]:
        self._count(len(trees), depth)
        return [one if type(one) in PLAIN else self.value(one, depth) for one in trees]

    def _count(self, number: int, depth: int) -> None:
        self.nodes_left -= number
        if self.nodes_left < 0 or depth > MAX_DEPTH + 1:
            raise MalformedValue("too many values, or too deep")

    def tuple(self, tree: Tree, depth: int) -> object:
        return tuple(self._values(_field(tree, "items", list), depth + 1))

    def slice(self, tree: Tree, depth: int) -> object:
        items = _field(tree, "items", list)
        if len(items) != 3:
            raise MalformedValue("a slice has other parts than start, stop and step")
        return slice(*self._values(items, depth + 1))

    def ellipsis(self, tree: Tree, depth: int) -> object:
        return Ellipsis

    def dict(self, tree: Tree, depth: int) -> object:
        result: dict[Any, object] = {}
        seen: dict[int, int] = {}
        pairs = _field(tree, "items", list)
        self._count(2 * len(pairs), depth + 1)
        for pair in pairs:
            if type(pair) is not list or len(pair) != 2:
                raise MalformedValue("a dict item is not a pair")
            key = pair[0]
            # Only text has a hash that nobody can foresee. Other keys can be chosen to have the
            # same one, and then each has to be compared with all before it.
            if type(key) is not str:
                key = self.value(key, depth + 1)
                try:
                    number = hash(key)
                except TypeError as error:
                    raise MalformedValue("a dict key cannot be hashed") from error
                seen[number] = seen.get(number, 0) + 1
                if seen[number] > MAX_SAME_HASH:
                    raise MalformedValue("too many dict keys have one hash")
            item = pair[1]
            result[key] = item if type(item) in PLAIN else self.value(item, depth + 1)
        return result

    def complex(self, tree: Tree, depth: int) -> object:
        return complex(_field(tree, "real", float), _field(tree, "imag", float))

    def integer(self, tree: Tree, depth: int) -> object:
        digits = _field(tree, "digits", str)
        if len(digits) > MAX_INTEGER_DIGITS + 1:
            raise MalformedValue("an integer is too long")
        try:
            value = int(digits, 16)
        except ValueError as error:
            raise MalformedValue("an integer has other characters than digits") from error
        if format(value, "x") != digits:  # int() reads blanks, underscores and a prefix, too
            raise MalformedValue("an integer is written in another way")
        return value

    def array(self, tree: Tree, depth: int) -> object:
        shape = _field(tree, "shape", list)
        if len(shape) > MAX_DIMENSIONS or not is_list_of_sizes(shape):
            raise MalformedValue("an array's shape is not a list of sizes")
        return self._array(tree, shape)

    def numbers(self, tree: Tree, depth: int) -> object:
        shape = _field(tree, "shape", list)
        if not 1 <= len(shape) <= 2 or not is_list_of_sizes(shape) or 0 in shape:
            raise MalformedValue("the shape of a list of numbers is not one or two sizes")
        self._count(0, depth + len(shape))
        self.listed_left -= shape[0] + math.prod(shape)
        if self.listed_left < 0:
            raise MalformedValue("too many numbers in lists")
        array = self._array(tree, shape)
        if _field(tree, "plain", bool):
            return array.tolist()
        return list(array) if len(shape) == 1 else [list(row) for row in array]

    def scalar(self, tree: Tree, depth: int) -> object:
        return self._array(tree, [1])[0]

    def reference(self, tree: Tree, depth: int) -> object:
        return self.dereference(_field(tree, "id", int), _field(tree, "type", str)[:100])

    def _array(self, tree: Tree, shape: list[int]) -> np.ndarray:
        dtype = DTYPE_OF.get(_field(tree, "dtype", str))
        index = _field(tree, "buffer", int)
        if dtype is None:
            raise MalformedValue("an array's dtype is not one of those carried")
        # Each buffer belongs to one array, or a small message could become any number of copies.
        if not 0 <= index < len(self.buffers) or index in self.used:
            raise MalformedValue("an array without a buffer of its own")
        self.used.add(index)
        buffer = self.buffers[index]
        if len(buffer) != math.prod(shape) * dtype.itemsize:
            raise MalformedValue("an array's buffer does not fit its shape")
        if is_empty_and_wide(shape):
            raise MalformedValue("an empty array's other sizes are too large")
        array = self._own(buffer, dtype, shape)
        if not self.writeable and array.flags.writeable:
            array.flags.writeable = False
        return array

    def _own(self, buffer: Buffer, dtype: np.dtype, shape: list[int]) -> np.ndarray:
        """An array in memory that nobody else writes to."""
        if not buffer:
            return np.empty(shape, dtype)
        if type(buffer) is memoryview and not buffer.readonly:
            # `pack` and the channel have made it for this parcel: no need to copy a gigabyte.
            memory: Buffer = buffer
        else:
            changes = self.writeable or dtype is _BOOL
            memory = bytearray(buffer) if changes else bytes(buffer)
        array: np.ndarray = np.ndarray(shape, dtype, memory)
        if dtype is _BOOL:
            # A forged bool may be any byte; numpy's arithmetic relies on 0 and 1.
            np.not_equal(array.view(np.uint8), 0, out=array)
        return array


_READERS = {
    "tuple": _Unpacker.tuple,
    "dict": _Unpacker.dict,
    "slice": _Unpacker.slice,
    "ellipsis": _Unpacker.ellipsis,
    "complex": _Unpacker.complex,
    "integer": _Unpacker.integer,
    "array": _Unpacker.array,
    "numbers": _Unpacker.numbers,
    "scalar": _Unpacker.scalar,
    "reference": _Unpacker.reference,
}


def _field(tree: Tree, name: str, kind: type) -> Any:
    value = tree.get(name)
    if type(value) is not kind:
        raise MalformedValue(f"a node's {name} is missing or of another type")
    return value
