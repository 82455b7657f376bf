"""Build the `autograder.grade/1` document, which `autograder grade --json` prints for scripts."""

from collections.abc import Iterable
from typing import Any

from autograder.results.record import ItemRecord, SubmissionRecord
from autograder.text import TEXT_CAP, one_line, plain_text

GRADE_SCHEMA = "autograder.grade/1"


def grade_document(assignment_id: str, records: Iterable[SubmissionRecord]) -> dict[str, Any]:
    """Return the `autograder.grade/1` document: everything an instructor's script may want."""
    return {
        "schema": GRADE_SCHEMA,
        "assignment": assignment_id,
        "submissions": [_submission_entry(record) for record in records],
    }


def _submission_entry(record: SubmissionRecord) -> dict[str, Any]:
    return {
        "name": one_line(record.name),
        "score": record.score,
        "possible": record.possible,
        "seconds": round(record.seconds, 3),
        "seed": record.seed,
        "isolation": {
            "mode": record.isolation["mode"],
            "layers": dict(record.isolation["layers"]),
        },
        "notices": [plain_text(notice) for notice in record.notices],
        "brought_along": [one_line(entry) for entry in record.brought],
        "sha256": record.sha256,
        "versions": dict(record.versions),
        "items": [_item_entry(item) for item in record.items],
    }


def _item_entry(item: ItemRecord) -> dict[str, Any]:
    return {
        "id": item.id,
        "problem": item.problem,
        "title": item.title,
        "points": item.points,
        "extra": item.extra,
        "score": item.score,
        "status": item.status,
        "visibility": item.visibility,
        "message": plain_text(item.message, 2 * TEXT_CAP),
        "tests": [
            {
                "name": test.name,
                "title": test.title,
                "status": test.status,
                "hidden": test.hidden,
                "seconds": round(test.seconds, 3),
                "message": plain_text(test.message),
            }
            for test in item.tests
        ],
    }
