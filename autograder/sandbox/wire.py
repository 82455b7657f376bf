"""Frames on a socket: a msgpack head and raw array buffers, with a size cap and a deadline.

    magic (4 bytes) | length of the head (uint32, little-endian) | head | buffer | buffer | ...

The head is msgpack of [tree, [size of each buffer, ...]]. A frame that breaks a cap or the form
is refused before anything of its announced size is allocated; msgpack's extension types are
refused, so nothing but the plain types of values.py can come out. Nothing is ever unpickled.
"""

import socket
import struct
import time
from typing import NoReturn

import msgpack

from autograder.workbench.values import MAX_NODES, Buffer, Parcel

MAGIC = b"AGW1"
_PREFIX = struct.Struct("<4sI")
MAX_HEAD_BYTES = 16 * 2**20
MAX_FRAME_BYTES = 768 * 2**20
_JOIN_BELOW = 2**16


class WireError(Exception):
    """The other side cannot be talked to any more."""


class WireClosed(WireError):
    """The other side has hung up."""


class WireTimeout(WireError):
    """The other side did not answer, or did not listen, before the deadline."""


class WireMalformed(WireError):
    """The other side sent something that is not a frame."""


class Wire:
    """One end of a conversation.

    Args:
        connection: a connected stream socket; the wire owns it.
        max_bytes: cap on one received frame, head and buffers together.
    """

    def __init__(self, connection: socket.socket, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._socket, self._max_bytes = connection, max_bytes

    def send(self, parcel: Parcel, deadline: float | None = None) -> None:
        """Send one frame.

        Args:
            parcel: a tree of plain nodes and the buffers it points to.
            deadline: on the clock of `time.monotonic`; None waits for ever.

        Raises:
            WireTimeout: the other side does not listen.
            WireClosed: the other side has hung up.
        """
        head = msgpack.packb([parcel.tree, [len(buffer) for buffer in parcel.buffers]])
        start = _PREFIX.pack(MAGIC, len(head)) + head
        parts: list[Buffer] = [start, *parcel.buffers]
        if sum(map(len, parts)) < _JOIN_BELOW:
            parts = [b"".join(parts)]
        try:
            for part in parts:
                self._wait_at_most(deadline)
                self._socket.sendall(part)
        except OSError as error:
            self._fail(error)

    def receive(self, deadline: float | None = None) -> Parcel:
        """Receive one frame; its tree and buffers are as sent, not yet believed.

        Raises:
            WireTimeout: no whole frame came before the deadline.
            WireClosed: the other side hung up before a whole frame.
            WireMalformed: what came is no frame, or larger than allowed.
        """
        magic, head_size = _PREFIX.unpack(self._exactly(_PREFIX.size, deadline))
        if magic != MAGIC or head_size > min(MAX_HEAD_BYTES, self._max_bytes):
            raise WireMalformed("not the beginning of a frame")
        tree, sizes = parse_head(self._exactly(head_size, deadline))
        if head_size + sum(sizes) > self._max_bytes:
            raise WireMalformed("a frame over the size cap")
        return Parcel(tree, [self._exactly(size, deadline) for size in sizes])

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _exactly(self, size: int, deadline: float | None) -> bytearray:
        data = bytearray(size)
        view, received = memoryview(data), 0
        try:
            while received < size:
                self._wait_at_most(deadline)
                count = self._socket.recv_into(view[received:])
                if count == 0:
                    raise WireClosed("hung up")
                received += count
        except OSError as error:
            self._fail(error)
        return data

    def _wait_at_most(self, deadline: float | None) -> None:
        if deadline is None:
            self._socket.settimeout(None)
            return
        left = deadline - time.monotonic()
        if left <= 0:
            raise WireTimeout("no time left")
        self._socket.settimeout(left)

    def _fail(self, error: OSError) -> NoReturn:
        if isinstance(error, TimeoutError):
            raise WireTimeout("no answer before the deadline") from None
        raise WireClosed("hung up") from error


def parse_head(head: Buffer) -> tuple[object, list[int]]:
    """Read a frame's head into its tree and the sizes of the buffers to come.

    Raises:
        WireMalformed: it is not msgpack of the form above.
    """
    try:
        parts = msgpack.unpackb(
            head, strict_map_key=True, ext_hook=_refuse_extension, raw=False,
            max_array_len=MAX_NODES, max_map_len=16, max_ext_len=0,
        )  # fmt: skip
    except Exception as error:  # msgpack raises ValueError, its own classes and UnicodeDecodeError
        raise WireMalformed("a head that is not msgpack") from error
    if type(parts) is not list or len(parts) != 2 or type(parts[1]) is not list:
        raise WireMalformed("a head of another form")
    tree, sizes = parts
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise WireMalformed("a buffer's size is not a number of bytes")
    return tree, sizes


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError(f"extension type {code}")
