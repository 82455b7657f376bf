"""The order of tests: what has seen hidden inputs runs after what students read the words of."""

import json

import pytest

from autograder.assignment import load_assignment
from autograder.grading import notebook_bench
from autograder.grading.sittings import running_order, sittings


@pytest.fixture
def noted(course):
    return load_assignment(course, "noted")


def test_items_of_one_notebook_have_all_public_tests_before_the_first_hidden_one(noted):
    wanted = [item.id for item in noted.items]
    assert running_order(noted, wanted) == [
        ("n1-mean", False),
        ("n1-figure", False),
        ("n1-mean", True),
        ("n1-figure", True),
    ]
    assert sittings(running_order(noted, wanted)) == ["n1-mean", "n1-figure"] * 2


def test_an_item_with_a_worker_of_its_own_has_one_sitting(tiny):
    wanted = [item.id for item in tiny.items]
    order = running_order(tiny, wanted)
    assert [item for item, _ in order] == ["t1-square", "t1-square", "t1-row-sums", "t1-row-sums"]
    assert [hidden for _, hidden in order] == [False, True, False, True]
    assert sittings(order) == ["t1-square", "t1-row-sums"]


def test_one_item_alone_has_one_sitting(noted):
    assert sittings(running_order(noted, ["n1-figure"])) == ["n1-figure"]
    assert running_order(noted, ["n1-why"]) == []


def handed_in(tmp_path, *cells):
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    folder = tmp_path / "somebody"
    folder.mkdir()
    (folder / "squares.ipynb").write_text(json.dumps({"cells": code, "nbformat": 4}))
    return folder


def statuses(record):
    return {item.id: [(test.name, test.status) for test in item.tests] for item in record.items}


def test_an_items_time_limit_holds_for_both_of_its_sittings(course, grade, tmp_path):
    toml = course / "assignment" / "noted" / "assignment.toml"
    toml.write_text(toml.read_text().replace("\ntimeout_s = 10", "\ntimeout_s = 2"))
    noted = load_assignment(course, "noted")
    slow = "import time\ndef mean_of(values):\n    time.sleep(1.4)\n    return float(values.mean())"
    [record] = grade(noted, handed_in(tmp_path, slow))
    assert statuses(record)["n1-mean"] == [
        ("test_mean_of_some_numbers", "passed"),
        ("test_mean_of_one_number", "timeout"),
    ]


def test_branches_that_take_long_cost_their_items(noted, grade, tmp_path, monkeypatch):
    monkeypatch.setattr(notebook_bench, "BRANCHING_S", 1.0)
    delay = (
        "import autograder.sandbox.worker as w, time\nw._reap_branches = lambda: time.sleep(0.7)"
    )
    mean = "def mean_of(values): return float(values.mean())"
    [record] = grade(noted, handed_in(tmp_path, delay, mean))
    assert [status for _, status in statuses(record)["n1-mean"]] == ["passed", "timeout"]
    assert "until a copy of it was ready" in record.items[0].tests[1].message
