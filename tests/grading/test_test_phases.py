"""The order of tests: what has seen hidden inputs runs after what students read the words of."""

import json
from dataclasses import replace

import pytest

from autograder.assignment import load_assignment
from autograder.grading import submission_worker
from autograder.grading.test_phases import running_order


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


def test_items_of_packages_that_need_the_same_have_so_too(tiny):
    wanted = [item.id for item in tiny.items]
    assert running_order(tiny, wanted) == [
        ("t1-square", False),
        ("t1-row-sums", False),
        ("t1-square", True),
        ("t1-row-sums", True),
    ]


def test_public_tests_of_all_items_come_before_the_first_hidden_one(tiny):
    items = [
        replace(item, needs=("torch",)) if item.id == "t1-row-sums" else item for item in tiny.items
    ]
    assert running_order(replace(tiny, items=tuple(items)), [item.id for item in items]) == [
        ("t1-square", False),
        ("t1-row-sums", False),
        ("t1-square", True),
        ("t1-row-sums", True),
    ]


def test_an_item_waits_for_those_that_it_builds_on_also_in_another_process(tiny):
    square, sums = (item for item in tiny.items if item.kind == "auto")
    items = {
        square: "t1-square",
        replace(square, id="t1-first"): "t1-square",
        # In a process of its own, and the last one is judged in the process of the first two.
        replace(sums, needs=("torch",), builds_on=("t1-square",)): "t1-row-sums",
        replace(sums, id="t1-last", builds_on=("t1-row-sums",)): "t1-row-sums",
    }
    tests = [
        replace(test, item=item.id)
        for item, like in items.items()
        for test in tiny.tests
        if test.item == like
    ]
    changed = replace(tiny, items=tuple(items), tests=tuple(tests))
    order = running_order(changed, [item.id for item in items])
    for hidden in (False, True):
        assert [item_id for item_id, is_hidden in order if is_hidden == hidden] == [
            "t1-square",
            "t1-first",
            "t1-row-sums",
            "t1-last",
        ]


def test_only_what_is_wanted_and_tested_has_a_turn(noted):
    assert running_order(noted, ["n1-figure"]) == [("n1-figure", False), ("n1-figure", True)]
    assert running_order(noted, ["n1-why"]) == []


def handed_in(tmp_path, *cells):
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    folder = tmp_path / "somebody"
    folder.mkdir()
    (folder / "squares.ipynb").write_text(json.dumps({"cells": code, "nbformat": 4}))
    return folder


def statuses(record):
    return {item.id: [(test.name, test.status) for test in item.tests] for item in record.items}


def test_an_items_time_limit_holds_for_both_of_its_turns(course, grade, tmp_path):
    toml = course / "assignment" / "noted" / "assignment.toml"
    toml.write_text(toml.read_text().replace("\ntimeout_s = 10", "\ntimeout_s = 5"))
    noted = load_assignment(course, "noted")
    # Together above the limit however fast the machine is; the first one has 2.4 s to spare.
    slow = "import time\ndef mean_of(values):\n    time.sleep(2.6)\n    return float(values.mean())"
    [record] = grade(noted, handed_in(tmp_path, slow))
    assert statuses(record)["n1-mean"] == [
        ("test_mean_of_some_numbers", "passed"),
        ("test_mean_of_one_number", "timeout"),
    ]


def test_branches_that_take_long_cost_their_items(noted, grade, tmp_path, monkeypatch):
    monkeypatch.setattr(submission_worker, "FORKING_S", 4.0)
    delay = "import autograder.sandbox.worker as w, time\nw._reap_forks = lambda: time.sleep(2.1)"
    mean = "def mean_of(values): return float(values.mean())"
    [record] = grade(noted, handed_in(tmp_path, delay, mean))
    assert [status for _, status in statuses(record)["n1-mean"]] == ["passed", "timeout"]
    assert "for preparing a process for each item" in record.items[0].tests[1].message
