"""What a judge does with the bytes of an answer, and what has to hold whatever comes out.

`take` goes the whole way: the wire, the form of a reply, the conversion to values, the text of a
student's exception. Any exception but the documented ones leaves it.
"""

import time
from pathlib import Path
from typing import Any

import numpy as np

from autograder.remote.messages import (
    DTYPES,
    MAX_DEPTH,
    MAX_LISTED,
    MAX_NODES,
    MAX_RANGE,
    MAX_TEXT_ARRAY_BYTES,
    MalformedValue,
)
from autograder.rubric.student import RemoteRef, StudentConnection, StudentError
from autograder.sandbox.channel import Channel, ChannelError
from autograder.sandbox.client import Worker
from autograder.sandbox.requests import PendingReply, Requests
from autograder.sandbox.watch import ResourceMonitor

MAX_BYTES = 2**20
_HERE = Path(__file__).parent
_ATOMS = (bool, int, float, complex, str, bytes, type(None), type(Ellipsis))
_SCALARS = tuple({np.dtype(name).type for name in DTYPES})


class Loopback:
    """A socket's stand-in: what is sent is lost, what is received was given beforehand."""

    def __init__(self, data: bytes) -> None:
        self._data, self._position = memoryview(data), 0

    def settimeout(self, seconds: float | None) -> None:
        pass

    def send(self, data: memoryview) -> int:
        return len(data)

    def recv_into(self, room: memoryview) -> int:
        count = min(len(room), len(self._data) - self._position)
        room[:count] = self._data[self._position : self._position + count]
        self._position += count
        return count

    def close(self) -> None:
        pass


def take(data: bytes) -> object:
    """What a judge makes of an answer: a value, or one of the exceptions that are its answers."""
    connection: Any = Loopback(data)
    watch = ResourceMonitor(0, list, "", 0, 0)  # never asked, because this wire does not look
    zygote: Any = None  # never asked, because this worker is not branched
    channel = Channel(connection, max_bytes=MAX_BYTES)
    worker = Worker(zygote, channel, PendingReply(), Requests(connection), watch)
    session = StudentConnection(lambda request: worker.ask(request, time.monotonic() + 60), _HERE)
    try:
        return session.ask("attribute", "shapes.area", name="area")
    except (ChannelError, MalformedValue, StudentError) as answer:
        return answer


def find_fault(came_out: object) -> str:
    """What is wrong with what `take` returned; "" if nothing."""
    if isinstance(came_out, StudentError):
        text = str(came_out)
        text.encode("utf-8")
        return "" if type(text) is str and type(came_out.kind) is str else "an error without text"
    if isinstance(came_out, Exception):
        return ""
    return _Inspection().fault_of(came_out, 0)


class _Inspection:
    def __init__(self) -> None:
        self.count = 0
        self.places: set[int] = set()

    def fault_of(self, value: object, depth: int) -> str:
        self.count += 1
        if depth > MAX_DEPTH + 1 or self.count > 2 * (MAX_NODES + MAX_LISTED):
            return "too deep or too much"
        kind = type(value)
        inside: list[Any] = []
        if kind is np.ndarray:
            return self._fault_of_array(value)
        if kind is int:
            str(value)  # Python refuses to print some integers; then no message can be written
        elif kind is str:
            value.encode("utf-8")  # type: ignore[attr-defined]
        elif kind in (list, tuple, set, frozenset):
            inside = list(value)  # type: ignore[call-overload]
        elif kind is dict:
            inside = [*value.keys(), *value.values()]  # type: ignore[attr-defined]
        elif kind is range:
            if len(value) > MAX_RANGE:  # type: ignore[arg-type]
                return "a long range"
        elif kind is slice:
            inside = [value.start, value.stop, value.step]  # type: ignore[attr-defined]
        elif kind not in (*_ATOMS, *_SCALARS, RemoteRef):
            return f"a {kind.__module__}.{kind.__name__}"
        if kind is np.bool_ and np.array(value).view(np.uint8) > 1:
            return "a bool that is neither 0 nor 1"
        return next(filter(None, (self.fault_of(one, depth + 1) for one in inside)), "")

    def _fault_of_array(self, array: Any) -> str:
        flags = array.flags
        if array.dtype.kind == "U" and array.nbytes <= MAX_TEXT_ARRAY_BYTES:
            "".join(array.ravel().tolist()).encode("utf-8")
        elif array.dtype.str not in DTYPES or not array.dtype.isnative:
            return f"an array of {array.dtype}"
        if flags.writeable or not flags.c_contiguous or not flags.aligned:
            return "an array in a state that it must not have"
        if array.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1:
            return "bools that are neither 0 nor 1"
        place = array.__array_interface__["data"][0]
        if array.nbytes and place in self.places:
            return "two arrays in one place"
        self.places.add(place)
        return ""
