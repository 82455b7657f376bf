"""A fault that has cost points is followed; work that was not done earns nothing by it."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check, own_derivative
from autograder.rubric.carried import Charge, FollowThrough, following
from autograder.rubric.failures import StudentError

RIGHT = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
TESTS = ("test_slope", "test_slope_again")
DIVIDED = Charge("b", "Slope", "test_slope", "The slope is right.", "divided by the batch size: no")
FORWARD = Charge("a", "Value", "test_value", "The value is right.", "the bias is missing")
UNSEEN = Charge("a", "Value", "test_value_far_out", "", "")
OTHER = Charge("z", "Something else", "test_z", "Z is right.", "divided by the batch size: no")


def followed(got, carried, *charges, expected=RIGHT, how="close"):
    """The notes of a check in item b, which builds on item a; an error where it fails."""
    follow = FollowThrough("b", TESTS, ["a"], charges)
    with following(follow):
        getattr(check(got, "dW"), how)(expected, carried=carried)
    return follow.notes


@pytest.mark.parametrize(
    ("got", "fault", "value", "charges"),
    [
        (RIGHT / 2, "divided by the batch", RIGHT / 2, [DIVIDED]),
        (RIGHT / 2, "divided by the batch", lambda: RIGHT / 2, [DIVIDED]),
        (RIGHT / 2, "divided by the batch", RIGHT / 2, [OTHER, FORWARD, DIVIDED]),
        (RIGHT.T, "test_slope", RIGHT.T, [DIVIDED]),
        (RIGHT[None], "divided by the batch", RIGHT[None], [DIVIDED]),
        (RIGHT.astype(np.float32) / 2, "divided by the batch", RIGHT / 2, [DIVIDED]),
        (-RIGHT, "the bias is missing", -RIGHT, [FORWARD]),
        (-RIGHT, "a", -RIGHT, [FORWARD]),
        (-RIGHT, "a", -RIGHT, [UNSEEN]),
        (
            np.where(RIGHT > 0, RIGHT, np.nan),
            "a",
            np.where(RIGHT > 0, RIGHT, np.nan),
            [FORWARD],
        ),
        (2.5, "a", 2.5, [FORWARD]),
    ],
)
def test_a_fault_that_has_cost_points_is_followed(got, fault, value, charges):
    expected = RIGHT if np.ndim(got) else 1.0
    [note] = followed(got, {fault: value}, *charges, expected=expected)
    assert note.startswith(
        "judged against your own code's values; this fault has already cost points"
    )


@pytest.mark.parametrize(
    ("got", "carried", "charges"),
    [
        (RIGHT / 2, {"divided by the batch": RIGHT / 2}, []),  # nothing was charged: it is now
        (
            RIGHT / 2,
            {"divided by the batch": RIGHT / 2},
            [OTHER],
        ),  # in an item it does not build on
        (RIGHT / 2, {"divided by the batch": RIGHT / 2}, [FORWARD]),  # another fault was
        (RIGHT / 3, {"divided by the batch": RIGHT / 2}, [DIVIDED]),  # and it has another one, too
        (RIGHT / 2, {"test_slope_again": RIGHT / 2}, [DIVIDED]),  # another test was failed
        (RIGHT / 2, {}, [DIVIDED]),
        (RIGHT / 2, {"a": RIGHT / 2}, [DIVIDED]),
    ],
)
def test_what_has_not_cost_points_does(got, carried, charges):
    with pytest.raises(CheckFailed):
        followed(got, carried, *charges)


@pytest.mark.parametrize(
    "lazy",
    [
        np.zeros((2, 3)),
        np.ones((2, 3)),
        np.full((2, 3), -7.5),
        np.full((2, 3), np.nan),
        np.full((2, 3), np.inf),
        np.where(RIGHT > 0, 0.0, np.nan),
        None,
    ],
    ids=["zeros", "ones", "constant", "nan", "inf", "zeros and nan", "None"],
)
def test_what_takes_no_work_is_never_carried(lazy):
    got = np.zeros((2, 3)) if lazy is None else lazy
    with pytest.raises(CheckFailed):
        followed(got, {"a": lazy}, FORWARD)


def test_zero_and_nan_are_no_carried_numbers():
    for lazy in (0.0, np.nan, np.inf, np.float64(0)):
        with pytest.raises(CheckFailed):
            followed(lazy, {"a": lazy}, FORWARD, expected=1.0)


def test_a_right_value_needs_no_note():
    assert followed(RIGHT, {"a": RIGHT / 2}, FORWARD) == []


def test_sizes_and_words_are_followed_as_well():
    [note] = followed([[4, 3]], {"a": [[4, 3]]}, FORWARD, expected=[[3, 4]], how="equals")
    assert note.endswith('in "Value": the bias is missing')
    with pytest.raises(CheckFailed):
        followed([[4, 3]], {"a": [[4, 3]]}, DIVIDED, expected=[[3, 4]], how="equals")


def test_the_title_of_a_hidden_test_is_not_told():
    [note] = followed(-RIGHT, {"a": -RIGHT}, UNSEEN)
    assert note == (
        'judged against your own code\'s values; this fault has already cost points in "Value": '
        "a hidden check"
    )


@pytest.mark.parametrize("fault", ["test_nowhere", "c", "b", "batch", ""])
def test_a_misspelt_fault_is_an_error_of_the_rubric(fault):
    with pytest.raises(ValueError, match="is neither a test of b nor in its builds_on"):
        followed(RIGHT / 2, {fault: RIGHT / 2}, DIVIDED)


def test_on_a_students_machine_nothing_is_carried():
    with pytest.raises(CheckFailed):
        check(RIGHT / 2, "dW").close(RIGHT, carried={"divided by the batch": RIGHT / 2})


X = np.array([[0.5, -1.5], [2.0, -0.25], [1.0, 3.0]])
UPSTREAM = np.array([[1.0, 2.0], [-0.5, 0.75], [3.0, -1.0]])


@pytest.mark.parametrize(
    ("forward", "slope"),
    [
        (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
        (lambda x: np.where(x > 0, x, 0.01 * x), lambda x: np.where(x > 0, 1, 0.01)),
        (lambda x: np.maximum(x, 0) + 1, lambda x: (x > 0).astype(float)),
        (lambda x: x**2, lambda x: 2 * x),
        (lambda x: np.minimum(x, 0), lambda x: (x < 0).astype(float)),
    ],
)
def test_the_derivative_is_that_of_the_students_own_forward(forward, slope):
    got = own_derivative(forward, X, UPSTREAM)
    np.testing.assert_allclose(got, UPSTREAM * slope(X), atol=1e-8)


def test_a_number_is_differentiated_too():
    got = own_derivative(lambda x: float(np.sum(x**3)), X, 1.0)
    np.testing.assert_allclose(got, 3 * X**2, atol=1e-8)


def raises(x):
    raise StudentError("ValueError", "no", (), "forward")


@pytest.mark.parametrize(
    "forward",
    [
        lambda x: x,
        lambda x: -3 * x + 1,
        lambda x: np.zeros_like(x),
        lambda x: np.full_like(x, 7.0),
        lambda x: None,
        lambda x: "text",
        lambda x: x.T,
        lambda x: x[:1],
        lambda x: float(x.sum()),
        lambda x: x.astype(str),
        raises,
    ],
)
def test_nothing_follows_from_a_forward_without_work(forward):
    assert own_derivative(forward, X, UPSTREAM) is None
