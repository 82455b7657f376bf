"""Read the results of a whole class: the records of a results folder, and their students.

    RESULTS/<name>/record.json     what the judge wrote down, one for each submission
    RESULTS/students.json          who handed in what, as far as the intake knew it

    {"schema": "autograder.students/1", "students": [
      {"student", "name", "email", "group": [...], "submission", "submitted_at", "late",
       "superseded": [...], "why", "platform"}], "unidentified": [{"submission", "why"}]}

A submission that no entry names belongs to a student with the submission's name. A submission that
a later one has superseded counts for no student. A submission whose owner is unknown has a row of
its own, under an id that no student has, until a person names the owner.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.errors import UsageError
from autograder.results.record import SubmissionRecord
from autograder.results.record_json import RecordError, from_dict
from autograder.results.store import RECORD_FILE, RESULTS_FILE
from autograder.text import one_line

STUDENTS_SCHEMA = "autograder.students/1"
STUDENTS_FILE = "students.json"


@dataclass(frozen=True)
class StudentResults:
    """A student of the class, and the submission that counts for them.

    Attributes:
        id: what the platform or the submission calls them; unique in the class.
        name: as a person writes it; the id where the name is unknown.
        email: "" where it is unknown.
        group: ids or names of those who handed in together.
        submission: name of the record that counts; "" where nothing was handed in.
        submitted_at: ISO time; "" where it is unknown.
        late: None where it is unknown.
        why: why nothing that they handed in can be graded; "" where they handed in nothing.
        platform: "canvas" or "moodle" where the id is a number that the platform has given.
        is_known: whether it is known who this is; if not, this is a submission's unknown owner.
    """

    id: str
    name: str
    email: str = ""
    group: tuple[str, ...] = ()
    submission: str = ""
    submitted_at: str = ""
    late: bool | None = None
    is_known: bool = True
    why: str = ""
    platform: str = ""


@dataclass(frozen=True)
class ClassResults:
    """The students of a class, and the records that count.

    Attributes:
        students: as students.json lists them, then the others by name.
        records: by the submission's name.
    """

    students: tuple[StudentResults, ...]
    records: Mapping[str, SubmissionRecord]

    def record_of(self, student: StudentResults) -> SubmissionRecord | None:
        """Return the record that counts for a student; None if nothing was handed in or graded."""
        return self.records.get(student.submission)

    def students_of(self, submission: str) -> tuple[StudentResults, ...]:
        """Return the students who handed a submission in: one, or a group."""
        return tuple(self._by_submission.get(submission, ()))

    @cached_property
    def _by_submission(self) -> dict[str, list[StudentResults]]:
        found: dict[str, list[StudentResults]] = {}
        for student in self.students:
            found.setdefault(student.submission, []).append(student)
        return found


def read_class(folder: Path, advance: Callable[[str], None] = lambda name: None) -> ClassResults:
    """Read the results folder of `autograder grade`.

    Args:
        folder: the results folder.
        advance: called with the name of each record that was read.

    Raises:
        UsageError: nothing graded is there, or a file of it cannot be read.
    """
    _see_that_none_is_lost(folder)
    records = {}
    for file in record_files(folder):
        record = _record(file)
        records[record.name] = record
        advance(record.name)
    if not records:
        raise UsageError(
            "no graded submissions were found", str(folder),
            "name the results folder of `autograder grade`",
        )  # fmt: skip
    students, superseded, unidentified = _students(folder / STUDENTS_FILE)
    students += [_unknown_owner(name) for name in sorted(unidentified) if name in records]
    named = {student.submission for student in students} | superseded
    others = [
        StudentResults(name, name, submission=name) for name in sorted(records) if name not in named
    ]
    counting = {student.submission for student in students} | {student.id for student in others}
    kept = {name: record for name, record in records.items() if name in counting}
    _see_that_ids_are_unique([*students, *others], folder / STUDENTS_FILE)
    return ClassResults((*students, *others), kept)


def record_files(folder: Path) -> list[Path]:
    """Return the files of records in a results folder, sorted by name."""
    return sorted(folder.glob(f"*/{RECORD_FILE}"))


def _see_that_none_is_lost(folder: Path) -> None:
    """Refuse a folder with results that have no record: their students would be left out."""
    lost = [
        file.parent
        for file in sorted(folder.glob(f"*/{RESULTS_FILE}"))
        if not file.with_name(RECORD_FILE).exists()
    ]
    if lost:
        more = f", and {len(lost) - 1} more like it" if len(lost) > 1 else ""
        raise UsageError(
            f"it has {RESULTS_FILE}, but no {RECORD_FILE}", f"{lost[0]}{more}",
            "it was graded by an older version, or is being graded; grade it again",
        )  # fmt: skip


def _record(file: Path) -> SubmissionRecord:
    try:
        return from_dict(json.loads(file.read_bytes()))
    except (OSError, ValueError, RecursionError, RecordError) as error:
        reason = str(error) if isinstance(error, RecordError) else "it is not JSON"
        raise UsageError(
            f"cannot be read as a record ({reason})", str(file), "grade the submission once more"
        ) from None


def _unknown_owner(submission: str) -> StudentResults:
    """Return the row of a submission whose owner is unknown."""
    shown = f"{submission} (owner unknown)"
    return StudentResults(shown, shown, submission=submission, is_known=False)


def _students(file: Path) -> tuple[list[StudentResults], set[str], set[str]]:
    """Return the students that the intake knew, and the names of two kinds of submissions.

    The first are those that later submissions have superseded, the second those whose owner is
    unknown.
    """
    if not file.exists():
        return [], set(), set()
    try:
        document = json.loads(file.read_bytes())
        if document["schema"] != STUDENTS_SCHEMA:
            raise ValueError(f"its schema is not {STUDENTS_SCHEMA}")
        entries = document["students"]
        students = [_student(entry) for entry in entries]
        superseded = {str(name) for entry in entries for name in entry.get("superseded") or ()}
        unidentified = {str(one["submission"]) for one in document.get("unidentified") or ()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(
            f"cannot be read as a list of students ({one_line(str(error))})", str(file),
            "let `autograder grade` write it again",
        ) from None  # fmt: skip
    counting = {student.submission for student in students}
    return students, superseded - counting, unidentified - counting


def _student(entry: Mapping[str, Any]) -> StudentResults:
    student_id = one_line(_text(entry["student"]))
    if not student_id:
        raise ValueError("a student has an empty id")
    late = entry.get("late")
    return StudentResults(
        id=student_id,
        name=one_line(_text(entry.get("name"))) or student_id,
        email=one_line(_text(entry.get("email"))),
        group=tuple(one_line(_text(member)) for member in entry.get("group") or ()),
        submission=_text(entry.get("submission")),
        submitted_at=one_line(_text(entry.get("submitted_at"))),
        late=late if isinstance(late, bool) else None,
        why=one_line(_text(entry.get("why"))),
        platform=one_line(_text(entry.get("platform"))),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"expected a text, got {value!r}")


def _see_that_ids_are_unique(students: list[StudentResults], file: Path) -> None:
    seen: set[str] = set()
    for student in students:
        if student.id in seen:
            raise UsageError(
                f"two students have the id '{student.id}'", str(file),
                "give one of them another id, or rename the submission of that name",
            )  # fmt: skip
        seen.add(student.id)
