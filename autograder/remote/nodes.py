"""The form in which plain values travel: trees of plain nodes, and raw array buffers beside them.

A tree holds None, bool, int, float, str, bytes and lists as themselves; every other value is a
node, a dict with a `kind`:

    tuple   items                 dict    items: [[key, value], ...]
    complex real, imag            integer digits (hexadecimal, where 64 bits do not hold it)
    array   dtype, shape, buffer  scalar  dtype, buffer          reference  id, type
    slice   items: start, stop, step                             ellipsis
    numbers dtype, shape, buffer, plain: a long list of numbers of one type, or of such lists of one
            length; `plain` says whether they are Python's numbers or numpy's

`buffer` is an index into the list of raw buffers that travels beside the tree; no two nodes share
one.
"""

import math
from collections.abc import Sequence
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
MAX_INTEGER_DIGITS = 3500  # hexadecimal; Python refuses to print more than 4300 decimal ones
MAX_TEXT_BYTES = 8 * 2**20  # strings and bytes travel in the head, which is smaller than a frame
MAX_SAME_HASH = 64
LONG = 256  # from this length on a list of numbers travels in a buffer
MAX_LISTED = 2_000_000  # numbers in such lists, and lists within them; a number takes 32 bytes then
MAX_WITHIN_EMPTY = 1_000_000  # an array without entries can have as many rows as anybody likes

DTYPE_OF = {name: np.dtype(name) for name in DTYPES}
PLAIN = frozenset([type(None), bool, int, float, str, bytes])


class MalformedValue(ValueError):
    """A tree that `pack` cannot have made."""


class ValueTooLarge(ValueError):
    """A value that is larger than one message may be."""


def is_list_of_sizes(value: list[Any]) -> bool:
    """Whether all items are exact integers and none is negative."""
    for size in value:  # noqa: SIM110 - most have one or two, and `all` takes three times as long
        if type(size) is not int or size < 0:
            return False
    return True


def is_empty_and_wide(shape: Sequence[int]) -> bool:
    """Whether an array of this shape has no entries, and takes long to go through all the same."""
    return 0 in shape and math.prod(filter(None, shape)) > MAX_WITHIN_EMPTY


@dataclass
class Message:
    """A tree and the raw buffers that its nodes point to."""

    tree: Tree = None
    buffers: list[Buffer] = field(default_factory=list)
