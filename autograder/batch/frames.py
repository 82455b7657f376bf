"""Messages between a cluster's worker and the station that it has started, over two pipes."""

import struct
from typing import Any, BinaryIO

import msgpack

_LENGTH = struct.Struct(">Q")


def send(stream: BinaryIO, message: dict[str, Any]) -> None:
    """Send one message.

    Raises:
        OSError: nobody reads it.
    """
    data = msgpack.packb(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, Any]:
    """Wait for one message.

    Raises:
        EOFError: the other side has ended.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    message = msgpack.unpackb(_exactly(stream, length), strict_map_key=False)
    assert isinstance(message, dict)
    return message


def _exactly(stream: BinaryIO, length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data
