"""Objects of other classes are read by the methods of their base class, never by their own."""

import collections
import decimal
import enum
import fractions

import numpy as np
import pytest

from autograder.remote.content import NOTHING, content_of
from autograder.remote.messages import Message, pack, unpack


def lie(*arguments, **keywords):
    raise AssertionError("a method of the student's class was run")


LIES = dict.fromkeys(
    [
        "__iter__", "__len__", "__getitem__", "__str__", "__repr__", "__int__", "__index__",
        "__float__", "__complex__", "__bytes__", "__eq__", "__bool__", "__contains__", "__format__",
        "__array__", "__array_finalize__", "__array_ufunc__", "__array_function__", "__reduce__",
        "__getattribute__", "__class__", "items", "keys", "values", "view", "astype", "tolist",
        "copy", "real", "imag", "numerator", "as_tuple", "is_finite",
    ],
    lie,
)  # fmt: skip


def liar(base):
    """A class whose every method would be noticed."""
    names = LIES | {"__hash__": None}
    if base is np.ndarray:
        del names["__array_finalize__"]  # numpy itself calls it while such an array is made
    return type("Liar", (base,), names)


LYING = [
    (liar(tuple)((1, 2)), (1, 2)),
    (liar(list)([1, [2]]), [1, [2]]),
    (liar(dict)(a=1), {"a": 1}),
    (liar(collections.OrderedDict)([("b", 1), ("a", 2)]), {"b": 1, "a": 2}),
    (liar(collections.defaultdict)(int, {"a": 1}), {"a": 1}),
    (liar(str)("cat"), "cat"),
    (liar(bytes)(b"cat"), b"cat"),
    (liar(int)(2**70), 2**70),
    (liar(float)(0.5), 0.5),
    (liar(complex)(1 + 2j), 1 + 2j),
    (liar(collections.deque)([1, 2]), [1, 2]),
    (liar(fractions.Fraction)(1, 3), 1 / 3),
    (liar(decimal.Decimal)("0.1"), 0.1),
]


@pytest.mark.parametrize(("value", "content"), LYING, ids=[type(c).__name__ for _, c in LYING])
def test_no_method_of_the_class_itself_is_run(value, content):
    found = content_of(value)
    assert type(found) is type(content) and found == content


def test_the_entries_of_an_array_are_read_whatever_its_class_says():
    kind = liar(np.ndarray)
    array = np.ndarray.view(np.array([[0.5, 1.0]]), kind)
    found = content_of(array)
    assert type(found) is np.ndarray and found.tolist() == [[0.5, 1.0]]


class Side(enum.IntEnum):
    LEFT = 1


class Colour(enum.StrEnum):
    RED = "red"


Gradients = collections.namedtuple("Gradients", "dA db")
OF_ANOTHER_CLASS = [
    (Gradients(1, 2.0), (1, 2.0)),
    (Side.LEFT, 1),
    (enum.IntFlag("Bits", "A B").B, 2),
    (Colour.RED, "red"),
    (fractions.Fraction(3, 4), 0.75),
    (decimal.Decimal("1.25"), 1.25),
    (range(3), [0, 1, 2]),
    ({"a": 1}.keys(), ["a"]),
    ({"a": 1}.values(), [1]),
    ({"a": 1}.items(), [("a", 1)]),
    (collections.deque([1, 2]), [1, 2]),
    (np.array(["cat", "dog"]), ["cat", "dog"]),
    (np.array("cat"), "cat"),
    (np.ma.masked_array([1.0]).view(np.ma.MaskedArray), np.array([1.0])),
]


@pytest.mark.parametrize(("value", "content"), OF_ANOTHER_CLASS, ids=lambda one: repr(one)[:30])
def test_what_only_looks_different_is_read_by_its_content(value, content):
    found = content_of(value)
    assert type(found) is type(content)
    np.testing.assert_array_equal(found, content)


class Pretender:
    """Says that it is a tuple, and is none."""

    __class__ = tuple

    def __iter__(self):
        return iter((1, 2))


@pytest.mark.parametrize(
    "value",
    [
        Pretender(),
        object(),
        len,
        {1, 2},
        (one for one in [1]),
        np.ma.masked_array([1.0, 2.0], mask=[False, True]),
        np.zeros(2, dtype=[("a", "f8")]),
        np.longdouble("1e4000"),
        np.array([np.longdouble("1e4000"), 1]),
        fractions.Fraction(10**400),
        decimal.Decimal("1e999999"),
        np.array([None]),
        np.datetime64("2026-01-01"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_content_that_is_beyond_doubt_has_none(value):
    found = content_of(value)
    # An array whose entries are not carried is not read either.
    assert found is NOTHING or (isinstance(found, np.ndarray) and found.dtype.kind == "V")


CARRIED = [
    (collections.OrderedDict(a=1), {"a": 1}),
    (collections.Counter("aab"), {"a": 2, "b": 1}),
    (collections.defaultdict(list, {"a": [1]}), {"a": [1]}),
    (np.str_("cat"), "cat"),
    (np.bytes_(b"cat"), b"cat"),
    (np.longdouble(0.5), np.float64(0.5)),
    (np.clongdouble(0.5j), np.complex128(0.5j)),
    (np.zeros(2, "g"), np.zeros(2)),
    (np.ones((1, 2)).view(np.matrix), np.ones((1, 2))),
    (np.ma.masked_array([1.0]), np.array([1.0])),
    ({np.str_("cat"): 1}, {"cat": 1}),
    ({Side.LEFT: "a"}, {1: "a"}),
    ({Gradients(1, 2): "a"}, {(1, 2): "a"}),
    ([np.str_("cat"), collections.OrderedDict(a=np.longdouble(1))], ["cat", {"a": 1.0}]),
]


def refuse(value):
    raise AssertionError(f"{value!r} should have been carried by value")


@pytest.mark.parametrize(("value", "right"), CARRIED, ids=lambda one: repr(one)[:30])
def test_values_of_libraries_are_carried_as_plain_values(value, right):
    arrived = unpack(pack(value, refuse, 2**20), lambda number, kind: None)
    assert type(arrived) is type(right)
    np.testing.assert_array_equal(arrived, right)


def test_a_shape_of_torch_is_a_tuple():
    torch = pytest.importorskip("torch")
    arrived = unpack(pack(torch.zeros(1, 2).shape, refuse, 100), lambda number, kind: None)
    assert type(arrived) is tuple and arrived == (1, 2)


def test_an_ordered_dict_keeps_its_own_order():
    value = collections.OrderedDict(a=1, b=2)
    value.move_to_end("a")
    arrived = unpack(pack(value, refuse, 100), lambda number, kind: None)
    assert list(arrived) == ["b", "a"]


def test_keys_that_would_fall_together_stay_where_they_are():
    class Key(str):
        __eq__, __hash__ = object.__eq__, object.__hash__

    message = pack({Key("a"): 1, Key("a"): 2}, lambda value: {"kind": "ellipsis"}, 100)
    assert message == Message({"kind": "ellipsis"})
