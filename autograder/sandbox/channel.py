"""Both sides: send messages as frames on a socket, with a size cap and a deadline.

    magic (4 bytes) | length of the head (uint32, little-endian) | head | buffer | buffer | ...

The head is msgpack of [tree, [size of each buffer, ...]]. A frame that exceeds a cap or has another
form is refused before its announced size is allocated; a frame within the caps takes memory only as
its bytes arrive. msgpack's extension types are refused, so only the plain nodes of
remote/messages.py can result. Data is never unpickled.
"""

import socket
import struct
import time
from collections.abc import Callable
from typing import NoReturn

import msgpack
import numpy as np

from autograder.remote.messages import MAX_NODES, Buffer, Message, is_list_of_sizes

MAGIC = b"AGW1"
_PREFIX = struct.Struct("<4sI")
MAX_HEAD_BYTES = 16 * 2**20
MAX_FRAME_BYTES = 768 * 2**20
MAX_HEAD_VALUES = 16 * MAX_NODES  # an array's node is a dict of some ten values
_UNCHECKED_HEAD_BYTES = 1024
_JOIN_BELOW = 2**16
_LOOK_SECONDS = 0.1


class ChannelError(Exception):
    """The connection to the other side is unusable."""


class ChannelClosed(ChannelError):
    """The other side has closed the connection."""


class ChannelTimeout(ChannelError):
    """The other side did not send, or did not receive, before the deadline."""


class ChannelMalformed(ChannelError):
    """The other side sent something that is not a frame."""


class ChannelStopped(ChannelError):
    """This side gave up waiting because of what `look` has found."""


class Channel:
    """One end of a connection.

    Args:
        connection: a connected stream socket; the channel owns it.
        max_bytes: cap on one received frame, head and buffers together.
        look: called regularly during a wait; a result other than "" ends it.

    Attributes:
        while_waiting: called repeatedly while the other side takes long.
    """

    def __init__(
        self,
        connection: socket.socket,
        max_bytes: int = MAX_FRAME_BYTES,
        look: Callable[[], str] = lambda: "",
    ) -> None:
        self._socket, self._max_bytes, self._look = connection, max_bytes, look
        self.while_waiting: Callable[[], None] = lambda: None
        self._max_head = min(MAX_HEAD_BYTES, max_bytes)
        self._seconds: float | None = -1.0  # the socket's timeout, once it is set
        self._room = memoryview(bytearray(_JOIN_BELOW))
        self._ahead, self._used = b"", 0  # bytes received ahead, and how many of them are consumed

    def send(self, message: Message, deadline: float | None = None) -> None:
        """Send one frame.

        Args:
            message: a tree of plain nodes and the buffers it points to.
            deadline: on the clock of `time.monotonic`; None waits without limit.

        Raises:
            ChannelTimeout: the other side does not receive.
            ChannelClosed: the other side has closed the connection.
        """
        sizes = list(map(len, message.buffers))
        head = msgpack.packb([message.tree, sizes])
        parts = [_PREFIX.pack(MAGIC, len(head)), head, *message.buffers]
        if len(head) + sum(sizes) < _JOIN_BELOW:
            parts = [b"".join(parts)]
        for part in parts:
            view = memoryview(part).cast("B")
            while view:
                view = view[self._patiently(self._socket.send, view, deadline) :]

    def receive(self, deadline: float | None = None) -> Message:
        """Receive one frame; its tree and buffers are as sent, and must not be trusted yet.

        Raises:
            ChannelTimeout: a whole frame did not arrive before the deadline.
            ChannelClosed: the other side closed the connection before a whole frame.
            ChannelMalformed: the data is not a frame, or is larger than allowed.
        """
        magic, head_size = _PREFIX.unpack(self._exactly(_PREFIX.size, deadline))
        if magic != MAGIC or head_size > self._max_head:
            raise ChannelMalformed("not the beginning of a frame")
        tree, sizes = parse_head(self._exactly(head_size, deadline))
        if head_size + sum(sizes) > self._max_bytes:
            raise ChannelMalformed("a frame over the size cap")
        return Message(tree, [self._exactly(size, deadline) for size in sizes])

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _exactly(self, size: int, deadline: float | None) -> Buffer:
        start, end = self._used, self._used + size
        if end > len(self._ahead):  # most frames arrive whole
            if size > _JOIN_BELOW:
                return self._much(size, deadline)
            self._receive_ahead(size, deadline)
            start, end = 0, size
        self._used = end
        return self._ahead[start:end]

    def _receive_ahead(self, size: int, deadline: float | None) -> None:
        """Receive until at least `size` bytes are ahead; more may arrive with them."""
        self._ahead, self._used = self._ahead[self._used :], 0
        while len(self._ahead) < size:
            count = self._some(self._room, deadline)
            self._ahead += self._room[:count]

    def _much(self, size: int, deadline: float | None) -> memoryview:
        # Unlike that of a bytearray, numpy's memory is not written to before the bytes arrive.
        data = np.empty(size, np.uint8).data
        rest = self._ahead[self._used :]  # always shorter than `size`: little is read ahead
        received = len(rest)
        data[:received] = rest
        self._ahead, self._used = b"", 0
        while received < size:
            received += self._some(data[received:], deadline)
        return data

    def _some(self, view: memoryview, deadline: float | None) -> int:
        count = self._patiently(self._socket.recv_into, view, deadline)
        if count == 0:
            raise ChannelClosed("hung up")
        return count

    def _patiently(
        self, transfer: Callable[[memoryview], int], view: memoryview, deadline: float | None
    ) -> int:
        """Send from or receive into a part of memory, and call `look` while that takes long."""
        while True:
            seconds = None
            if deadline is not None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise ChannelTimeout("no reply before the deadline")
                seconds = left if left < _LOOK_SECONDS else _LOOK_SECONDS
            reason = self._look()
            if reason:
                raise ChannelStopped(reason)
            if seconds != self._seconds:  # each change is a system call
                self._seconds = seconds
                self._socket.settimeout(seconds)
            try:
                return transfer(view)
            except TimeoutError:
                self.while_waiting()
            except OSError as error:
                raise ChannelClosed("hung up") from error


def parse_head(head: Buffer) -> tuple[object, list[int]]:
    """Parse a frame's head into its tree and the sizes of the buffers that follow.

    Raises:
        ChannelMalformed: the head is not msgpack of the form above.
    """
    # msgpack allocates as many values as a list announces, in each list within another.
    if len(head) > _UNCHECKED_HEAD_BYTES and not _announces_what_it_has(head):
        raise ChannelMalformed("a head of too many values")
    try:
        parts = msgpack.unpackb(
            head, strict_map_key=True, ext_hook=_refuse_extension, raw=False,
            max_array_len=min(MAX_NODES, len(head)), max_map_len=16, max_ext_len=0,
        )  # fmt: skip
    except Exception as error:  # msgpack raises ValueError, its own classes and UnicodeDecodeError
        raise ChannelMalformed("a head that is not msgpack") from error
    if type(parts) is not list or len(parts) != 2 or type(parts[1]) is not list:
        raise ChannelMalformed("a head of another form")
    tree, sizes = parts
    if not is_list_of_sizes(sizes):
        raise ChannelMalformed("a buffer's size is not a number of bytes")
    return tree, sizes


# The first bytes of msgpack that are not values themselves -> how many bytes of the value, or of
# its length, follow.
_NUMBERS = {
    0xCA: 4,
    0xCB: 8,
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xCF: 8,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD3: 8,
}
_SIZED = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
_LISTS = {0xDC: 2, 0xDD: 4}
_MAPS = {0xDE: 2, 0xDF: 4}


def _announces_what_it_has(head: Buffer) -> bool:
    """Return whether msgpack's lists and maps announce at most as many values as bytes are left.

    msgpack itself refuses extension types and bytes without a meaning.
    """
    data, position, waiting, values = bytes(head), 0, 1, 0
    while waiting:
        if position + waiting > len(data):
            return False
        first = data[position]
        position += 1
        waiting -= 1
        inside = 0
        if first < 0x80 or first >= 0xE0:
            continue
        if first < 0xA0:
            inside = first & 0x0F if first >= 0x90 else 2 * (first & 0x0F)
        elif first < 0xC0:
            position += first & 0x1F
        elif first in _NUMBERS:
            position += _NUMBERS[first]
        elif first in _SIZED:
            end = position + _SIZED[first]
            position = end + int.from_bytes(data[position:end])
        elif first in _LISTS:
            end = position + _LISTS[first]
            inside, position = int.from_bytes(data[position:end]), end
        elif first in _MAPS:
            end = position + _MAPS[first]
            inside, position = 2 * int.from_bytes(data[position:end]), end
        values += inside
        waiting += inside
        if values > MAX_HEAD_VALUES:
            return False
    return True


def _refuse_extension(code: int, data: bytes) -> NoReturn:
    raise ValueError(f"extension type {code}")
