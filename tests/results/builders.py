"""Records for the tests, made from the few fields a test is about."""

from collections.abc import Sequence
from typing import Any

from autograder.results import Isolation, ItemRecord, SubmissionRecord, TestRecord, totals


def make_test(name: str = "test_area", **fields: Any) -> TestRecord:
    """Return a passed public test, but for `fields`."""
    defaults: dict[str, Any] = {
        "title": "the area of a rectangle",
        "status": "passed",
        "message": "",
        "student_message": "",
        "hidden": False,
        "seconds": 0.01,
    }
    return TestRecord(name=name, **(defaults | fields))


def make_item(item_id: str = "p1-area", **fields: Any) -> ItemRecord:
    """Return a passed item worth two points, but for `fields`."""
    passed = fields.get("status", "passed") == "passed"
    defaults: dict[str, Any] = {
        "problem": item_id.split("-")[0],
        "title": f"Title of {item_id}",
        "points": 2.0,
        "score": fields.get("points", 2.0) if passed else 0.0,
        "status": "passed",
        "message": "" if passed else f"shapes.area: wrong in {item_id}",
        "student_message": "" if passed else f"hint for {item_id}",
        "visibility": "visible",
        "tests": (make_test(),),
    }
    return ItemRecord(id=item_id, **(defaults | fields))


def make_record(
    items: Sequence[ItemRecord] = (), name: str = "anna", **fields: Any
) -> SubmissionRecord:
    """Return the record of a submission with these items, but for `fields`."""
    score, possible = totals(items)
    defaults: dict[str, Any] = {
        "score": score,
        "possible": possible,
        "seconds": 1.2345,
        "seed": 2**62 + 1,
        "isolation": Isolation(
            mode="local-user", layers={"process": "active", "seccomp": "absent"}
        ),
        "notices": (),
        "sha256": "ab" * 32,
        "versions": {"autograder": "0.1.0", "numpy": "2.4.6"},
    }
    return SubmissionRecord(name=name, items=tuple(items), **(defaults | fields))
