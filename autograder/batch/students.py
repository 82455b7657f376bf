"""Write `students.json`: which submission counts for which student, for gradebook and reports.

    {"schema": "autograder.students/1", "students": [
      {"student": id, "name", "email", "group": [ids of all members], "submission": name or null,
       "submitted_at": ISO time or null, "late": true, false or null, "superseded": [names],
       "why": why nothing that was handed in can be graded, or null,
       "platform": "canvas" or "moodle" where it has given the id, or null}],
     "unidentified": [{"submission": name, "why": a sentence}]}

It lists every submission that was ever graded into the results folder and whose student is named by
some metadata or, in `owners.csv`, by a person; and the submissions whose owner an export leaves
open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.intake import Counted, HandIn, Intake, Submitter, count
from autograder.results.gradings import HandInRow
from autograder.submission import Submission

SCHEMA = "autograder.students/1"


def rows_of(hand_ins: Iterable[HandIn]) -> list[HandInRow]:
    """Return hand-ins as the rows that are stored."""
    return [
        HandInRow(
            one.submission.name,
            tuple({"id": who.id, "name": who.name, "email": who.email} for who in one.students),
            one.submitted_at.isoformat() if one.submitted_at is not None else "",
            one.late,
            one.sequence,
            one.unclear,
            one.origin,
            one.place,
        )
        for one in hand_ins
    ]


def students_document(
    rows: Iterable[HandInRow],
    without: Iterable[Submitter],
    owners: Mapping[str, tuple[Submitter, ...]] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    """Return the document, and what is uncertain about it, one sentence each.

    Args:
        rows: all submissions that are stored.
        without: students who have handed in nothing that can be graded.
        owners: the owners that a person has named, by the submission's name, where nothing else
            states the owner.
    """
    hand_ins = [_hand_in(row, owners or {}) for row in rows]
    counted, notes = count(Intake(hand_ins, list(without)))
    students = []
    for one in counted:
        moment = one.hand_in.submitted_at if one.hand_in is not None else None
        students.append(
            {
                "student": one.student.id,
                "name": one.student.name or None,
                "email": one.student.email or None,
                "group": one.group,
                "submission": one.hand_in.submission.name if one.hand_in is not None else None,
                "submitted_at": moment.isoformat() if moment is not None else None,
                "late": one.hand_in.late if one.hand_in is not None else None,
                "superseded": one.superseded,
                "why": one.student.why or None,
                "platform": _platform(one),
            }
        )
    unidentified = [
        {"submission": one.submission.name, "why": one.unclear}
        for one in hand_ins
        if one.unclear and not one.students
    ]
    return {"schema": SCHEMA, "students": students, "unidentified": unidentified}, notes


def _platform(one: Counted) -> str | None:
    """Return the platform that has given the id of a student, or None."""
    place = one.hand_in.place if one.hand_in is not None else one.student.place
    return place if place in ("canvas", "moodle") else None


def _hand_in(row: HandInRow, owners: Mapping[str, tuple[Submitter, ...]]) -> HandIn:
    found = HandIn(
        Submission(row.name, Path()),
        tuple(Submitter(who["id"], who["name"], who["email"]) for who in row.students),
        datetime.fromisoformat(row.submitted_at) if row.submitted_at else None,
        row.late,
        row.sequence,
        unclear=row.unclear,
        place=row.place,
    )
    owner = owners.get(row.name) if row.unclear else None
    return found if owner is None else replace(found, students=owner)
