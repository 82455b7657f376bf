"""A hint is shown if a wrong value comes from that mistake and no other; otherwise none."""

import math

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.observing import observing

RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
NAN = float("nan")


def told(method, got, *arguments, **options):
    """The hint of a check that fails."""
    with pytest.raises(CheckFailed) as caught:
        getattr(check(got, "it"), method)(*arguments, **options)
    return caught.value.hint


# got, expected, hints, tolerances, the hint that is told
CLOSE = {
    "one mistake": (RIGHT / 2, RIGHT, {"halved": RIGHT / 2, "doubled": 2 * RIGHT}, {}, "halved"),
    "another shape": (RIGHT.T, RIGHT, {"transposed": RIGHT.T, "doubled": 2 * RIGHT}, {},
                      "transposed"),
    "none": (RIGHT / 3, RIGHT, {"halved": RIGHT / 2, "transposed": RIGHT.T}, {}, ""),
    "two with one value": (2.0, 4.0, {"halved": 2.0, "square root": 2.0}, {}, ""),
    "two that differ by rounding": (0.3, 1.0, {"a": 0.1 + 0.2, "b": 0.3}, {}, ""),
    "two with one value, another has it not": (
        2.0, 4.0, {"halved": 2.0, "doubled": 8.0, "square root": 2.0}, {}, ""),
    "two arrays with one value": (np.zeros(3), np.ones(3), {"zero": np.zeros(3), "minus one":
                                  np.ones(3) - 1}, {}, ""),
    "the later of two is nearer": (
        1.5, 1.0, {"by a third": 1.53, "by a half": 1.501}, {"rtol": 0.05}, "by a half"),
    "the first of two is nearer": (
        1.5, 1.0, {"by a half": 1.501, "by a third": 1.53}, {"rtol": 0.05}, "by a half"),
    "as near to two": (1.5, 1.0, {"a": 1.48, "b": 1.52}, {"rtol": 0.05}, ""),
    "nearly as near to two": (1.5, 1.0, {"a": 1.49, "b": 1.52}, {"rtol": 0.05}, ""),
    "within a wide tolerance, yet nearer to what is right": (
        1.2, 0.0, {"far too much": 2.1}, {"rtol": 0, "atol": 1.0}, ""),
    "half way": (1.2, 0.0, {"too much": 1.8}, {"rtol": 0, "atol": 1.0}, ""),
    "near, for the way it has come": (
        1.2, 0.0, {"too much": 1.25}, {"rtol": 0, "atol": 1.0}, "too much"),
    "a mistake that is right here": (3.0, 4.0, {"nothing wrong": 4.0}, {}, ""),
    "0 / 0": (NAN, 1.0, {"0 / 0": NAN, "zero": 0.0}, {}, "0 / 0"),
    "two ways to nan": (NAN, 1.0, {"0 / 0": NAN, "log of less than 0": NAN}, {}, ""),
    "overflow": (math.inf, 1.0, {"overflow": math.inf, "0 / 0": NAN}, {}, "overflow"),
    "an array in which one entry is nan": (
        np.array([NAN, 2.0]), np.array([1.0, 2.0]), {"0 / 0": np.array([NAN, 2.0])}, {}, "0 / 0"),
    "integers": (np.zeros(2, int), np.ones(2), {"zeros": np.zeros(2)}, {}, "zeros"),
    "float32": (
        np.float32(RIGHT / 3), RIGHT, {"a third": RIGHT / 3, "a quarter": RIGHT / 4}, {},
        "a third"),
    "what is true of all": (RIGHT / 3, RIGHT, {"halved": RIGHT / 2}, {"hint": "look"}, "look"),
    "what is true of all, where two fit": (2.0, 4.0, {"a": 2.0, "b": 2.0}, {"hint": "look"},
                                           "look"),
    "a mistake before what is true of all": (2.0, 4.0, {"halved": 2.0}, {"hint": "look"},
                                             "halved"),
}  # fmt: skip


@pytest.mark.parametrize(("got", "right", "hints", "options", "hint"), CLOSE.values(), ids=CLOSE)
def test_hints_of_close(got, right, hints, options, hint):
    assert told("close", got, right, hints=hints, **options) == hint


def test_the_order_of_hints_does_not_matter():
    for got, right, hints, options, hint in CLOSE.values():
        backwards = dict(reversed(hints.items()))
        assert told("close", got, right, hints=backwards, **options) == hint


# got, expected, hints, the hint that is told
EQUALS = {
    "one mistake": (2, 3, {"one too few": 2, "one too many": 4}, "one too few"),
    "none": (7, 3, {"one too few": 2, "one too many": 4}, ""),
    "two with one value": ([60, 60], [15] * 8, {"one batch": [60] * 2, "128": [60] * 2}, ""),
    "two that are equal and not the same": (2, 3, {"a": 2, "b": 2.0}, ""),
    "a list is no tuple": ([1], [2], {"a": [1], "b": (1,)}, "a"),
    "True is not 1": (1, 2, {"a": 1, "b": True}, "a"),
    "three, one of which fits": ("he", "xavier", {"a": "He", "b": "he", "c": "zero"}, "b"),
}


@pytest.mark.parametrize(("got", "right", "hints", "hint"), EQUALS.values(), ids=EQUALS)
def test_hints_of_equals(got, right, hints, hint):
    assert told("equals", got, right, hints=hints) == hint
    assert told("equals", got, right, hints=hints, hint="look") == (hint or "look")


@pytest.mark.parametrize(
    ("word", "right", "wrong"),
    [("below", 0.9, 1.0), ("above", 1.1, 1.0), ("at_most", 1.0, 1.1), ("at_least", 1.0, 0.9)],
)
def test_limits_and_what_is_observed_of_them(word, right, wrong):
    with observing() as observed:
        getattr(check(right, "it"), word)(1.0, hint="look")
        assert told(word, wrong, 1.0, hint="look") == "look"
    [first, second] = observed.values()
    assert first.word == second.word == word
    assert first.place.startswith("test_hints.py:") and first.place != second.place
    assert first.hints == ["look"]
    assert (first.got, first.limit) == (right, 1.0)
    assert first.margin == pytest.approx(abs(right - 1.0))
    assert second.margin == pytest.approx(-abs(wrong - 1.0))


# expected, hints, tolerances, the pairs that no value tells apart ("" is the right value)
ALIKE = {
    "all differ": (1.0, {"a": 2.0, "b": 3.0}, {}, []),
    "two": (1.0, {"a": 2.0, "b": 3.0, "c": 2.0}, {}, [("a", "c")]),
    "the truth": (1.0, {"a": 2.0, "b": 1.0}, {}, [("", "b")]),
    "within the tolerance": (1.0, {"a": 2.0, "b": 2.1}, {"rtol": 0.1}, [("a", "b")]),
    "not within it": (1.0, {"a": 2.0, "b": 2.1}, {"rtol": 0.01}, []),
    "the truth within the tolerance": (1.0, {"a": 1.05}, {"rtol": 0.1}, [("", "a")]),
    "other shapes": (RIGHT, {"a": RIGHT.T, "b": RIGHT[0], "c": RIGHT.T.copy()}, {}, [("a", "c")]),
    "nan": (1.0, {"a": NAN, "b": NAN, "c": 2.0}, {}, [("a", "b")]),
    "1 / 1000² and 0.001²": (
        1e-3, {"1/max is the standard deviation": 1 / 1000**2, "0.001 is fixed": 0.001**2}, {},
        [("0.001 is fixed", "1/max is the standard deviation")]),
}  # fmt: skip


@pytest.mark.parametrize(("right", "hints", "options", "pairs"), ALIKE.values(), ids=ALIKE)
def test_hints_that_no_value_tells_apart_are_observed(right, hints, options, pairs):
    with observing() as observed:
        check(right, "it").close(right, hints=hints, **options)
    [line] = observed.values()
    assert line.hints == list(hints)
    assert list(line.alike) == pairs


def test_plain_hints_that_no_value_tells_apart_are_observed():
    with observing() as observed:
        check(3, "it").equals(3, hints={"a": 2, "b": 3, "c": 2, "d": [2]})
    [line] = observed.values()
    assert list(line.alike) == [("", "b"), ("a", "c")]


def test_a_line_in_a_loop_is_observed_as_one():
    with observing() as observed:
        for number in (1, 2, 3):
            check(number, "it").equals(number, hints={"one": 1, "two": 2, "other": number + 1})
    [line] = observed.values()
    # (how often both were there, how often they had the same value)
    counted = {pair: (line.together[pair], times) for pair, times in line.alike.items()}
    assert counted == {("", "one"): (3, 1), ("", "two"): (3, 1), ("other", "two"): (3, 1)}


def test_the_part_of_a_tolerance_that_is_taken_is_observed():
    with observing() as observed:
        for got in (1.0, 1.3, 0.9):
            check(got, "it").close(1.0, rtol=0, atol=0.5)
    [line] = observed.values()
    assert (line.word, line.limit) == ("close", 1.0)
    assert line.got == pytest.approx(0.6)


@pytest.mark.parametrize("tolerances", [{"atol": math.inf}, {"rtol": 0, "atol": 0}])
def test_no_part_of_none_or_of_all_is_taken(tolerances):
    with observing() as observed:
        check(1.0, "it").close(1.0, **tolerances)
    assert [line.margin for line in observed.values()] == [None]


def test_nothing_is_observed_at_other_times():
    with observing() as observed:
        pass
    check(1.0, "it").close(1.0)
    assert observed == {}
