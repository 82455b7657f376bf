"""What reading and fuzzing the decoder has found, each kept as a test of its own."""

import socket
import subprocess
import sys
import threading
import time
import tracemalloc

import msgpack
import numpy as np
import pytest

from autograder.remote.messages import MalformedValue, Message, ValueTooLarge, pack, unpack
from autograder.rubric.student import StudentError
from autograder.sandbox.channel import MAX_HEAD_BYTES, Channel, ChannelMalformed, parse_head

from .frames import Draft
from .judging import MAX_BYTES, find_fault, take


def unpacked(tree, *buffers):
    return unpack(
        Message(tree, list(buffers)), lambda number, kind: (number, kind), writeable=False
    )


def array_node(shape, buffer=0, dtype="<f8"):
    return {"kind": "array", "dtype": dtype, "shape": shape, "buffer": buffer}


@pytest.mark.parametrize("items", [[], [1], [1, 2], [1, 2, 3, 4]], ids=len)
def test_a_slice_of_other_than_three_parts_is_malformed(items):
    with pytest.raises(MalformedValue):
        unpacked({"kind": "slice", "items": items})


@pytest.mark.parametrize("shape", [[0, 2**62, 2**62], [0, 2**63], [0, 2**64 - 1], [2**40, 0]])
def test_an_empty_array_of_impossible_shape_is_an_array_or_malformed(shape):
    try:
        assert unpacked(array_node(shape), b"").size == 0
    except MalformedValue:
        pass


@pytest.mark.parametrize("shape", [[10**9, 0], [0, 10**9], [10**4, 0, 10**4]])
def test_an_empty_array_that_takes_long_to_go_through_is_neither_carried_nor_believed(shape):
    with pytest.raises(MalformedValue, match="too large"):
        unpacked(array_node(shape), b"")
    with pytest.raises(ValueTooLarge, match="no entries"):
        pack(np.empty(shape), None, 1000)
    assert unpacked(array_node([60_000, 0]), b"").shape == (60_000, 0)


def test_a_buffer_cannot_become_a_thousand_arrays():
    buffer = bytes(800_000)
    tracemalloc.start()
    with pytest.raises(MalformedValue, match="own"):
        unpacked([array_node([100_000])] * 1000, buffer)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(buffer)


def test_a_buffer_that_came_over_the_wire_is_not_copied_again():
    buffer = memoryview(np.zeros(80_000, np.uint8))
    array = unpacked(array_node([100, 100]), buffer)
    assert np.shares_memory(array, np.frombuffer(buffer, np.uint8)) and not array.flags.writeable


BOMBS = {
    "lists in lists, each announcing all": b"\x92" + b"\xdd\x00\x01\x86\xa0" * 1000,
    "the same, small": b"\x92" + b"\xdc\x03\xe8" * 300,
    "maps in maps": b"\x92" + b"\xde\x00\x10\xa0" * 1000,
    "empty maps": b"\x92" + (b"\xdd\x00\x01\x86\xa0" + b"\x80" * 100_000) * 17 + b"\x90",
    "empty lists": b"\x92\xdd\x00\x01\x86\xa0" + b"\x90" * 100_000 + b"\x90",
    "small maps": b"\x92\xdc\x75\x30" + b"\x81\xa0\x90" * 30_000 + b"\x90",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_small_head_takes_little_memory(name):
    head = BOMBS[name]
    tracemalloc.start()
    try:
        parse_head(head)
    except ChannelMalformed:
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2**21 + 100 * len(head)


def test_lists_of_all_lengths_are_read():
    for length in (0, 15, 16, 1000, 70_000):
        tree = [{"a": 1.5, "b": ["ä" * 40, b"x" * 300, -7, 2**40, None]}] * length
        assert parse_head(msgpack.packb([tree, [1, 2]])) == (tree, [1, 2])


_ANNOUNCED = """
import resource, socket, time
from autograder.sandbox.channel import Channel, ChannelTimeout
ours, theirs = socket.socketpair()
head = bytes.fromhex("92c091ce28000000")  # [None, [640 MiB]]
theirs.sendall(b"AGW1" + len(head).to_bytes(4, "little") + head + bytes(1000))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    Channel(ours).receive(time.monotonic() + 0.2)
except ChannelTimeout:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_an_announced_buffer_takes_no_memory_before_its_bytes_are_there():
    done = subprocess.run([sys.executable, "-c", _ANNOUNCED], capture_output=True, check=True)
    kibibytes = int(done.stdout)
    assert kibibytes < 16 * 1024


def test_keys_that_all_have_one_hash_do_not_keep_the_judge_busy():
    same = [format((2**61 - 1) * number + 7, "x") for number in range(40_000)]
    pairs = [[{"kind": "integer", "digits": digits}, None] for digits in same]
    started = time.monotonic()
    with pytest.raises(MalformedValue, match="hash"):
        unpacked({"kind": "dict", "items": pairs})
    assert time.monotonic() - started < 2


def test_every_integer_that_comes_out_can_be_printed():
    largest = 16**3500 - 1
    assert unpacked({"kind": "integer", "digits": "f" * 3500}) == largest and str(largest)
    with pytest.raises(MalformedValue):
        unpacked({"kind": "integer", "digits": "f" * 3502})
    with pytest.raises(ValueTooLarge):
        pack(16**3501, lambda value: None, 2**30)


@pytest.mark.parametrize("digits", [" -0x_f", "0x10", "1_0", "٣", "+1", "F", "", "01"])
def test_an_integer_is_written_in_one_way_only(digits):
    with pytest.raises(MalformedValue):
        unpacked({"kind": "integer", "digits": digits})


def keep(value):
    return {"kind": "reference", "id": 1, "type": type(value).__name__}


@pytest.mark.parametrize(
    "value",
    [{object(): 1}, {frozenset([1]): 2}, {(1, object()): 3}, np.ones((1,) * 20)],
    ids=["object", "frozenset", "tuple", "20 dimensions"],
)
def test_what_cannot_be_unpacked_stays_where_it_is(value):
    message = pack(value, keep, 2**20)
    assert unpack(message, lambda number, kind: number) == 1


def test_keys_that_are_plain_are_carried():
    value = {1: "a", (2, ("b", None)): 3, np.float32(0.5): 4, 2**70: 5, b"x": 6, 1j: 7}
    assert unpack(pack(value, keep, 2**20), lambda number, kind: number) == value


@pytest.mark.parametrize(
    "value", ["x" * 9_000_000, "ä" * 5_000_000, [b"x" * 5_000_000] * 2, [2**13_000] * 3_000],
    ids=["text", "two bytes each", "bytes", "integers"],
)  # fmt: skip
def test_more_text_than_a_head_holds_is_said_to_be_too_large(value):
    with pytest.raises(ValueTooLarge, match="8 MiB of text"):
        pack(value, keep, 2**30)


def test_as_much_text_as_is_allowed_fits_a_head():
    message = pack(["x" * 8_000_000, *[0.5] * 90_000], keep, 2**30)
    assert len(msgpack.packb([message.tree, []])) < MAX_HEAD_BYTES


def error_reply(message="wrong", frames=(), kind="ValueError"):
    error = {"type": kind, "message": message, "frames": [list(frame) for frame in frames]}
    return take(Draft({"error": error}, []).encoded())


def test_a_file_name_with_a_zero_in_it_is_no_answer():
    assert isinstance(error_reply(frames=[("a\x00b.py", 1, "f")]), ChannelMalformed)


@pytest.mark.parametrize(
    "reply",
    [
        {"message": "x" * (MAX_BYTES // 2)},
        {"kind": "x" * 10_000},
        {"frames": [("frames.py", 1, "f")] * 1000},
        {"frames": [("frames.py", 1, "f" * 10_000)]},
    ],
    ids=["message", "class", "frames", "function"],
)
def test_an_exception_longer_than_a_workbench_tells_is_no_answer(reply):
    assert isinstance(error_reply(**reply), ChannelMalformed)


def test_an_exception_as_a_workbench_tells_it_is_one():
    told = error_reply("x" * 2000, [("shapes/area.py", 2, "f" * 100)] * 8)
    assert isinstance(told, StudentError) and find_fault(told) == ""


def test_frames_of_all_sizes_arrive_whole_one_after_the_other():
    ours, theirs = socket.socketpair()
    sizes = [0, 1, 65_000, 65_536, 65_537, 3, 70_000, 131_073, 0, 65_535, 200_000, 7]
    parcels = [Message(number, [bytes([number % 256]) * size]) for number, size in enumerate(sizes)]
    parcels += [Message(-1, [bytes([number % 256]) for number in range(50_000)])]
    with ours, theirs:
        sender = threading.Thread(target=lambda: [Channel(theirs).send(one) for one in parcels])
        sender.start()
        channel = Channel(ours)
        for sent in parcels:
            arrived = channel.receive(time.monotonic() + 20)
            assert arrived.tree == sent.tree and arrived.buffers == sent.buffers
        sender.join()
