"""Read filled sheets and report all mistakes in them at once."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, did_you_mean
from autograder.errors import FindingError, Problem
from autograder.gradebook.cells import harmless, number
from autograder.gradebook.sheet import MAXIMA, NAME, NOTES, STUDENT
from autograder.results.class_results import ClassResults
from autograder.text import one_line

_NUMBER = re.compile(r"[+-]?(\d+([.]\d*|,\d{1,2})?|[.]\d+)")
_SEPARATORS = ",;\t"
_IGNORED = frozenset([STUDENT, NAME, NOTES, ""])


class SheetErrors(FindingError):
    """All mistakes found in sheets, one per line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class _FilledSheets:
    """The points read so far with their places, and the mistakes found."""

    assignment: Assignment
    students: dict[str, str]  # the id as a sheet may spell it -> the id
    points: dict[tuple[str, str], float] = field(default_factory=dict)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem(file, line, what, remedy))


def read_sheets(
    assignment: Assignment, results: ClassResults, files: Iterable[Path]
) -> dict[tuple[str, str], float]:
    """Return (student's id, item's id) -> points, from filled sheets.

    A student without points has those of the partners who handed in the same, if these agree.

    Raises:
        SheetErrors: all unknown students or items, invalid points and duplicates, with file and
            line.
    """
    spelt = {harmless(student.id): student.id for student in results.students}
    reading = _FilledSheets(
        assignment, spelt | {student.id: student.id for student in results.students}
    )
    for file in files:
        _read(reading, file)
    if reading.problems:
        raise SheetErrors(reading.problems)
    return _with_partners(results, reading.points)


def _with_partners(
    results: ClassResults, given: Mapping[tuple[str, str], float]
) -> dict[tuple[str, str], float]:
    """Return the points, and those that students have by what a partner was given."""
    items = {item for _, item in given}
    whole = dict(given)
    for student in results.students:
        partners = results.students_of(student.submission) if student.submission else ()
        for item in items:
            points = {given[one.id, item] for one in partners if (one.id, item) in given}
            if len(points) == 1:
                whole.setdefault((student.id, item), points.pop())
    return whole


def _read(reading: _FilledSheets, path: Path) -> None:
    file = str(path)
    try:
        rows = list(_rows(path))
    except UnicodeDecodeError:
        reading.add(file, 0, "it is not UTF-8", 'save it as "CSV UTF-8"')
        return
    except (OSError, csv.Error) as error:
        what = error.strerror if isinstance(error, OSError) else str(error)
        reading.add(file, 0, f"it cannot be read ({what})", "name a CSV file")
        return
    if not rows or STUDENT not in rows[0][1]:
        remedy = "keep the first line that `autograder gradebook --blank` wrote"
        reading.add(file, rows[0][0] if rows else 0, f"the column '{STUDENT}' is missing", remedy)
        return
    (line, header), *body = rows
    columns = _columns(reading, file, line, header)
    seen: dict[str, int] = {}
    for line, cells in body:
        _read_row(reading, file, line, header, columns, cells, seen)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not empty."""
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield begins, stripped
        begins = reader.line_num + 1


def _columns(reading: _FilledSheets, file: str, line: int, header: list[str]) -> dict[int, str]:
    """Return the columns of written items: index -> the item's id."""
    written = [item.id for item in reading.assignment.written_items]
    by_tests = {item.id for item in reading.assignment.auto_items}
    columns: dict[int, str] = {}
    for place, name in enumerate(header):
        shown = one_line(name)
        if name in _IGNORED:
            continue
        if name in by_tests:
            reading.add(file, line, f"'{shown}' is scored by tests", "remove its column")
        elif name not in written:
            remedy = did_you_mean(name, written) or f"the written items are {', '.join(written)}"
            reading.add(file, line, f"unknown item '{shown}'", remedy)
        elif name in columns.values():
            reading.add(file, line, f"the column '{shown}' occurs twice", "remove one of them")
        else:
            columns[place] = name
    return columns


def _read_row(
    reading: _FilledSheets,
    file: str,
    line: int,
    header: list[str],
    columns: dict[int, str],
    cells: list[str],
    seen: dict[str, int],
) -> None:
    cells += [""] * (len(header) - len(cells))
    if any(cells[len(header) :]) or any(
        cell for cell, name in zip(cells, header, strict=False) if not name
    ):
        reading.add(file, line, "a cell without a column heading has content", "remove it")
    marked = cells[header.index(STUDENT)]
    filled = {item: cells[place] for place, item in columns.items() if cells[place]}
    if marked == MAXIMA:
        _see_that_maxima_hold(reading, file, line, filled)
        return
    shown = one_line(marked)
    student = reading.students.get(marked)
    if student is None:
        remedy = did_you_mean(marked, set(reading.students.values())) or "see students.json"
        what = f"unknown student '{shown}'" if shown else "the student is missing"
        reading.add(file, line, what, remedy)
    elif student in seen:
        what = f"'{shown}' occurs twice, first in line {seen[student]}"
        reading.add(file, line, what, "put all points of a student into one line")
        return
    else:
        seen[student] = line
    for item, cell in filled.items():
        points = _points(reading, file, line, f"{shown}, {item}", cell, _maximum(reading, item))
        if student is not None and points is not None:
            _note(reading, file, line, (student, item), points)


def _note(
    reading: _FilledSheets, file: str, line: int, key: tuple[str, str], points: float
) -> None:
    if key in reading.places:
        what = f"{one_line(key[0])}, {key[1]}: has points twice, first in {reading.places[key]}"
        reading.add(file, line, what, "clear one of the two cells")
    else:
        reading.points[key] = points
        reading.places[key] = f"{file}:{line}"


def _points(
    reading: _FilledSheets, file: str, line: int, whose: str, cell: str, maximum: float
) -> float | None:
    """Return the points of a cell; if they are invalid, note a problem and return None."""
    if not _NUMBER.fullmatch(cell):
        what = f"{whose}: '{one_line(cell, 40)}' is not a number"
        reading.add(file, line, what, f"write points from 0 to {number(maximum)}, or nothing")
        return None
    points = float(cell.replace(",", "."))
    if not (0 <= points <= maximum):
        what = f"{whose}: {cell} points are out of range"
        reading.add(file, line, what, f"write points from 0 to {number(maximum)}")
        return None
    return points


def _maximum(reading: _FilledSheets, item_id: str) -> float:
    return reading.assignment.item(item_id).points


def _see_that_maxima_hold(
    reading: _FilledSheets, file: str, line: int, filled: dict[str, str]
) -> None:
    for item, cell in filled.items():
        maximum = _maximum(reading, item)
        stated = float(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else math.nan
        if not math.isclose(stated, maximum):
            what = f"'{item}' is worth {number(maximum)} points, not {one_line(cell, 40)}"
            remedy = (
                "make a new sheet with --blank, or correct the line if the points were meant so"
            )
            reading.add(file, line, what, remedy)
