"""Frames to try the judge with: real replies, as an object server would send them, and forged ones.

`real_replies` are the seeds; `mutated` changes their parts (values, kinds, dtypes, shapes, nesting,
buffers, sizes, prefix) and their bytes.
"""

import struct
from dataclasses import dataclass
from random import Random
from typing import Any

import msgpack
import numpy as np

from autograder.remote.messages import DTYPES, pack
from autograder.sandbox.channel import MAGIC

MAX_BYTES = 2**20
MAX_PLACES = 500


@dataclass
class Draft:
    """A frame before it is bytes; `sizes` is None where the buffers' own sizes are sent."""

    tree: Any
    buffers: list[bytes]
    sizes: list[Any] | None = None
    magic: bytes = MAGIC
    head_size: int | None = None

    def encoded(self) -> bytes:
        """The bytes of the frame."""
        sizes = [len(buffer) for buffer in self.buffers] if self.sizes is None else self.sizes
        head: bytes = msgpack.packb([self.tree, sizes], default=repr)
        size = len(head) if self.head_size is None else self.head_size
        return struct.pack("<4sI", self.magic, size % 2**32) + head + b"".join(self.buffers)


def real_values() -> list[object]:
    """Values of every kind that a worker may answer with."""
    rng = np.random.default_rng(0)
    arrays = [rng.integers(0, 2, (2, 3)).astype(name) for name in sorted(DTYPES)]
    scalars = [array.reshape(-1)[0] for array in arrays]
    return [
        None, True, 7, -(2**63), 2**64, -(2**200), 0.5, float("nan"), 1 - 2j, "text", "größer",
        b"bytes", [1, [2, [3]]], (1, ("two", 3.0)), {"a": 1, "b": {"c": [None]}}, {1: 2, (3, 4): 5},
        slice(1, None, 2), Ellipsis, (slice(None), Ellipsis, None), *scalars, *arrays,
        [arrays[0], arrays[1]], {"W": arrays[4], "b": arrays[5]}, np.zeros((0, 3)),
        np.ones((2,) * 16), np.ones(()), np.zeros(20_000), object(), [object(), {"W": object()}],
        {1, "two", (3, 4)}, frozenset({None}), range(3, -7, -2), np.array([["a", "bc"], ["", "d"]]),
        [0.5] * 300, [[1, 2]] * 300, [np.float32(1)] * 300, [[True]] * 300,
    ]  # fmt: skip


def _reference(value: object) -> dict[str, object]:
    return {"kind": "reference", "id": 3, "type": type(value).__name__}


def real_replies() -> list[Draft]:
    """The frames of real replies: values, and a student's exception."""
    drafts = []
    for value in real_values():
        message = pack(value, _reference, MAX_BYTES)
        drafts.append(Draft({"value": message.tree}, [bytes(one) for one in message.buffers]))
    frames = [["frames.py", 3, "forward"], ["shapes/area.py", 12, "<lambda>"]]
    for kind in ("ValueError", "NotImplementedError", "SyntaxError", "AttributeError"):
        error = {"type": kind, "message": "wrong sizes", "frames": frames}
        drafts.append(Draft({"error": error}, []))
        drafts.append(Draft({"error": error | {"cause": dict(error)}}, []))
    return drafts


_ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 2**31, 2**53, 2**62, 2**63 - 1, 2**63, 2**64 - 1, -(2**63),
    0.0, float("inf"), float("nan"), "", "x", "kind", "array", "\x00", "a" * 300, "\U0001f600",
    b"", b"\x00\xff", [], [[]], [1, 2], [0, 2**62, 2**62], [0] * 17, {}, {"kind": "array"},
    {"kind": "ellipsis"}, {"kind": "reference", "id": 1, "type": "x"},
    {"kind": "slice", "items": []}, {"kind": "slice", "items": [1, 2, 3, 4]},
    {"kind": "integer", "digits": "-0x_f"}, {"kind": "integer", "digits": "f" * 4000},
    {"kind": "set", "items": [[]], "frozen": False}, {"kind": "range", "items": [0, 2**62, 1]},
    {"kind": "texts", "items": ["a" * 300, "b"], "shape": [2]},
    {"kind": "tuple", "items": [[]]}, {"kind": "dict", "items": [[[], 1]]},
    msgpack.ExtType(5, b"x"), msgpack.Timestamp(1), msgpack.ExtType(1, b""),
)  # fmt: skip
_KINDS = (
    "tuple", "dict", "complex", "integer", "array", "scalar", "reference", "slice", "ellipsis",
    "numbers", "set", "range", "texts", "x",
)  # fmt: skip
_FIELDS = (
    "kind",
    "items",
    "dtype",
    "shape",
    "buffer",
    "real",
    "imag",
    "digits",
    "id",
    "type",
    "plain",
    "frozen",
)


def mutated(draft: Draft, rng: Random, others: list[Draft]) -> bytes:
    """A forged frame: the draft with a few changes to its parts, then perhaps to its bytes."""
    forged = Draft(_copied(draft.tree), list(draft.buffers))
    for _ in range(rng.randint(0, 3)):
        rng.choice(_PART_CHANGES)(forged, rng, others)
    data = bytearray(forged.encoded())
    if rng.random() < 0.4:
        for _ in range(rng.randint(1, 4)):
            rng.choice(_BYTE_CHANGES)(data, rng)
    return bytes(data)


def _copied(tree: Any) -> Any:
    if type(tree) is list:
        return [_copied(item) for item in tree]
    if type(tree) is dict:
        return {key: _copied(item) for key, item in tree.items()}
    return tree


def _places(tree: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a tree."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting and len(found) < MAX_PLACES:
        container = waiting.pop()
        keys = range(len(container)) if type(container) is list else list(container)
        for key in keys:
            found.append((container, key))
            if type(container[key]) in (list, dict):
                waiting.append(container[key])
    return found


def _change_value(forged: Draft, rng: Random, others: list[Draft]) -> None:
    places = _places(forged.tree)
    if not places:
        return
    container, key = rng.choice(places)
    part = rng.choice(_places(rng.choice(others).tree))
    container[key] = rng.choice(
        [
            _copied(rng.choice(_ODD)),
            _copied(part[0][part[1]]),
            rng.choice(_KINDS) if key == "kind" else rng.choice(sorted(DTYPES)),
            {"kind": rng.choice(_KINDS), rng.choice(_FIELDS): _copied(rng.choice(_ODD))},
        ]
    )


def _change_keys(forged: Draft, rng: Random, others: list[Draft]) -> None:
    maps = [forged.tree] if type(forged.tree) is dict else []
    maps += [one[key] for one, key in _places(forged.tree) if type(one[key]) is dict]
    if maps:
        chosen = rng.choice(maps)
        if chosen and rng.random() < 0.6:
            del chosen[rng.choice(list(chosen))]
        if rng.random() < 0.6:
            chosen[rng.choice((*_FIELDS, "value", "error", b"kind"))] = _copied(rng.choice(_ODD))


def _nest(forged: Draft, rng: Random, others: list[Draft]) -> None:
    places = _places(forged.tree)
    if places:
        container, key = rng.choice(places)
        for _ in range(rng.choice([1, 5, 31, 40, 200])):
            inside = container[key]
            container[key] = (
                [inside] if rng.random() < 0.7 else {"kind": "tuple", "items": [inside]}
            )


def _repeat(forged: Draft, rng: Random, others: list[Draft]) -> None:
    places = _places(forged.tree)
    if places and len(places) < MAX_PLACES:  # a thousand times a thousand would be ours to hold
        container, key = rng.choice(places)
        container[key] = [container[key]] * rng.choice([2, 10, 1000])


def _change_buffers(forged: Draft, rng: Random, others: list[Draft]) -> None:
    change = rng.randint(0, 3)
    if change == 0 and forged.buffers:
        forged.buffers.pop(rng.randrange(len(forged.buffers)))
    elif change == 1:
        forged.buffers.append(rng.randbytes(rng.choice([0, 1, 8, 100])))
    elif change == 2 and forged.buffers:
        index = rng.randrange(len(forged.buffers))
        forged.buffers[index] = rng.randbytes(len(forged.buffers[index]))
    else:
        rng.shuffle(forged.buffers)


def _change_sizes(forged: Draft, rng: Random, others: list[Draft]) -> None:
    sizes: list[Any] = [len(buffer) for buffer in forged.buffers]
    for _ in range(rng.randint(1, 3)):
        sizes.insert(rng.randint(0, len(sizes)), _copied(rng.choice(_ODD)))
    forged.sizes = sizes


def _change_prefix(forged: Draft, rng: Random, others: list[Draft]) -> None:
    if rng.random() < 0.5:
        forged.magic = rng.choice([b"HTTP", b"AGW0", b"\x00" * 4])
    else:
        forged.head_size = rng.choice([0, 1, 100, 2**16, MAX_BYTES, MAX_BYTES + 1, 2**32 - 1])


_PART_CHANGES = (
    _change_value, _change_value, _change_value, _change_keys, _nest, _repeat, _change_buffers,
    _change_sizes, _change_prefix,
)  # fmt: skip


def _flip(data: bytearray, rng: Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.choice([0, 0x7F, 0x80, 0xC1, 0xDD, 0xDF, 0xFF, 1])


def _anything(data: bytearray, rng: Random) -> None:
    if data:
        data[rng.randrange(min(len(data), 60))] = rng.randrange(256)


def _cut(data: bytearray, rng: Random) -> None:
    del data[rng.randint(0, len(data)) :]


def _put_in(data: bytearray, rng: Random) -> None:
    place = rng.randint(0, len(data))
    data[place:place] = rng.choice([b"\xdd\xff\xff\xff\xff", b"\x91" * 50, rng.randbytes(9)])


_BYTE_CHANGES = (_flip, _flip, _anything, _anything, _cut, _put_in)
