"""What a test's end means, and what of it a student may read."""

from pathlib import Path

import numpy as np
import pytest

from autograder.grading.check_timeout import TooMuchToCheck
from autograder.grading.item_records import item_record
from autograder.grading.submission_worker import WorkerLost
from autograder.grading.verdict import judge_outcome, with_conditions
from autograder.remote.messages import MalformedValue
from autograder.results import TestRecord
from autograder.rubric.check import CheckFailed
from autograder.rubric.student import OpaqueValue, StudentError
from autograder.sandbox.requests import SandboxFailure

HERE = Path(__file__).parent
SECRET = "the hidden value 42.4242"


def raised(action, *arguments):
    try:
        action(*arguments)
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (None, "passed"),
        (StudentError("NotImplementedError", SECRET, (), "f"), "not_attempted"),
        (StudentError("ValueError", SECRET, (), "f"), "failed"),
        (CheckFailed("dW", SECRET), "failed"),
        (CheckFailed("dW", SECRET, "summed twice"), "failed"),
        (AssertionError(SECRET), "failed"),
        (AssertionError(), "failed"),
        (OpaqueValue(SECRET), "failed"),
        (TooMuchToCheck(SECRET), "failed"),
        (WorkerLost("timeout", "the time was up"), "timeout"),
        (WorkerLost("crashed", "the process was ended"), "crashed"),
        (MalformedValue(SECRET), "crashed"),
        (SandboxFailure(SECRET), "grader_error"),
        (NameError(SECRET), "grader_error"),
        (MemoryError(SECRET), "grader_error"),
        (KeyboardInterrupt(SECRET), "grader_error"),
    ],
)
def test_every_end_has_its_status_and_a_hidden_test_tells_no_value(error, status):
    verdict = judge_outcome(error, HERE)
    assert verdict.status == status
    assert (verdict.message == "") == (status == "passed")
    assert SECRET not in verdict.hidden_message


def test_a_hidden_test_tells_its_hint():
    verdict = judge_outcome(CheckFailed("dW", SECRET, "summed twice"), HERE)
    assert verdict.hidden_message == "a hidden check failed; hint: summed twice"


@pytest.mark.parametrize(
    "use",
    [
        lambda value: (lambda first, second: None)(*value),
        lambda value: value.shape,
        lambda value: value[0],
        lambda value: value + 1,
        lambda value: np.empty(10**15),
    ],
)
def test_a_test_that_stumbles_over_a_students_value_is_the_students_failure(use):
    verdict = judge_outcome(raised(use, None), HERE)
    assert verdict.status == "failed"
    assert verdict.message.startswith("what your code returned could not be used")


def test_a_stumble_outside_the_rubric_is_ours():
    verdict = judge_outcome(raised(lambda value: value.shape, None), HERE / "elsewhere")
    assert verdict.status == "grader_error"


def test_a_stumble_inside_our_own_code_is_ours():
    verdict = judge_outcome(raised(item_record, None, None, None), HERE)
    assert verdict.status == "grader_error"


def test_a_grader_error_names_the_rubrics_line_to_the_instructor_only():
    def test_with_a_slip():
        undefined_name  # noqa: F821

    verdict = judge_outcome(raised(test_with_a_slip), HERE)
    assert "test_verdict.py:" in verdict.message and "undefined_name" in verdict.message
    assert "undefined_name" not in verdict.hidden_message


def ended_tests(*statuses):
    return tuple(
        TestRecord(f"test_{number}", "title", status, "", "", False, 0.0)
        for number, status in enumerate(statuses)
    )


@pytest.mark.parametrize(
    ("statuses", "weights", "status", "score"),
    [
        (["passed", "passed"], [1, 1], "passed", 2.0),
        (["passed", "failed"], [1, 1], "partial", 1.0),
        (["passed", "failed"], [3, 1], "partial", 1.5),
        (["passed", "failed", "failed"], [1, 1, 1], "partial", 0.67),
        (["failed", "failed"], [1, 1], "failed", 0.0),
        (["failed", "not_attempted"], [1, 1], "failed", 0.0),
        (["not_attempted", "not_attempted"], [1, 1], "not_attempted", 0.0),
        (["passed", "not_attempted"], [1, 1], "partial", 1.0),
        (["passed", "timeout"], [1, 1], "timeout", 1.0),
        (["passed", "crashed"], [1, 1], "crashed", 1.0),
        (["passed", "grader_error"], [1, 1], "grader_error", 0.0),
    ],
)
def test_an_item_earns_the_weight_that_passed(tiny, statuses, weights, status, score):
    record = item_record(tiny.item("t1-square"), ended_tests(*statuses), tuple(weights))
    assert (record.status, record.score) == (status, score)


def three_tests(main, other, hidden=False):
    return (
        TestRecord("test_main[3]", "Each entry is squared.", main, "", "", False, 0.0),
        TestRecord("test_main[4]", "Each entry is squared.", "passed", "", "", False, 0.0),
        TestRecord("test_other", "x is left alone.", other, "", "", hidden, 0.0),
    )


CONDITION = {"test_other": ("test_main",)}


@pytest.mark.parametrize(
    ("main", "other", "status"),
    [
        ("passed", "passed", "passed"),
        ("failed", "passed", "failed"),
        ("timeout", "passed", "failed"),
        ("not_attempted", "passed", "not_attempted"),
        ("failed", "crashed", "crashed"),
    ],
)
def test_a_test_counts_with_another_one_in_every_case_of_it(main, other, status):
    first, second, third = with_conditions(three_tests(main, other), CONDITION)
    assert (first.status, second.status, third.status) == (main, "passed", status)
    words = (
        '"x is left alone" holds, but earns no points until this check passes: '
        '"Each entry is squared"'
    )
    assert (third.student_message == words) == (other != status)
    assert third.student_message == third.message


def test_a_hidden_test_that_does_not_count_says_not_that_it_would_pass():
    *_, hidden = with_conditions(three_tests("failed", "passed", hidden=True), CONDITION)
    words = 'a hidden check earns no points until this check passes: "Each entry is squared"'
    assert hidden.student_message == words


def told(*messages, tiny):
    tests = tuple(
        TestRecord(str(number), "A.", "failed", message, message, False, 0.1)
        for number, message in enumerate(messages)
    )
    return item_record(tiny.auto_items[0], tests, tuple(1.0 for _ in tests)).student_message


def test_a_cause_is_told_once_above_all_that_follows_from_it(tiny):
    cause = "a.ipynb, cell 1 raised ImportError: no\n  a.ipynb, cell 1, line 2: import x"
    because = "\nBecause of this, "
    assert told(
        f"{cause}{because}a.f raised NameError", "other", f"{cause}{because}a.g is missing.",
        f"{cause}{because}a.f raised NameError", f"another{because}a.h is missing.", tiny=tiny
    ) == (
        f"{cause}{because}a.f raised NameError{because}a.g is missing.\nother\n"
        f"another{because}a.h is missing."
    )  # fmt: skip
