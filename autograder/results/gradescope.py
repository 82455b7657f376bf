"""Build Gradescope's `results.json` for one graded submission.

Everything in this document may be shown to the student, now or later. It is therefore made from
`student_message`s only; it never contains an instructor's messages.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from autograder.results.record import ItemRecord, SubmissionRecord, totals
from autograder.results.wording import STATUS_SENTENCE
from autograder.text import one_line, plain_text

_NOTHING: Mapping[str, str] = MappingProxyType({})


def gradescope_document(
    record: SubmissionRecord, waiting: Mapping[str, str] = _NOTHING
) -> dict[str, Any]:
    """Return the document, in Gradescope's schema: one test entry for each item.

    The document has no execution time: the student decides how long a hidden test takes, and could
    reveal its inputs that way. It has no seed, because inputs follow from a seed. Written items,
    and items that an error of the grader left ungraded, are listed without a score: a 0 would read
    as the student's. Extra credit has the `max_score` 0, so that the tests' maxima add up to the
    points of the assignment; `score` states the total, which may exceed them.

    Args:
        record: what was found.
        waiting: for each item of it that has not been graded, what to say about that.
    """
    return {
        "score": record.score,
        "output": _summary(record, waiting),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [
            _test_entry(item, number, waiting.get(item.id, ""))
            for item, number in zip(record.items, _numbers(record.items), strict=True)
        ],
        "extra_data": {
            "possible": record.possible,
            "isolation": {
                "mode": record.isolation["mode"],
                "layers": dict(record.isolation["layers"]),
            },
            "versions": dict(record.versions),
            "sha256": record.sha256,
        },
    }


def leaderboard(record: SubmissionRecord) -> list[dict[str, Any]]:
    """Return the figures that were measured in visible items, ranked with the largest first."""
    figures: dict[str, float] = {}
    for item in record.items:
        if item.visibility == "visible":
            figures |= item.measured
    return [
        {"name": one_line(name), "value": round(value, 2), "order": "desc"}
        for name, value in figures.items()
    ]


def _test_entry(item: ItemRecord, number: str, waits: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "number": number,
        "name": one_line(f"{item.title} ({item.id}{', extra credit' if item.extra else ''})"),
        "output": plain_text((waits or item.student_message).strip())
        or STATUS_SENTENCE[item.status],
        "visibility": item.visibility,
        "extra_data": {"item": item.id, "status": item.status},
    }
    if item.status not in ("awaiting_manual", "grader_error") and not waits:
        entry["score"] = item.score
        entry["max_score"] = 0.0 if item.extra else item.points
        entry["status"] = "passed" if item.status == "passed" else "failed"
    return entry


def _numbers(items: Sequence[ItemRecord]) -> Iterable[str]:
    """Yield "6.1", "6.2" for the items of problem `p6`; other problems are numbered by place."""
    problems = list(dict.fromkeys(item.problem for item in items))
    counts = dict.fromkeys(problems, 0)
    for item in items:
        counts[item.problem] += 1
        digits = item.problem.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_")
        problem = digits if digits.isdecimal() else str(problems.index(item.problem) + 1)
        yield f"{problem}.{counts[item.problem]}"


def _summary(record: SubmissionRecord, waiting: Mapping[str, str]) -> str:
    by_hand = [item for item in record.items if item.status == "awaiting_manual"]
    written = sum(item.points for item in by_hand if not item.extra)
    written_extra = sum(item.points for item in by_hand if item.extra)
    not_yet = [item.id for item in record.items if item.id in waiting]
    ungraded = [
        item.id for item in record.items if item.status == "grader_error" and item.id not in waiting
    ]
    lines = [_points(record)]
    if not_yet:
        lines.append(f"Not graded: {', '.join(not_yet)}.")
    if written:
        lines.append(f"Parts that a person grades: {written:g} more.")
    if written_extra:
        lines.append(f"Extra credit that a person gives: at most {written_extra:g} more.")
    if ungraded:
        lines.append(
            f"Not graded because of an error in the grader, not a mistake of yours: "
            f"{', '.join(ungraded)}."
        )
    lines += [f"Note: {plain_text(notice)}" for notice in record.notices]
    return "\n".join(lines)


def _points(record: SubmissionRecord) -> str:
    """State the points of the items that a student sees now; the total would reveal the others'."""
    shown = [item for item in record.items if item.visibility == "visible"]
    score, possible = totals(shown)
    extra = sum(item.score for item in shown if item.extra)
    with_extra = f", {extra:g} of them extra credit" if extra else ""
    if possible == record.possible:
        return f"{score:g} of {possible:g} points{with_extra}."
    later = f"{record.possible - possible:g} more are shown later"
    return f"{score:g} of {possible:g} points{with_extra} in the parts that are shown now; {later}."
