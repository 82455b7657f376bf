"""Turn plain values into parcels; this runs beside student code and may be lied to."""

from collections.abc import Callable

import numpy as np

from autograder.workbench.nodes import (
    DTYPE_OF,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INTEGER_DIGITS,
    MAX_NODES,
    MAX_TEXT_BYTES,
    PLAIN,
    Buffer,
    Parcel,
    Tree,
    ValueTooLarge,
)

_NAME_OF = {dtype: name for name, dtype in DTYPE_OF.items()}
_SMALL_BYTES = 2**16
_AS_IT_IS = frozenset([type(None), bool, float])
_KEYS = PLAIN | {complex}


def pack(value: object, refer: Callable[[object], Tree], max_bytes: int) -> Parcel:
    """Turn a value into a parcel; arrays are copied.

    Args:
        value: anything; plain values are carried by value.
        refer: makes the node for an object that is not plain.
        max_bytes: cap on the sum of all buffers, and on the sum of all strings and bytes, which may
            not be more than `MAX_TEXT_BYTES` either.

    Raises:
        ValueTooLarge: the value is over the cap.
    """
    return _Packer(refer, max_bytes).pack(value)


class _Packer:
    def __init__(self, refer: Callable[[object], Tree], max_bytes: int) -> None:
        self.refer, self.bytes_left, self.nodes_left = refer, max_bytes, MAX_NODES
        self.text_left = min(max_bytes, MAX_TEXT_BYTES)
        self.buffers: list[Buffer] = []

    def pack(self, value: object) -> Parcel:
        return Parcel(self._node(value, 0), self.buffers)

    def _node(self, value: object, depth: int) -> Tree:
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise ValueTooLarge(f"more than {MAX_NODES:,} values at once")
        # `type(...) is` and not isinstance: a subclass may lie, so it stays where it is.
        kind = type(value)
        if kind in _AS_IT_IS:
            return value
        if kind is int:
            return self._integer(value)  # type: ignore[arg-type]
        if kind is str:
            return self._text(value)  # type: ignore[arg-type]
        if kind is bytes:
            self._spend_text(len(value))  # type: ignore[arg-type]
            return value
        if kind is complex:
            return {"kind": "complex", "real": value.real, "imag": value.imag}  # type: ignore[attr-defined]
        if value is Ellipsis:
            return {"kind": "ellipsis"}
        if kind is np.ndarray and value.ndim <= MAX_DIMENSIONS:  # type: ignore[attr-defined]
            dtype = _wire_dtype(value.dtype)  # type: ignore[attr-defined]
            if dtype is not None:
                return self._array(value, dtype)  # type: ignore[arg-type]
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
            if kind is dict and _has_plain_keys(value, depth + 1):  # type: ignore[arg-type]
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
        digits = format(value, "x")
        self._spend_text(len(digits))
        return {"kind": "integer", "digits": digits}

    def _text(self, text: str) -> str:
        self._spend_text(len(text))
        if text.isascii():
            return text
        data = text.encode("utf-8", "replace")
        self._spend_text(len(data) - len(text))
        return data.decode("utf-8")

    def _array(self, array: np.ndarray, dtype: str) -> Tree:
        self.bytes_left -= array.nbytes
        if self.bytes_left < 0:
            what = f"an array of shape {array.shape} ({array.nbytes / 1e9:.1f} GB)"
            raise ValueTooLarge(f"{what} is larger than one answer may be")
        buffer: Buffer
        if array.nbytes < _SMALL_BYTES:
            buffer = array.astype(DTYPE_OF[dtype], copy=False).tobytes()
        else:
            data = array.astype(DTYPE_OF[dtype], order="C", copy=True)
            buffer = data.reshape(-1).view(np.uint8).data
        shape, index = list(array.shape), self._keep(buffer)
        return {"kind": "array", "dtype": dtype, "shape": shape, "buffer": index}

    def _scalar(self, scalar: np.generic) -> Tree:
        dtype = _wire_dtype(scalar.dtype)
        if dtype is None:
            return self.refer(scalar)
        data = np.asarray(scalar).astype(DTYPE_OF[dtype]).tobytes()
        return {"kind": "scalar", "dtype": dtype, "buffer": self._keep(data)}

    def _keep(self, buffer: Buffer) -> int:
        self.buffers.append(buffer)
        return len(self.buffers) - 1

    def _spend_text(self, size: int) -> None:
        self.text_left -= size
        if self.text_left < 0:
            raise ValueTooLarge(f"more than {MAX_TEXT_BYTES // 2**20} MiB of text and bytes")


def _has_plain_keys(value: dict[object, object], depth: int) -> bool:
    return _KEYS.issuperset(map(type, value)) or all(_is_key(key, depth) for key in value)


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
