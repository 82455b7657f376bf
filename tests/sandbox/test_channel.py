"""The wire carries frames, keeps its caps and deadlines, and refuses everything else."""

import socket
import struct
import threading
import time

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.remote.messages import Message
from autograder.sandbox.channel import (
    MAGIC,
    Channel,
    ChannelClosed,
    ChannelError,
    ChannelMalformed,
    ChannelTimeout,
    parse_head,
)


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, max_bytes=2**20), theirs


def soon():
    return time.monotonic() + 5


def frame(head, *buffers, magic=MAGIC, size=None):
    packed = head if isinstance(head, bytes) else msgpack.packb(head)
    length = len(packed) if size is None else size
    return struct.pack("<4sI", magic, length) + packed + b"".join(buffers)


def test_a_parcel_arrives_with_its_buffers():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sent = Message({"kind": "tuple", "items": [1, "two", b"3"]}, [b"abc", bytes(100_000)])
        sender = threading.Thread(target=Channel(theirs).send, args=(sent,))
        sender.start()
        arrived = Channel(ours).receive(soon())
        sender.join()
    assert arrived.tree == sent.tree and arrived.buffers == sent.buffers


def test_frames_follow_each_other(ends):
    channel, theirs = ends
    theirs.sendall(frame([1, []]) + frame([[2], [1]], b"x"))
    assert channel.receive(soon()).tree == 1
    second = channel.receive(soon())
    assert second.tree == [2] and second.buffers == [b"x"]


@pytest.mark.parametrize(
    "data",
    [
        frame([1, []], magic=b"HTTP"),
        frame(b"", size=2**31),
        frame(b"\xc1"),
        frame([1]),
        frame([1, [], 2]),
        frame({"a": 1}),
        frame([1, 2]),
        frame([1, ["2"]]),
        frame([1, [-1]]),
        frame([1, [True]]),
        frame([1, [2**40]]),
        frame([1, [2**19, 2**19, 2**19]]),
        frame(msgpack.packb([msgpack.ExtType(1, b"x"), []])),
        frame(b"\xdd\xff\xff\xff\xff"),
        frame(b"\x92\xdf\xff\xff\xff\xff"),
        frame(b"\x91" * 5000 + b"\x00"),
        frame(b"\x92\xa2\xff\xfe\x90"),
    ],
    ids=[
        "other protocol", "head too long", "no msgpack", "too short", "too long", "a map",
        "sizes no list", "size no number", "negative size", "size a bool", "huge buffer",
        "sum over the cap", "extension", "array bomb", "map bomb", "depth bomb", "no text",
    ],
)  # fmt: skip
def test_what_is_no_frame_is_refused(ends, data):
    channel, theirs = ends
    theirs.sendall(data)
    with pytest.raises(ChannelMalformed):
        channel.receive(soon())


def test_half_a_frame_and_then_nothing_is_a_hang_up(ends):
    channel, theirs = ends
    theirs.sendall(frame([1, [10]], b"half"))
    theirs.close()
    with pytest.raises(ChannelClosed):
        channel.receive(soon())


def test_silence_ends_at_the_deadline(ends):
    channel, _ = ends
    with pytest.raises(ChannelTimeout):
        channel.receive(time.monotonic() + 0.05)


def test_bytes_that_drip_do_not_move_the_deadline(ends):
    channel, theirs = ends
    stop = threading.Event()

    def drip():
        for byte in frame([1, [1000]], bytes(1000)):
            if stop.wait(0.01):
                return
            theirs.send(bytes([byte]))

    dripping = threading.Thread(target=drip)
    dripping.start()
    with pytest.raises(ChannelTimeout):
        channel.receive(time.monotonic() + 0.2)
    stop.set()
    dripping.join()


def test_somebody_who_does_not_listen_is_a_timeout(ends):
    channel, _ = ends
    with pytest.raises(ChannelTimeout):
        channel.send(Message(None, [bytes(50_000_000)]), time.monotonic() + 0.1)


def test_a_hang_up_is_noticed_when_sending(ends):
    channel, theirs = ends
    theirs.close()
    with pytest.raises(ChannelClosed):
        channel.send(Message(1), soon())


@settings(max_examples=500)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_head_or_malformed(data):
    try:
        _, sizes = parse_head(data)
    except ChannelMalformed:
        return
    assert all(type(size) is int and size >= 0 for size in sizes)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_on_the_wire_end_in_a_frame_or_a_wire_error(data, with_magic):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(MAGIC + data if with_magic else data)
        theirs.close()
        try:
            Channel(ours, max_bytes=1000).receive(soon())
        except ChannelError:
            pass
