"""Carry plain values between two interpreters as trees of plain nodes and raw array buffers.

A tree holds None, bool, int, float, str, bytes and lists as themselves; every other value is a
node, a dict with a `kind`:

    tuple   items                 dict    items: [[key, value], ...]
    complex real, imag            integer digits (hexadecimal, where 64 bits do not hold it)
    array   dtype, shape, buffer  scalar  dtype, buffer          reference  id, type
    slice   items: start, stop, step                             ellipsis

`buffer` is an index into the list of raw buffers that travels beside the tree. `pack` runs beside
student code and may be lied to; `unpack` believes nothing: it accepts listed kinds and dtypes
only, checks every size before it allocates, and returns copies that nobody else can change.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Tree = Any
Buffer = bytes | bytearray | memoryview

DTYPES = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split()  # all little-endian
)
MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_DIMENSIONS = 16
MAX_INTEGER_DIGITS = 4096


class MalformedValue(ValueError):
    """A tree that `pack` cannot have made."""


class ValueTooLarge(ValueError):
    """A value that is larger than one message may be."""


@dataclass
class Parcel:
    """A tree and the raw buffers that its nodes point to."""

    tree: Tree = None
    buffers: list[Buffer] = field(default_factory=list)


def pack(value: object, refer: Callable[[object], Tree], max_bytes: int) -> Parcel:
    """Turn a value into a parcel; arrays are copied.

    Args:
        value: anything; plain values are carried by value.
        refer: makes the node for an object that is not plain.
        max_bytes: cap on the sum of all buffers, strings and bytes.

    Raises:
        ValueTooLarge: the value is over the cap.
    """
    return _Packer(refer, max_bytes).pack(value)


class _Packer:
    def __init__(self, refer: Callable[[object], Tree], max_bytes: int) -> None:
        self.refer, self.bytes_left, self.nodes_left = refer, max_bytes, MAX_NODES
        self.buffers: list[Buffer] = []

    def pack(self, value: object) -> Parcel:
        return Parcel(self._node(value, 0), self.buffers)

    def _node(self, value: object, depth: int) -> Tree:
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise ValueTooLarge(f"more than {MAX_NODES:,} values at once")
        # `type(...) is` and not isinstance: a subclass may lie, so it stays where it is.
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value
        if kind is int:
            return self._integer(value)  # type: ignore[arg-type]
        if kind is str:
            self._spend(len(value))  # type: ignore[arg-type]
            return carried_text(value)  # type: ignore[arg-type]
        if kind is bytes:
            self._spend(len(value))  # type: ignore[arg-type]
            return value
        if kind is complex:
            return {"kind": "complex", "real": value.real, "imag": value.imag}  # type: ignore[attr-defined]
        if value is Ellipsis:
            return {"kind": "ellipsis"}
        if kind is np.ndarray and _wire_dtype(value.dtype) is not None:  # type: ignore[attr-defined]
            return self._array(value)  # type: ignore[arg-type]
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            return self._scalar(value)
        if depth < MAX_DEPTH:
            if kind is list:
                return [self._node(item, depth + 1) for item in value]  # type: ignore[attr-defined]
            if kind is tuple:
                items = [self._node(item, depth + 1) for item in value]  # type: ignore[attr-defined]
                return {"kind": "tuple", "items": items}
            if kind is slice:
                items = [value.start, value.stop, value.step]  # type: ignore[attr-defined]
                return {"kind": "slice", "items": [self._node(item, depth + 1) for item in items]}
            if kind is dict:
                pairs = [
                    [self._node(key, depth + 1), self._node(item, depth + 1)]
                    for key, item in value.items()  # type: ignore[attr-defined]
                ]
                return {"kind": "dict", "items": pairs}
        return self.refer(value)

    def _integer(self, value: int) -> Tree:
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > 4 * MAX_INTEGER_DIGITS:
            raise ValueTooLarge(f"an integer of {value.bit_length():,} bits")
        return {"kind": "integer", "digits": format(value, "x")}

    def _array(self, array: np.ndarray) -> Tree:
        self._spend(array.nbytes, f"an array of shape {array.shape} ({array.nbytes / 1e9:.1f} GB)")
        dtype = _wire_dtype(array.dtype)
        data = array.astype(dtype, order="C", copy=True)
        buffer = data.reshape(-1).view(np.uint8).data if data.size else b""
        return {"kind": "array", "dtype": dtype, "shape": list(array.shape), **self._keep(buffer)}

    def _scalar(self, scalar: np.generic) -> Tree:
        dtype = _wire_dtype(scalar.dtype)
        if dtype is None:
            return self.refer(scalar)
        data = np.asarray(scalar).astype(dtype).tobytes()
        return {"kind": "scalar", "dtype": dtype, **self._keep(data)}

    def _keep(self, buffer: Buffer) -> dict[str, int]:
        self.buffers.append(buffer)
        return {"buffer": len(self.buffers) - 1}

    def _spend(self, size: int, what: str = "a value") -> None:
        self.bytes_left -= size
        if self.bytes_left < 0:
            raise ValueTooLarge(f"{what} is larger than one answer may be")


def carried_text(text: str) -> str:
    """The text with what UTF-8 cannot hold replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _wire_dtype(dtype: np.dtype) -> str | None:
    """The listed little-endian name of a dtype, or None where arrays of it are not carried."""
    name = dtype.newbyteorder("<").str
    return name if name in DTYPES else None


def unpack(
    parcel: Parcel, dereference: Callable[[int, str], object], *, writeable: bool = True
) -> object:
    """Turn a parcel back into a value, made of fresh copies.

    Args:
        parcel: as received; nothing in it is believed.
        dereference: makes the object for a reference node from its id and type name.
        writeable: whether arrays may be written to.

    Raises:
        MalformedValue: an unknown kind, dtype or field, a size that does not fit, or too deep.
    """
    return _Unpacker(parcel.buffers, dereference, writeable).value(parcel.tree, 0)


class _Unpacker:
    def __init__(
        self,
        buffers: Sequence[Buffer],
        dereference: Callable[[int, str], object],
        writeable: bool,
    ) -> None:
        self.buffers, self.dereference, self.writeable = buffers, dereference, writeable
        self.nodes_left = MAX_NODES

    def value(self, tree: Tree, depth: int) -> object:
        self.nodes_left -= 1
        if self.nodes_left < 0 or depth > MAX_DEPTH + 1:
            raise MalformedValue("too many values, or too deep")
        if tree is None or type(tree) in (bool, int, float, str, bytes):
            return tree
        if type(tree) is list:
            return [self.value(item, depth + 1) for item in tree]
        if type(tree) is not dict:
            raise MalformedValue(f"no value is a {type(tree).__name__}")
        kind = tree.get("kind")
        reader = _READERS.get(kind) if type(kind) is str else None
        if reader is None:
            raise MalformedValue("unknown kind of node")
        return reader(self, tree, depth)

    def tuple(self, tree: Tree, depth: int) -> object:
        return tuple(self.value(item, depth + 1) for item in _field(tree, "items", list))

    def slice(self, tree: Tree, depth: int) -> object:
        return slice(*[self.value(item, depth + 1) for item in _field(tree, "items", list)[:3]])

    def ellipsis(self, tree: Tree, depth: int) -> object:
        return Ellipsis

    def dict(self, tree: Tree, depth: int) -> object:
        result = {}
        for pair in _field(tree, "items", list):
            if type(pair) is not list or len(pair) != 2:
                raise MalformedValue("a dict item is not a pair")
            key = self.value(pair[0], depth + 1)
            try:
                result[key] = self.value(pair[1], depth + 1)
            except TypeError as error:
                raise MalformedValue("a dict key cannot be hashed") from error
        return result

    def complex(self, tree: Tree, depth: int) -> object:
        return complex(_field(tree, "real", float), _field(tree, "imag", float))

    def integer(self, tree: Tree, depth: int) -> object:
        digits = _field(tree, "digits", str)
        if len(digits) > MAX_INTEGER_DIGITS + 1:
            raise MalformedValue("an integer is too long")
        try:
            return int(digits, 16)
        except ValueError as error:
            raise MalformedValue("an integer has other characters than digits") from error

    def array(self, tree: Tree, depth: int) -> object:
        shape = _field(tree, "shape", list)
        if len(shape) > MAX_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
            raise MalformedValue("an array's shape is not a list of sizes")
        array = self._array(tree, math.prod(shape)).reshape(shape)
        array.flags.writeable = self.writeable
        return array

    def scalar(self, tree: Tree, depth: int) -> object:
        return self._array(tree, 1)[0]

    def reference(self, tree: Tree, depth: int) -> object:
        return self.dereference(_field(tree, "id", int), _field(tree, "type", str)[:100])

    def _array(self, tree: Tree, size: int) -> np.ndarray:
        name, index = _field(tree, "dtype", str), _field(tree, "buffer", int)
        if name not in DTYPES:
            raise MalformedValue("an array's dtype is not one of those carried")
        if not 0 <= index < len(self.buffers):
            raise MalformedValue("an array without its buffer")
        dtype, buffer = np.dtype(name), self.buffers[index]
        if len(buffer) != size * dtype.itemsize:
            raise MalformedValue("an array's buffer does not fit its shape")
        array = np.empty(size, dtype)
        array.view(np.uint8)[:] = np.frombuffer(buffer, np.uint8) if size else 0
        # A forged bool may be any byte; numpy's arithmetic relies on 0 and 1.
        return array.view(np.uint8) != 0 if name == "|b1" else array


_READERS = {
    "tuple": _Unpacker.tuple,
    "dict": _Unpacker.dict,
    "slice": _Unpacker.slice,
    "ellipsis": _Unpacker.ellipsis,
    "complex": _Unpacker.complex,
    "integer": _Unpacker.integer,
    "array": _Unpacker.array,
    "scalar": _Unpacker.scalar,
    "reference": _Unpacker.reference,
}


def _field(tree: Tree, name: str, kind: type) -> Any:
    value = tree.get(name)
    if type(value) is not kind:
        raise MalformedValue(f"a node's {name} is missing or of another type")
    return value
