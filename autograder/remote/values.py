"""Carry plain values between two interpreters as trees of plain nodes and raw array buffers.

nodes.py      the form of the trees, the limits, the errors
packing.py    values -> parcel; runs beside student code and may be lied to
content.py    subclasses -> plain values, read by the methods of their base classes
unpacking.py  parcel -> values; believes nothing
"""

from autograder.remote.nodes import (
    DTYPES,
    MAX_DEPTH,
    MAX_DIMENSIONS,
    MAX_INTEGER_DIGITS,
    MAX_LISTED,
    MAX_NODES,
    MAX_TEXT_BYTES,
    Buffer,
    MalformedValue,
    Message,
    Tree,
    ValueTooLarge,
    is_list_of_sizes,
)
from autograder.remote.packing import carried_text, pack
from autograder.remote.unpacking import unpack

__all__ = [
    "DTYPES",
    "MAX_DEPTH",
    "MAX_DIMENSIONS",
    "MAX_INTEGER_DIGITS",
    "MAX_LISTED",
    "MAX_NODES",
    "MAX_TEXT_BYTES",
    "Buffer",
    "MalformedValue",
    "Message",
    "Tree",
    "ValueTooLarge",
    "carried_text",
    "is_list_of_sizes",
    "pack",
    "unpack",
]
