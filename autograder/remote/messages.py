"""Both sides: convert plain values to messages, and back.

A message is a tree of plain nodes, with separate raw array buffers. A tree contains None, bool,
int, float, str, bytes and lists unchanged; every other value is a node, a dict with a `kind`:

    tuple   items                 dict    items: [[key, value], ...]
    complex real, imag            integer digits (hexadecimal, for integers of more than 64 bits)
    array   dtype, shape, buffer  scalar  dtype, buffer          reference  id, type
    slice   items: start, stop, step                             ellipsis
    set     items, frozen                range   items: start, stop, step
    texts   items, shape: an array of strings
    numbers dtype, shape, buffer, plain: a long list of numbers of one type, or of such lists of the
            same length; `plain` says whether they are Python's numbers or numpy's

`buffer` is an index into the list of raw buffers; each node has its own buffer.

`pack` may run next to student code and does not trust the objects that it packs. `unpack` does not
trust its input: it accepts only the listed kinds and dtypes, checks every size before it allocates,
and returns objects that other processes cannot change.
"""

import itertools
import math
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.remote.content import NOTHING, PLAIN, content_of, plain_copy

Tree = Any
Buffer = bytes | bytearray | memoryview

DTYPES = frozenset(
    "|b1 |i1 |u1 <i2 <u2 <i4 <u4 <i8 <u8 <f2 <f4 <f8 <c8 <c16".split()  # all little-endian
)
MAX_DEPTH = 32
MAX_NODES = 100_000
MAX_DIMENSIONS = 16
MAX_INTEGER_DIGITS = 3500  # hexadecimal; Python refuses to print more than 4300 decimal ones
MAX_TEXT_BYTES = 8 * 2**20  # strings and bytes are part of the head, which is limited more tightly
MAX_SAME_HASH = 64
MAX_RANGE = 1_000_000  # a test may make a list of a range
MAX_TEXT_ARRAY_BYTES = 64 * 2**20  # numpy gives each string of an array the room of the longest
LONG = 256  # minimum length of a list of numbers that is sent as a buffer
MAX_LISTED = 2_000_000  # numbers in such lists, and inner lists; unpacked, a number takes 32 bytes
MAX_WITHIN_EMPTY = 1_000_000  # an array without entries can have any number of rows

DTYPE_OF = {name: np.dtype(name) for name in DTYPES}
_BOOL = DTYPE_OF["|b1"]
_NAME_OF = {dtype: name for name, dtype in DTYPE_OF.items()}
_SMALL_BYTES = 2**16
_AS_IT_IS = frozenset([type(None), bool, float])
_KEYS = PLAIN | {complex}
_PYTHONS_NUMBERS = {float: "<f8", int: "<i8", bool: "|b1"}


class MalformedValue(ValueError):
    """A tree that `pack` cannot have produced."""


class ValueTooLarge(ValueError):
    """A value that is larger than one message may be."""


def is_list_of_sizes(value: list[Any]) -> bool:
    """Return whether all items are of type int exactly and not negative."""
    for size in value:  # noqa: SIM110 - most have one or two, and `all` takes three times as long
        if type(size) is not int or size < 0:
            return False
    return True


def is_empty_and_wide(shape: Sequence[int]) -> bool:
    """Return whether an array of this shape lacks entries, but still takes long to go through."""
    return 0 in shape and math.prod(filter(None, shape)) > MAX_WITHIN_EMPTY


@dataclass
class Message:
    """A tree and the raw buffers that its nodes point to."""

    tree: Tree = None
    buffers: list[Buffer] = field(default_factory=list)


def pack(value: object, refer: Callable[[object], Tree], max_bytes: int) -> Message:
    """Convert a value to a message; arrays are copied.

    Args:
        value: any object; plain values are sent by value.
        refer: returns the node for an object that is not plain.
        max_bytes: cap on the sum of all buffers, and on the sum of all strings and bytes, which is
            also limited by `MAX_TEXT_BYTES`.

    Raises:
        ValueTooLarge: the value is over the cap.
    """
    packer = _Packer(refer, max_bytes)
    return Message(packer.node(value, 0), packer.buffers)


class _Packer:
    """Converts one value to nodes, and counts its use of the limits."""

    def __init__(self, refer: Callable[[object], Tree], max_bytes: int) -> None:
        self.refer, self.bytes_left, self.nodes_left = refer, max_bytes, MAX_NODES - 1
        self.text_left, self.listed_left = min(max_bytes, MAX_TEXT_BYTES), MAX_LISTED
        self.text_arrays_left = MAX_TEXT_ARRAY_BYTES
        self.buffers: list[Buffer] = []

    def node(self, value: object, depth: int) -> Tree:
        # The exact type, not isinstance: an object of a subclass may be more than its content, so
        # it is sent as a reference, unless it is of a library's class for content only.
        kind = type(value)
        if kind in _AS_IT_IS:
            return value
        writer = _WRITERS.get(kind)
        if writer is not None:
            return writer(self, value, depth)
        if isinstance(value, np.generic) and kind.__module__ == "numpy":
            dtype = _carried_dtype(value.dtype)
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
        """Return a long list of numbers as a node; None if it contains anything else."""
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
            dtype = _carried_dtype(items[0].dtype)
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

    def set(self, value: AbstractSet[object], depth: int) -> Tree:
        items = list(value)
        if depth >= MAX_DEPTH or not all(_is_key(one, depth + 1) for one in items):
            return self.refer(value)
        items = sorted(items, key=repr)  # otherwise the order would differ from run to run
        nodes = self._nodes(items, depth + 1)
        return {"kind": "set", "items": nodes, "frozen": type(value) is frozenset}

    def range(self, value: range, depth: int) -> Tree:
        parts = [value.start, value.stop, value.step]
        if not all(-(2**62) < part < 2**62 for part in parts) or len(value) > MAX_RANGE:
            return self.refer(value)
        self._spend_nodes(3)
        self.listed_left -= len(value)
        if self.listed_left < 0:
            raise ValueTooLarge(f"more than {MAX_LISTED:,} numbers in lists and ranges at once")
        return {"kind": "range", "items": parts}

    def _texts(self, array: np.ndarray) -> Tree:
        if array.ndim > MAX_DIMENSIONS or is_empty_and_wide(array.shape):
            return self.refer(array)
        self.text_arrays_left -= max(array.nbytes, 4 * array.size)
        if self.text_arrays_left < 0:
            most = MAX_TEXT_ARRAY_BYTES // 2**20
            raise ValueTooLarge(f"more than {most} MiB of arrays of strings at once")
        nodes = self._nodes(array.ravel().tolist(), MAX_DEPTH)
        return {"kind": "texts", "items": nodes, "shape": [*array.shape]}

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
        dtype = _carried_dtype(array.dtype)
        if dtype is None:
            return self._texts(array) if array.dtype.kind == "U" else self._copy(array, depth)
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
    set: _Packer.set,
    frozenset: _Packer.set,
    range: _Packer.range,
    np.ndarray: _Packer.array,
}


def _plain_keys(value: dict[object, object], depth: int) -> list[object] | None:
    """Return the keys in a form that `unpack` can make; None if that is not possible."""
    keys = list(value)
    if _KEYS.issuperset(map(type, keys)):
        return keys
    copies = [key if _is_key(key, depth) else content_of(key) for key in keys]
    if not all(_is_key(copy, depth) for copy in copies) or len(set(copies)) < len(copies):
        return None
    return copies


def _is_key(value: object, depth: int) -> bool:
    """Return whether `unpack` can make it a dict key; a reference lacks the object's hash."""
    kind = type(value)
    if kind is tuple:
        return depth < MAX_DEPTH and all(_is_key(item, depth + 1) for item in value)  # type: ignore[attr-defined]
    return kind in _KEYS or (
        isinstance(value, np.generic)
        and kind.__module__ == "numpy"
        and _carried_dtype(value.dtype) is not None
    )


def carried_text(text: str) -> str:
    """Return the text with characters replaced that UTF-8 cannot encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _carried_dtype(dtype: np.dtype) -> str | None:
    """Return the listed little-endian name of a dtype, or None if it is not in `DTYPES`."""
    name = _NAME_OF.get(dtype)
    if name is None:
        other = dtype.newbyteorder("<").str
        name = other if other in DTYPE_OF else None
    return name


def unpack(
    message: Message, dereference: Callable[[int, str], object], *, writeable: bool = True
) -> object:
    """Convert a message back to a value.

    Args:
        message: the message as received, not trusted. It must not be used afterwards, because
            writeable buffers become the memory of the arrays.
        dereference: returns the object for a reference node, given its id and type name.
        writeable: whether arrays may be written to.

    Raises:
        MalformedValue: a kind or dtype is unknown, a field is missing or has another type, a size
            does not match, or the tree is too deep.
    """
    if type(message.tree) in PLAIN:
        return message.tree
    return _Unpacker(message.buffers, dereference, writeable).value(message.tree, 0)


class _Unpacker:
    """Converts the nodes of one message to values, and counts its use of the limits."""

    def __init__(
        self,
        buffers: Sequence[Buffer],
        dereference: Callable[[int, str], object],
        writeable: bool,
    ) -> None:
        self.buffers, self.dereference, self.writeable = buffers, dereference, writeable
        self.nodes_left, self.listed_left = MAX_NODES, MAX_LISTED
        self.text_arrays_left = MAX_TEXT_ARRAY_BYTES
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
            # Only the hash of text is unpredictable. Other keys can be chosen so that their hashes
            # collide, and then each key has to be compared with all keys before it.
            if type(key) is not str:
                key = self.value(key, depth + 1)
                _count_hash(key, seen)
            item = pair[1]
            result[key] = item if type(item) in PLAIN else self.value(item, depth + 1)
        return result

    def set(self, tree: Tree, depth: int) -> object:
        values = self._values(_field(tree, "items", list), depth + 1)
        seen: dict[int, int] = {}
        for value in values:
            _count_hash(value, seen)
        return frozenset(values) if _field(tree, "frozen", bool) else set(values)

    def range(self, tree: Tree, depth: int) -> object:
        items = _field(tree, "items", list)
        if [*map(type, items)] != [int] * 3 or items[2] == 0:
            raise MalformedValue("the parts of a range are not three integers")
        if not all(-(2**62) < part < 2**62 for part in items):  # a length has 63 bits
            raise MalformedValue("a part of a range is too large")
        self._count(3, depth)
        value = range(*items)
        if len(value) > MAX_RANGE:
            raise MalformedValue("a range is too long")
        self.listed_left -= len(value)
        if self.listed_left < 0:
            raise MalformedValue("too many numbers in ranges")
        return value

    def texts(self, tree: Tree, depth: int) -> object:
        shape, items = _field(tree, "shape", list), _field(tree, "items", list)
        if len(shape) > MAX_DIMENSIONS or not is_list_of_sizes(shape):
            raise MalformedValue("an array's shape is not a list of sizes")
        if math.prod(shape) != len(items) or is_empty_and_wide(shape):
            raise MalformedValue("an array of strings does not fit its shape")
        self._count(len(items), depth)
        if not all(type(one) is str for one in items):
            raise MalformedValue("an array of strings has another entry")
        longest = max(1, max(map(len, items), default=0))
        self.text_arrays_left -= 4 * longest * len(items)
        if self.text_arrays_left < 0:
            raise MalformedValue("arrays of strings are too large")
        array = np.array(items, dtype=f"<U{longest}").reshape(shape)
        array.flags.writeable = self.writeable
        return array

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
        if format(value, "x") != digits:  # int() also accepts blanks, underscores and a prefix
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
        # Each buffer belongs to one array, or a small message could produce any number of copies.
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
        """Return an array in memory that other objects do not write to."""
        if not buffer:
            return np.empty(shape, dtype)
        if type(buffer) is memoryview and not buffer.readonly:
            # `pack` or the channel made it for this message, so a gigabyte need not be copied.
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
    "set": _Unpacker.set,
    "range": _Unpacker.range,
    "texts": _Unpacker.texts,
    "complex": _Unpacker.complex,
    "integer": _Unpacker.integer,
    "array": _Unpacker.array,
    "numbers": _Unpacker.numbers,
    "scalar": _Unpacker.scalar,
    "reference": _Unpacker.reference,
}


def _count_hash(key: object, seen: dict[int, int]) -> None:
    """Count a key of a dict or an element of a set; refuse it if too many others have its hash."""
    if not _is_key(key, 0):  # the hash of a reference would be a request of its own
        raise MalformedValue("a dict key or an element of a set cannot be hashed")
    number = hash(key)
    if type(key) is not str:  # only the hash of text is unpredictable
        seen[number] = seen.get(number, 0) + 1
        if seen[number] > MAX_SAME_HASH:
            raise MalformedValue("too many dict keys or elements of a set have one hash")


def _field(tree: Tree, name: str, kind: type) -> Any:
    value = tree.get(name)
    if type(value) is not kind:
        raise MalformedValue(f"a node's {name} is missing or of another type")
    return value
