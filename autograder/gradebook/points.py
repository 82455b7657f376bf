"""Combine the points from tests and from written answers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.errors import UsageError
from autograder.results import UNREAD
from autograder.results.class_results import ClassResults, StudentResults
from autograder.results.record import ItemRecord, SubmissionRecord
from autograder.text import one_line

WrittenPoints = Mapping[tuple[str, str], float]
"""(student's id, item's id) -> points given by a person."""


@dataclass(frozen=True)
class StudentPoints:
    """The points of one student.

    Attributes:
        student: the student.
        points: item's id -> points; None if not known yet.
        open: item's id -> why its points are not known.
    """

    student: StudentResults
    points: Mapping[str, float | None]
    open: Mapping[str, str]

    @property
    def total(self) -> float | None:
        """The total; None while some points are unknown."""
        return self.sum_of(list(self.points))

    def sum_of(self, item_ids: Sequence[str]) -> float | None:
        """Return the points of some items; None while some are unknown."""
        known = [points for item in item_ids if (points := self.points[item]) is not None]
        return round(math.fsum(known), 2) if len(known) == len(item_ids) else None


def rows_of(
    assignment: Assignment, results: ClassResults, written: WrittenPoints
) -> tuple[StudentPoints, ...]:
    """Return a row for each student of the class.

    Raises:
        UsageError: a record has items or points that differ from the assignment's.
    """
    for record in results.records.values():
        _see_that_it_fits(assignment, record)
    return tuple(_row(assignment, results, student, written) for student in results.students)


def _row(
    assignment: Assignment, results: ClassResults, student: StudentResults, written: WrittenPoints
) -> StudentPoints:
    record = results.record_of(student)
    unread = _why_unread(student, record)
    graded = {item.id: item for item in record.items} if record else {}
    points: dict[str, float | None] = {}
    still_open = {}
    for item in assignment.items:
        if item.kind == "written":
            points[item.id] = written.get((student.id, item.id))
            reason = unread or "waits for a person"
        elif unread:
            points[item.id], reason = None, unread
        else:
            points[item.id] = _scored(graded.get(item.id))
            reason = _reason(record, graded.get(item.id))
        if points[item.id] is None:
            handed_in = student.submission or unread
            still_open[item.id] = reason if handed_in else "nothing was handed in"
    return StudentPoints(student, points, still_open)


def _why_unread(student: StudentResults, record: SubmissionRecord | None) -> str:
    """Return why nothing of the submission could be read; "" if something could."""
    if record is not None and UNREAD in record.notices:
        reason = next((item.message for item in record.items if item.message), "")
    else:
        reason = "" if student.submission else student.why
    return f"could not be read ({one_line(reason, 160).rstrip('.')})" if reason else ""


def _scored(item: ItemRecord | None) -> float | None:
    return None if item is None or item.status == "grader_error" else item.score


def _reason(record: SubmissionRecord | None, item: ItemRecord | None) -> str:
    if record is None:
        return "not graded yet"
    return "not selected for grading" if item is None else "the grader failed"


def _see_that_it_fits(assignment: Assignment, record: SubmissionRecord) -> None:
    worth = {item.id: item.points for item in assignment.items}
    for item in record.items:
        if item.id not in worth:
            raise UsageError(
                f"the record of '{record.name}' has an item '{item.id}', which "
                f"'{assignment.id}' does not have",
                "autograder gradebook",
                "name the results folder of this assignment, or grade again",
            )
        if not math.isclose(item.points, worth[item.id]):
            raise UsageError(
                f"'{item.id}' was worth {item.points:g} points when '{record.name}' was graded, "
                f"and is worth {worth[item.id]:g} now",
                "autograder gradebook",
                "grade again",
            )
