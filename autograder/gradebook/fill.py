"""Fill points into files exported by Canvas and Moodle, without other changes.

A platform accepts its own file completely: all students in it are known there, by their numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.gradebook.cells import number
from autograder.gradebook.points import StudentPoints
from autograder.platforms import CanvasGradebook, CsvFile, MoodleWorksheet
from autograder.platforms.canvas_gradebook import is_canvas_gradebook
from autograder.platforms.moodle_worksheet import MoodleRow, is_moodle_worksheet
from autograder.text import one_line

_NAMED = 5
_EXCUSED = "EX"
_ABOVE_MOODLES_MAXIMUM = (
    "extra credit has brought some students above the maximum, which Moodle accepts only if the "
    "site allows it (setting 'Unlimited grades')"
)


@dataclass(frozen=True)
class Filled:
    """A platform's file with points.

    Attributes:
        kind: "canvas" or "moodle".
        data: the file's bytes.
        notes: what was not filled in, one sentence each.
    """

    kind: str
    data: bytes
    notes: list[str]


def fill(
    path: Path,
    rows: Sequence[StudentPoints],
    out_of: float,
    column: str,
    named: str | None,
    canvas_id: str,
) -> Filled:
    """Fill the points of students into a file of Canvas or Moodle.

    Args:
        path: Canvas' gradebook, or Moodle's grading worksheet.
        rows: students all of whose points are known.
        out_of: the points of the assignment.
        column: the assignment's name on Canvas.
        named: the column's heading, if the user gave it.
        canvas_id: which Canvas id a student's id is, if no platform assigned it.

    Raises:
        UsageError: it is neither, or the column cannot be identified.
    """
    file = CsvFile(path)
    if is_canvas_gradebook(file):
        return _canvas(CanvasGradebook(file), rows, out_of, named or column, canvas_id)
    if is_moodle_worksheet(file):
        return _moodle(MoodleWorksheet(file), rows, out_of, named)
    raise UsageError(
        "it is neither Canvas' gradebook nor Moodle's grading worksheet", str(path),
        "export one from Canvas (Grades, Export) or Moodle (Download grading worksheet)",
    )  # fmt: skip


def _canvas(
    book: CanvasGradebook, rows: Sequence[StudentPoints], out_of: float, column: str, canvas_id: str
) -> Filled:
    place = book.column(column)
    by_id = {
        kind: _unique((row.row, (getattr(row, field),)) for row in book.students)
        for kind, field in (("canvas", "id"), ("sis", "sis"), ("login", "login"))
    }

    def find(row: StudentPoints) -> int | None:
        kind = "canvas" if row.student.platform == "canvas" else canvas_id
        return by_id[kind].get(row.student.id)

    possible = book.possible(place)
    notes = _about_maximum(possible, out_of, "Canvas")
    notes += _fill(book.file, rows, place, book.has_commas(place), find)
    return Filled("canvas", book.file.data(), notes)


def _moodle(
    sheet: MoodleWorksheet, rows: Sequence[StudentPoints], out_of: float, named: str | None
) -> Filled:
    place = sheet.grade_column(named)
    by_number = {row.number: row.row for row in sheet.students}
    by_other = _unique((row.row, _ids_of(row)) for row in sheet.students)

    def find(row: StudentPoints) -> int | None:
        if row.student.platform == "moodle":
            return by_number.get(row.student.id)
        keys = (row.student.id.casefold(), row.student.email.casefold())
        found = {by_other[key] for key in keys if key and key in by_other}
        return found.pop() if len(found) == 1 else None

    notes = _about_maximum(sheet.possible(), out_of, "Moodle")
    if any(row.total is not None and row.total > out_of for row in rows):
        notes.append(_ABOVE_MOODLES_MAXIMUM)
    notes += _fill(sheet.file, rows, place, sheet.has_commas(place), find)
    return Filled("moodle", sheet.file.data(), notes)


def _ids_of(row: MoodleRow) -> tuple[str, ...]:
    return (row.id_number.casefold(), row.email.casefold())


def _unique(rows: Iterable[tuple[int, tuple[str, ...]]]) -> Mapping[str, int]:
    """Return the index of rows by their keys; keys shared by two rows are dropped."""
    found: dict[str, set[int]] = {}
    for place, keys in rows:
        for key in keys:
            if key:
                found.setdefault(key, set()).add(place)
    return {key: places.pop() for key, places in found.items() if len(places) == 1}


def _fill(
    file: CsvFile,
    rows: Sequence[StudentPoints],
    column: int,
    has_commas: bool,
    find: Callable[[StudentPoints], int | None],
) -> list[str]:
    missing, excused = [], []
    given: dict[int, str] = {}
    for row in rows:
        place = find(row)
        if place is None:
            missing.append(row.student.id)
        elif file.cell(place, column) == _EXCUSED:
            excused.append(row.student.id)
        elif given.setdefault(place, row.student.id) != row.student.id:
            raise UsageError(
                f"'{one_line(given[place])}' and '{one_line(row.student.id)}' are the same student "
                "there", str(file.path), "check students.json, and correct the submissions' owners",
            )  # fmt: skip
        else:
            text = number(row.total)
            file.set(place, column, text.replace(".", ",") if has_commas else text)
    notes = []
    if missing:
        notes.append(f"{file.path}: not listed, so not filled in: {_listed(missing)}")
    if excused:
        notes.append(f"{file.path}: excused, so left unchanged: {_listed(excused)}")
    return notes


def _about_maximum(possible: float | None, out_of: float, platform: str) -> list[str]:
    if possible is None or abs(possible - out_of) < 0.005:
        return []
    words = (
        f"{platform} has {possible:g} points for it, the assignment {out_of:g}; the points were "
        f"not converted: set the maximum in {platform} to {out_of:g} before you import them"
    )
    return [words]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(map(one_line, names[:_NAMED])) + more
