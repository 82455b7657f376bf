"""Write the CSV files of a gradebook.

    gradebook-items.csv      a column for each item
    gradebook-problems.csv   a column for each problem
    gradebook-canvas.csv     for "Import" in Canvas' gradebook
    gradebook-moodle.csv     for "Grades, Import, CSV file" in Moodle

The first two list all students, with items still open. Extra credit is part of the total, which may
exceed `out_of`, and has a column `extra` of its own. Those for platforms list only students all
of whose points are known: both platforms treat an empty cell as a request to delete the existing
grade. Canvas finds a student by the column ID if it has a number, even another student's, so ids
are written there only if they are Canvas' own.

Moodle's import stops at the first unknown user, and does not know users by participant number,
which its exports have. Students with such a number get no row; their points are filled into
Moodle's own worksheet (`fill.py`). A filled file replaces the one made here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from autograder.assignment import Assignment
from autograder.gradebook.cells import number, table_text
from autograder.gradebook.points import StudentPoints
from autograder.results.private import write_private

FILES = {name: f"gradebook-{name}.csv" for name in ("items", "problems", "canvas", "moodle")}

CANVAS_IDS = {"canvas": "ID", "sis": "SIS User ID", "login": "SIS Login ID"}
"""The kinds of Canvas ids that a student's id may be -> the column for it."""

_CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_CANVAS_MAXIMA = "    Points Possible"

Table = list[list[str]]


def write_gradebook(
    assignment: Assignment,
    rows: Sequence[StudentPoints],
    folder: Path,
    column: str,
    canvas_id: str,
    filled: Mapping[str, bytes] = MappingProxyType({}),
) -> dict[str, Path]:
    """Write the files of a gradebook to a folder.

    Args:
        assignment: what was graded.
        rows: all students' points.
        folder: the folder for the files.
        column: the assignment's name on Canvas and Moodle.
        canvas_id: one of `CANVAS_IDS`.
        filled: a platform's own file with points, by its kind.

    Returns:
        The files by their kind, a key of `FILES`; a file without students is not written.

    Raises:
        AutograderError: a file cannot be written.
    """
    complete = complete_rows(rows)
    tables = {
        "items": item_table(assignment, rows),
        "problems": problem_table(assignment, rows),
        "canvas": canvas_table(assignment, complete, column, canvas_id),
        "moodle": moodle_table(complete, column),
    }
    written = {}
    for kind, table in tables.items():
        target = folder / FILES[kind]
        if kind in filled:
            write_private(target, filled[kind])
        elif kind == "moodle" and len(table) == 1 and complete:
            target.unlink(missing_ok=True)  # of an earlier call
            continue
        else:
            write_private(target, table_text(table))
        written[kind] = target
    return written


def complete_rows(rows: Sequence[StudentPoints]) -> list[StudentPoints]:
    """Return the rows of known students with complete points."""
    return [row for row in rows if row.total is not None and row.student.is_known]


def item_table(assignment: Assignment, rows: Sequence[StudentPoints]) -> Table:
    """Return a table with a column for each item."""
    ids = [item.id for item in assignment.items]
    header = ["student", "name", "email", "submission", "submitted_at", "late", *ids]
    return [
        [*header, *_extra_heading(assignment), "total", "out_of", "open"],
        *(
            [
                *_who(row),
                row.student.submission,
                row.student.submitted_at,
                _word(row.student.late),
                *(number(row.points[item]) for item in ids),
                *_sums(assignment, row),
            ]
            for row in rows
        ),
    ]


def problem_table(assignment: Assignment, rows: Sequence[StudentPoints]) -> Table:
    """Return a table with a column for each problem."""
    items = {
        problem.id: [item.id for item in assignment.items if item.problem == problem.id]
        for problem in assignment.problems
    }
    return [
        [
            "student",
            "name",
            "email",
            *items,
            *_extra_heading(assignment),
            "total",
            "out_of",
            "open",
        ],
        *(
            [
                *_who(row),
                *(number(row.sum_of(of_problem)) for of_problem in items.values()),
                *_sums(assignment, row),
            ]
            for row in rows
        ),
    ]


def canvas_table(
    assignment: Assignment, rows: Sequence[StudentPoints], column: str, canvas_id: str
) -> Table:
    """Return the table that Canvas imports: students and totals; `rows` must be complete."""
    table = [[*_CANVAS_COLUMNS, column], [_CANVAS_MAXIMA, "", "", "", "", _out_of(assignment)]]
    for row in rows:
        cells = [row.student.name, "", "", "", ""]
        kind = "canvas" if row.student.platform == "canvas" else canvas_id
        where = _CANVAS_COLUMNS.index(CANVAS_IDS[kind])
        cells[where] = row.student.id
        table.append([*cells, number(row.total)])
    return table


def moodle_table(rows: Sequence[StudentPoints], column: str) -> Table:
    """Return the table that Moodle imports; it asks which columns have the user and the grade."""
    header = ["ID number", "Full name", "Email address", column]
    known = [row for row in rows if not row.student.platform]
    return [header, *([*_who(row), number(row.total)] for row in known)]


def _who(row: StudentPoints) -> list[str]:
    return [row.student.id, row.student.name, row.student.email]


def _sums(assignment: Assignment, row: StudentPoints) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for item, reason in row.open.items():
        reasons.setdefault(reason, []).append(item)
    words = [f"{reason}: {' '.join(items)}" for reason, items in reasons.items()]
    if not row.student.is_known:
        words.insert(0, "owner unknown (owners.csv)")
    still_open = "; ".join(words)
    extra = [item.id for item in assignment.items if item.extra]
    of_extra = [number(row.sum_of(extra))] if extra else []
    return [*of_extra, number(row.total), _out_of(assignment), still_open]


def _extra_heading(assignment: Assignment) -> list[str]:
    """Return the heading of the column of extra credit, if the assignment has some."""
    return ["extra"] if any(item.extra for item in assignment.items) else []


def _out_of(assignment: Assignment) -> str:
    return number(assignment.points)


def _word(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]
