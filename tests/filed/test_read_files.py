"""Tests read what was handed in, and a file that cannot be read says why in one sentence."""

import os

import pytest

HEAD = "step,loss\n"


def test_the_solution_has_full_points_and_the_release_none(filed, hand_in, grade, tmp_path):
    from autograder.release import plan_release, write_release

    write_release(plan_release(filed), tmp_path / "release")
    solution, release = grade(filed, hand_in(), tmp_path / "release")
    assert (solution.score, solution.possible, release.score) == (6, 6, 0)
    assert solution.notices == ()
    assert [item.status for item in release.items] == ["not_attempted"] * 3 + [
        "awaiting_manual"
    ] * 2


def test_a_table_that_cannot_be_used_says_why(outcome):
    item = outcome("f1-log", {"logs/train.csv": HEAD + "0,1,2\n"})
    assert item.status == "failed"
    assert item.student_message == (
        "logs/train.csv has 3 entries in line 2, and 2 in its first line"
    )


def test_json_that_cannot_be_used_costs_its_test_only(outcome):
    item = outcome("f1-log", {"logs/run.json": "[" * 100_000})
    assert (item.status, item.score) == ("partial", 1.0)
    assert "logs/run.json is not JSON" in item.student_message


def test_a_file_that_is_missing_is_named(outcome):
    item = outcome("f1-log", {"logs/run.json": None})
    assert (item.status, item.score) == ("partial", 1.0)
    assert "logs/run.json was not handed in" in item.student_message


@pytest.mark.parametrize("what", ["link", "pipe"])
def test_what_is_no_file_is_not_read(filed, hand_in, grade, what, tmp_path):
    """A link to a hidden file, and a pipe that nobody writes to."""
    folder = hand_in({"logs/run.json": None})
    place, secret = folder / "logs/run.json", tmp_path / "secret.json"
    secret.write_text('{"rate": 0.05}')
    if what == "pipe":
        os.mkfifo(place)
    else:
        place.symlink_to(secret)
    [record] = grade(filed, folder, items=["f1-log"])
    assert record.items[0].score == 1.0
    assert "logs/run.json was not handed in" in record.items[0].student_message


def test_student_code_cannot_change_what_tests_read(outcome):
    """The judge has read the log before student code runs."""
    writes = """
import numpy as np
try:
    open("logs/train.csv", "w").write("step,loss\\n0,1\\n")
    open("logs/run.json", "w").write("{}")
except OSError:
    pass
def step(w, rate):
    return w - rate * 2 * w
"""
    assert outcome("f1-log", {"descent.py": writes}).status == "passed"
