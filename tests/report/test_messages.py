"""What the judge has said, taken apart."""

import numpy as np
import pytest

from autograder.report.messages import CodeLine, Feedback, read_message
from autograder.rubric import CheckFailed, StudentError, check
from autograder.rubric.failures import Frame


def said_by(action):
    with pytest.raises((CheckFailed, StudentError)) as error:
        action()
    return read_message(str(error.value))


def test_a_wrong_shape_is_told_as_got_and_expected():
    message = said_by(lambda: check(np.ones((5, 3)), "dL/db").close(np.zeros(3), hints={
        "not summed over the batch": np.ones((5, 3))}))  # fmt: skip
    assert message == Feedback(
        "", "dL/db has shape (5, 3)", "(3,)", "not summed over the batch", ()
    )


def test_a_wrong_number_is_told_as_got_and_expected():
    message = said_by(lambda: check(1.5, "the loss").close(2.0))
    assert message == Feedback("the loss is wrong", "1.5", "2", "", ())


def test_wrong_entries_are_counted_and_the_worst_compared():
    message = said_by(lambda: check(np.array([1.0, 7.0]), "Z").close(np.array([1.0, 2.0])))
    assert message.text == "Z has wrong values in 1 of 2 entries; the worst, at [1]"
    assert (message.got, message.expected) == ("7", "2")


def test_a_missing_value_compares_nothing():
    message = said_by(lambda: check(None, "Z").close(np.zeros(2)))
    assert message.text == "Z is None; did you forget to return or to store it?"
    assert (message.got, message.expected) == ("", "")


def test_the_students_own_lines_are_found():
    def raise_it():
        frames = (
            Frame("net/linear.py", 12, "forward", "Z = X @ self.W"),
            Frame("cell 3 of theory.ipynb", 4, "<module>", ""),
        )
        raise StudentError("ValueError", "shapes do not fit", frames, "Linear.forward")

    message = said_by(raise_it)
    assert message.text == "Linear.forward raised ValueError: shapes do not fit"
    assert message.lines == (
        CodeLine("net/linear.py", 12, "forward", "Z = X @ self.W"),
        CodeLine("cell 3 of theory.ipynb", 4, "", ""),
    )


@pytest.mark.parametrize(
    ("text", "rest", "hint"),
    [
        ("a hidden check failed; hint: doubled", "a hidden check failed", "doubled"),
        ("one\n  hint: a\ntwo\n  hint: b", "one\ntwo", "a; b"),
        ("", "", ""),
        ("no hint at all", "no hint at all", ""),
        ("the word hint: alone", "the word hint: alone", ""),
    ],
)
def test_hints_are_taken_out(text, rest, hint):
    message = read_message(text)
    assert (message.text, message.hint) == (rest, hint)


@pytest.mark.parametrize("text", ["x" * 100_000, "  a, line 1" * 9_000, ", expected " * 9_000,
                                  "  " + "a, line 1, in " * 9_000, ": got " * 9_000])  # fmt: skip
def test_a_text_made_to_take_for_ever_does_not(text):
    assert isinstance(read_message(text), Feedback)
