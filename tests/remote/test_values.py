"""Values cross between interpreters unchanged, and nothing forged comes out of a message."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from autograder.remote.messages import (
    DTYPES,
    MalformedValue,
    Message,
    ValueTooLarge,
    pack,
    unpack,
)


def refuse(value):
    raise AssertionError(f"{value!r} should have been carried by value")


def round_trip(value):
    message = pack(value, refuse, 2**20)
    return unpack(message, lambda number, kind: (number, kind))


plain_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
plain_values = st.recursive(
    plain_scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(left, right):
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right


@pytest.mark.parametrize(
    "value",
    [
        set(), {1, 2.5, "a", None}, frozenset({(1, 2), b"x"}), {True, 3}, range(3),
        range(5, -4, -2), [range(2), {1}], {"a": {1, 2}},
    ],
    ids=[
        "no element", "kinds", "frozen", "true", "range", "steps", "in a list", "in a dict",
    ],
)  # fmt: skip
def test_sets_and_ranges_arrive_as_they_were(value):
    arrived = round_trip(value)
    assert type(arrived) is type(value) and arrived == value


@pytest.mark.parametrize(
    "array",
    [
        np.array(["cat", "dog"]), np.array([["a", ""], ["äöü", "bcd"]]), np.array("cat"),
        np.zeros((0, 3), "<U4"), np.array(["x"])[::-1],
    ],
    ids=repr,
)  # fmt: skip
def test_arrays_of_strings_arrive_as_they_were(array):
    arrived = round_trip(array)
    assert arrived.shape == array.shape and arrived.dtype.kind == "U"
    assert arrived.tolist() == array.tolist()


@pytest.mark.parametrize(
    "tree",
    [
        {"kind": "set", "items": [[1]], "frozen": False},
        {"kind": "set", "items": [k * (2**61 - 1) for k in range(1, 100)], "frozen": False},
        {"kind": "set", "items": [1]},
        {"kind": "set", "items": [{"kind": "reference", "id": 1, "type": "x"}], "frozen": False},
        {"kind": "range", "items": [0, 10, 0]},
        {"kind": "range", "items": [0, 10]},
        {"kind": "range", "items": [0, 10.0, 1]},
        {"kind": "range", "items": [0, True, 1]},
        {"kind": "range", "items": [0, 2**62, 1]},
        [{"kind": "range", "items": [0, 900_000, 1]}] * 3,
        [{"kind": "texts", "items": ["a" * 2**17, *[""] * 99], "shape": [100]}] * 3,
        {"kind": "range", "items": [-(2**63), 2**63 - 1, 1]},
        {"kind": "texts", "items": ["a"], "shape": [2]},
        {"kind": "texts", "items": [1], "shape": [1]},
        {"kind": "texts", "items": [], "shape": [0, 2**62]},
        {"kind": "texts", "items": ["a" * 2**20, *[""] * 10_000], "shape": [10_001]},
        {"kind": "texts", "items": ["a"], "shape": [1] * 40},
    ],
    ids=str,
)
def test_forged_sets_ranges_and_strings_are_refused_before_they_take_memory(tree):
    with pytest.raises(MalformedValue):
        unpack(Message(tree), lambda number, kind: object())


@given(plain_values)
def test_plain_values_arrive_as_they_were_with_their_types(value):
    assert same(round_trip(value), value)


@given(
    st_numpy.arrays(
        st.sampled_from(sorted(DTYPES)).map(np.dtype),
        st_numpy.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
def test_arrays_of_every_listed_dtype_arrive_bit_for_bit(array):
    arrived = round_trip(array)
    assert arrived.dtype == array.dtype and arrived.shape == array.shape
    assert arrived.tobytes() == array.tobytes()


def test_arrays_in_odd_memory_layouts_arrive_right():
    grid = np.arange(24.0).reshape(4, 6)
    for array in (grid.T, grid[::-1, ::2], np.asfortranarray(grid), grid.astype(">f8")):
        np.testing.assert_array_equal(round_trip(array), array)


def test_what_arrives_is_a_copy_that_can_be_kept_from_being_written_to():
    sent = np.zeros(3)
    message = pack(sent, refuse, 1000)
    sent[:] = 1
    arrived = unpack(message, lambda number, kind: None)
    arrived[0] = 2
    assert arrived.tolist() == [2, 0, 0]
    with pytest.raises(ValueError, match="read-only"):
        unpack(message, lambda number, kind: None, writeable=False)[...] = 1


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_floats_that_are_not_finite_arrive(value):
    assert repr(round_trip(value)) == repr(value)


def test_numpy_scalars_keep_their_dtype():
    arrived = round_trip(np.float32(0.5))
    assert type(arrived) is np.float32 and arrived == 0.5


class LyingArray(np.ndarray):
    def __eq__(self, other):
        return True


class LyingFloat(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


@pytest.mark.parametrize(
    "value",
    [
        np.zeros(2).view(LyingArray),
        LyingFloat(1.0),
        np.array([None, 1]),
        np.zeros(2, dtype=[("a", "f8")]),
        np.longdouble("1e4000"),
        np.ma.masked_array([1.0], mask=[True]),
        {1, object()},
        range(2_000_000),
        range(2**70),
        range(-(2**63), 2**63 - 1),
        object(),
        len,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_plain_stays_where_it_is(value):
    stayed = []

    def refer(what):
        stayed.append(what)
        return {"kind": "reference", "id": 7, "type": "thing"}

    assert unpack(pack(value, refer, 1000), lambda number, kind: (number, kind)) == (7, "thing")
    assert stayed[0] is value


def test_a_list_that_holds_itself_ends_in_a_reference():
    circle = []
    circle.append(circle)
    message = pack(circle, lambda value: {"kind": "reference", "id": 0, "type": "list"}, 1000)
    assert "reference" in repr(message.tree)


@pytest.mark.parametrize(
    "value",
    [np.zeros(1000), "x" * 5000, b"x" * 5000, [["x" * 600]] * 10, 1 << 40_000],
    ids=["array", "text", "bytes", "many", "integer"],
)
def test_too_much_is_refused_before_it_is_copied(value):
    with pytest.raises(ValueTooLarge):
        pack(value, refuse, 4000)


def test_an_array_that_only_claims_to_be_huge_is_refused_by_its_size():
    ten_gigabytes = np.broadcast_to(np.float64(1), (10 * 2**27,))
    with pytest.raises(ValueTooLarge, match=r"10\.7 GB"):
        pack(ten_gigabytes, refuse, 2**29)


def array_node(**changes):
    return {"kind": "array", "dtype": "<f8", "shape": [2], "buffer": 0} | changes


def numbers_node(**changes):
    return {"kind": "numbers", "dtype": "<f8", "shape": [2], "buffer": 0, "plain": True} | changes


@pytest.mark.parametrize(
    "tree",
    [
        {"kind": "nonsense"},
        {"kind": ["array"]},
        {},
        array_node(dtype="|O"),
        array_node(dtype="O"),
        array_node(dtype="<f16"),
        array_node(dtype=7),
        array_node(shape=[3]),
        array_node(shape=[-2]),
        array_node(shape=[-1, -2]),
        array_node(shape=[2**40, 2**40]),
        array_node(shape=[True, 2]),
        array_node(shape="2"),
        array_node(shape=[1] * 17 + [2]),
        array_node(buffer=1),
        array_node(buffer=-1),
        array_node(buffer=None),
        {"kind": "scalar", "dtype": "<f8", "buffer": 0},
        {"kind": "tuple", "items": 3},
        {"kind": "dict", "items": [[1]]},
        {"kind": "dict", "items": [[[1], 2]]},
        {"kind": "complex", "real": 1, "imag": 2.0},
        {"kind": "integer", "digits": "f" * 5000},
        {"kind": "integer", "digits": "12 or so"},
        {"kind": "reference", "id": "1", "type": "x"},
        numbers_node(shape=[]),
        numbers_node(shape=[3]),
        numbers_node(shape=[1, 1, 2]),
        numbers_node(shape=[2**40, 0]),
        numbers_node(shape=[0, 2**40]),
        numbers_node(shape=[-1, -2]),
        numbers_node(dtype="|O"),
        numbers_node(plain=1),
        numbers_node(buffer=1),
        {1, 2},
    ],
    ids=repr,
)
def test_forged_nodes_are_refused(tree):
    with pytest.raises(MalformedValue):
        unpack(Message(tree, [bytes(16)]), lambda number, kind: None)


def test_too_deep_and_too_many_are_refused():
    deep = None
    for _ in range(100):
        deep = [deep]
    with pytest.raises(MalformedValue):
        unpack(Message(deep), lambda number, kind: None)
    with pytest.raises(MalformedValue):
        unpack(Message([None] * 200_000), lambda number, kind: None)


def test_a_forged_bool_is_only_true_or_false():
    forged = Message(
        {"kind": "array", "dtype": "|b1", "shape": [3], "buffer": 0}, [b"\x00\x01\x07"]
    )
    array = unpack(forged, lambda number, kind: None)
    assert array.view(np.uint8).tolist() == [0, 1, 1]


def test_slices_and_ellipsis_can_be_keys():
    assert round_trip(slice(1, None, 2)) == slice(1, None, 2)
    assert round_trip(Ellipsis) is Ellipsis


@pytest.mark.parametrize(
    "value",
    [
        [0.5] * 100_001,
        list(range(200_000)),
        [True, False] * 500,
        [np.float32(0.5)] * 1000,
        [np.int64(3)] * 1000,
        [[1, 2, 3]] * 60_000,
        [[0.25] * 10] * 60_000,
        [np.zeros(2)] * 300,
        [[1.0], [2.0, 3.0]] * 300,
        [0, 0.5] * 300,
        [2**70] * 300,
        [[]] * 300,
        [""] * 300,
        [None, *[1.0] * 300],
    ],
    ids=lambda value: f"{len(value)} of {type(value[0]).__name__}",
)
def test_long_lists_arrive_as_they_were(value):
    arrived = round_trip_of_much(value)
    assert len(arrived) == len(value)
    assert all(type(one) is type(other) for one, other in zip(arrived, value, strict=True))
    if not isinstance(value[0], np.ndarray):
        assert arrived == value


def round_trip_of_much(value):
    return unpack(pack(value, refuse, 2**26), lambda number, kind: None)


def test_lists_of_more_numbers_than_the_judge_has_room_for_are_neither_sent_nor_believed():
    with pytest.raises(ValueTooLarge, match="2,000,000 numbers"):
        pack([True] * 2_000_001, refuse, 2**26)
    buffers = [bytes(1_000_000), bytes(1_000_000)]
    nodes = [
        {"kind": "numbers", "dtype": "|b1", "shape": [1_000_000, 1], "buffer": k, "plain": True}
        for k in range(2)
    ]
    with pytest.raises(MalformedValue, match="too many numbers"):
        unpack(Message(nodes, buffers), lambda number, kind: None)


def test_a_forged_bool_in_a_list_is_only_true_or_false():
    node = {"kind": "numbers", "dtype": "|b1", "shape": [3], "buffer": 0, "plain": True}
    arrived = unpack(Message(node, [b"\x00\x01\x07"]), lambda number, kind: None)
    assert arrived == [False, True, True] and all(type(one) is bool for one in arrived)
