"""check() accepts what is right, and says of what is wrong what it is and where."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check

EXPECTED = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def refusal(got, expected=EXPECTED, **options):
    with pytest.raises(CheckFailed) as caught:
        check(got, "dW").close(expected, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "got",
    [EXPECTED, EXPECTED + 1e-8, EXPECTED.astype(np.float32), np.asfortranarray(EXPECTED)],
    ids=["equal", "within tolerance", "float32", "other memory order"],
)
def test_right_arrays_are_accepted(got):
    check(got, "dW").close(EXPECTED)


@pytest.mark.parametrize("got", [2.5, np.float64(2.5), np.array(2.5), np.float32(2.5)])
def test_right_numbers_are_accepted_in_every_guise(got):
    check(got, "loss").close(2.5)


def test_float32_is_judged_at_its_own_precision_but_not_more_loosely():
    rounded = (EXPECTED * (1 + 2e-5)).astype(np.float32)
    check(rounded, "dW").close(EXPECTED)
    assert "wrong values" in refusal((EXPECTED * 1.001).astype(np.float32))
    assert "wrong values" in refusal(EXPECTED * (1 + 2e-5))


def test_missing_comes_first():
    assert refusal(None) == "dW is None; did you forget to return or to store it?"


@pytest.mark.parametrize(
    ("got", "kind"),
    [([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "list"), ("text", "str"), ({}, "dict"), (True, "bool")],
)
def test_then_the_type(got, kind):
    assert refusal(got) == f"dW is of type {kind}, expected a numpy array"


def test_a_list_is_no_number():
    assert refusal([2.5], 2.5) == "dW is of type list, expected a number"


def test_then_the_shape():
    assert refusal(EXPECTED.T) == "dW has shape (3, 2), expected (2, 3)"
    assert refusal(np.array([2.5]), 2.5) == (
        "dW has shape (1,), expected a single number, shape ()"
    )
    assert refusal(2.5) == "dW has shape (), expected (2, 3)"


def test_then_the_dtype():
    assert refusal(EXPECTED.astype(int)) == "dW has dtype int64, expected floating point"
    assert "float16" in refusal(EXPECTED.astype(np.float16))


def test_then_that_it_is_finite():
    got = EXPECTED.copy()
    got[1, 0] = np.nan
    got[1, 2] = np.inf
    assert refusal(got) == (
        "dW has 2 entries that are not finite; the first, at [1, 0]: got nan, expected 4"
    )
    assert refusal(float("nan"), 2.5) == "dW is nan, expected 2.5"


def test_infinite_values_that_are_expected_are_right():
    check(np.array([np.inf, 1.0]), "x").close(np.array([np.inf, 1.0]))
    assert "wrong values" in refusal(np.array([-np.inf, 1.0]), np.array([np.inf, 1.0]))


def test_then_the_values_with_the_worst_entry():
    got = EXPECTED.copy()
    got[0, 1] += 0.5
    got[1, 2] -= 3
    assert refusal(got) == (
        "dW has wrong values in 2 of 6 entries; the worst, at [1, 2]: got 3, expected 6"
    )
    assert refusal(1.0, 2.5) == "dW is wrong: got 1, expected 2.5"


def test_a_known_mistake_gets_its_hint():
    hints = {"divided by the batch size": EXPECTED / 2, "transposed": EXPECTED.T}
    assert refusal(EXPECTED / 2, hints=hints).endswith("\n  hint: divided by the batch size")
    assert refusal(EXPECTED.T, hints=hints).endswith("\n  hint: transposed")
    assert "hint" not in refusal(EXPECTED / 3, hints=hints)


def test_a_hint_that_this_draw_cannot_tell_from_the_truth_is_not_given():
    message = refusal(EXPECTED.astype(int), hints={"as it should be": EXPECTED})
    assert "hint" not in message


def test_a_known_mistake_in_integers_gets_its_hint_too():
    message = refusal(np.zeros((2, 3), int), hints={"all zeros": np.zeros((2, 3))})
    assert message.endswith("hint: all zeros")


def test_tolerances_are_those_of_the_call():
    check(EXPECTED + 0.05, "dW").close(EXPECTED, rtol=0, atol=0.1)
    assert "wrong" in refusal(EXPECTED + 0.15, rtol=0, atol=0.1)


@pytest.mark.parametrize("value", [3, "text", True, None, [1, "a"], (1, 2), np.int64(3)])
def test_equal_plain_values_are_equal(value):
    check(value, "answer").equals(value if not isinstance(value, np.generic) else 3)


@pytest.mark.parametrize(
    ("got", "expected"),
    [(1, True), (True, 1), ([1], (1,)), (3.5, 3), ([1, 2], [1, 2, 3]), ("3", 3), (0, None)],
)
def test_values_that_only_resemble_are_not_equal(got, expected):
    with pytest.raises(CheckFailed, match="is wrong: got"):
        check(got, "answer").equals(expected)


def test_a_wrong_answer_that_is_known_gets_its_hint():
    with pytest.raises(CheckFailed, match="hint: one too few"):
        check(2, "number of layers").equals(3, hints={"one too few": 2})


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ((3,), (np.zeros((2, 2)),)),
        (3, np.zeros(3)),
        ({"a": np.zeros(3)}, {"a": 3}),
        ({"a": [np.zeros(3)]}, {"a": [np.zeros(3)]}),
    ],
)
def test_an_array_equals_no_plain_value(got, expected):
    with pytest.raises(CheckFailed, match="is wrong"):
        check(got, "answer").equals(expected)


def test_sequences_are_checked_before_they_are_unpacked():
    assert check((1, 2), "get_parameters()").sequence(2) == [1, 2]
    for got, words in [
        (None, "is None"),
        (3, "is of type int, expected a list of 2"),
        ([1], "has 1 elements, expected 2"),
        (np.zeros(2), "is of type ndarray"),
    ]:
        with pytest.raises(CheckFailed, match=words):
            check(got, "get_parameters()").sequence(2)


def test_limits():
    check(0.5, "error").below(1.0)
    check(np.float32(0.5), "error").above(0.1)
    for got in (1.0, 2.0, None, "0.5", float("nan"), np.zeros(2), True):
        with pytest.raises(CheckFailed):
            check(got, "error").below(1.0)
    with pytest.raises(CheckFailed, match=r"error is 2, expected less than 1\n  hint: look"):
        check(2.0, "error").below(1.0, hint="look")


def test_truth():
    check(True, "it").is_true()
    check(np.bool_(True), "it").is_true()
    for got in (1, "yes", False, None, np.ones(1, bool)):
        with pytest.raises(CheckFailed, match="it does not hold"):
            check(got, "it").is_true()


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (EXPECTED[None], EXPECTED),
        (EXPECTED[:, None], EXPECTED),
        (np.array([[1.0, 2.0]]), np.array([1.0, 2.0])),
        (np.array([[1.0], [2.0]]), np.array([1.0, 2.0])),
        (np.array([1.0, 2.0]), np.array([[1.0], [2.0]])),
        (np.array([2.5]), 2.5),
        (np.array([[[2.5]]]), 2.5),
        (2.5, np.array([2.5])),
    ],
)
def test_axes_of_length_one_do_not_count_where_it_is_said(got, expected):
    check(got, "db").close(expected, squeeze=True)
    assert "has shape" in refusal(got, expected)
    assert "wrong" in refusal(np.asarray(got) + 1, expected, squeeze=True)


@pytest.mark.parametrize("got", [EXPECTED.T, EXPECTED.ravel(), EXPECTED[:1], np.ones((2, 3, 2))])
def test_another_order_or_number_of_entries_does(got):
    assert "has shape" in refusal(got, squeeze=True)
