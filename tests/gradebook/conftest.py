"""A class of four on an assignment with tests and with written items."""

import json
from dataclasses import replace

import pytest

from autograder.assignment.spec import ProblemSpec
from autograder.results import ItemRecord, SubmissionRecord, totals, write_results


@pytest.fixture
def assignment(tiny):
    """Two problems: t1 with two items by tests and one by hand, t2 with one by hand."""
    by_test, by_test_too, by_hand = tiny.items
    more = replace(by_hand, id="t2-proof", problem="t2", points=2.5)
    problems = (*tiny.problems, ProblemSpec("t2", "Proofs", 2.5))
    return replace(tiny, items=(by_test, by_test_too, by_hand, more), problems=problems)


@pytest.fixture
def grade_by_hand(assignment, tmp_path):
    """Write the record of a submission: item's id -> score, or a status without one."""

    def write(name, scores):
        items = []
        for item in assignment.items:
            if item.id not in scores and item.kind == "auto":
                continue
            given = scores.get(item.id, "awaiting_manual")
            status = given if isinstance(given, str) else "partial"
            score = 0.0 if isinstance(given, str) else given
            items.append(ItemRecord(item.id, item.problem, item.title, item.points, score, status,
                                    "for you only", "", "visible", ()))  # fmt: skip
        score, possible = totals(items)
        isolation = {"mode": "local-user", "layers": {}}
        write_results(tmp_path, SubmissionRecord(name, score, possible, 1.0, 7, isolation,
                                                 tuple(items), (), "", {}))  # fmt: skip
        return tmp_path

    return write


@pytest.fixture
def results(grade_by_hand):
    """The results folder of anna, ben, clara and dora."""
    grade_by_hand("anna", {"t1-square": 2.0, "t1-row-sums": 1.25})
    grade_by_hand("ben", {"t1-square": 0.0, "t1-row-sums": 2.0})
    grade_by_hand("clara", {"t1-square": "grader_error", "t1-row-sums": 2.0})
    return grade_by_hand("dora", {"t1-row-sums": 0.5})


@pytest.fixture
def write_students(tmp_path):
    """Write students.json: a dictionary for each student."""

    def write(*students, schema="autograder.students/1"):
        document = {"schema": schema, "students": list(students)}
        (tmp_path / "students.json").write_text(json.dumps(document))

    return write
