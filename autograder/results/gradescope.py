"""Gradescope's `results.json` for one graded submission.

Everything in this document may be shown to the student, now or later: it is made from
`student_message`s only, and an instructor's messages never come near it.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from autograder.results.record import ItemRecord, SubmissionRecord
from autograder.results.wording import STATUS_SENTENCE
from autograder.submission.plain_text import one_line, plain_text


def gradescope_document(record: SubmissionRecord) -> dict[str, Any]:
    """Return the document, in Gradescope's schema: one test entry for each item.

    There is no execution time in it: how long a hidden test takes is the student's choice, and so
    could tell its inputs. Written items, and items that an error of the grader left ungraded, are
    listed without a score: a 0 would read as the student's.
    """
    return {
        "score": record.score,
        "output": _summary(record),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            _test_entry(item, number)
            for item, number in zip(record.items, _numbers(record.items), strict=True)
        ],
        "extra_data": {
            "possible": record.possible,
            "seed": record.seed,
            "isolation": {
                "mode": record.isolation["mode"],
                "layers": dict(record.isolation["layers"]),
            },
            "versions": dict(record.versions),
            "sha256": record.sha256,
        },
    }


def _test_entry(item: ItemRecord, number: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "number": number,
        "name": one_line(f"{item.title} ({item.id})"),
        "output": plain_text(item.student_message.strip()) or STATUS_SENTENCE[item.status],
        "visibility": item.visibility,
        "extra_data": {"item": item.id, "status": item.status},
    }
    if item.status not in ("awaiting_manual", "grader_error"):
        entry["score"] = item.score
        entry["max_score"] = item.points
        entry["status"] = "passed" if item.status == "passed" else "failed"
    return entry


def _numbers(items: Sequence[ItemRecord]) -> Iterable[str]:
    """Yield "6.1", "6.2" for the items of problem `p6`; else by the problem's place."""
    problems = list(dict.fromkeys(item.problem for item in items))
    counts = dict.fromkeys(problems, 0)
    for item in items:
        counts[item.problem] += 1
        digits = item.problem.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
        problem = digits if digits.isdecimal() else str(problems.index(item.problem) + 1)
        yield f"{problem}.{counts[item.problem]}"


def _summary(record: SubmissionRecord) -> str:
    written = sum(item.points for item in record.items if item.status == "awaiting_manual")
    ungraded = [item.id for item in record.items if item.status == "grader_error"]
    lines = [f"{record.score:g} of {record.possible:g} points."]
    if written:
        lines.append(f"Parts that a person grades: {written:g} more.")
    if ungraded:
        lines.append(
            f"Not graded because of an error in the grader, not a mistake of yours: "
            f"{', '.join(ungraded)}."
        )
    lines += [f"Note: {plain_text(notice)}" for notice in record.notices]
    return "\n".join(lines)
