"""The CSV files of a gradebook.

    gradebook-items.csv      a column for each item
    gradebook-problems.csv   a column for each problem
    gradebook-canvas.csv     for "Import" in Canvas' gradebook
    gradebook-moodle.csv     for "Grades, Import, CSV file" in Moodle

The first two have everybody, with what is still open. Those for platforms have only students all
of whose points are known: both platforms take an empty cell for an order to delete the grade that
is there. Canvas finds a student by the column ID if there is a number in it, be it somebody else's,
so ids go there only if they are Canvas' own.

Moodle's import ends at the first user that it does not know, and knows nobody by the number of a
participant, which its exports have. Of students with such a number no row is written; their points
are filled into Moodle's own worksheet (`fill.py`). What is filled in takes the place of the files
that are made here.
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
"""What a student's id may be to Canvas -> the column for it."""

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
        rows: everybody's points.
        folder: where the files go.
        column: what the assignment is called on Canvas and Moodle.
        canvas_id: one of `CANVAS_IDS`.
        filled: a platform's own file with points, by its kind.

    Returns:
        The files by their kind, a key of `FILES`; one that would have nobody is not written.

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
    """Return the rows of students who are known, and all of whose points are."""
    return [row for row in rows if row.total is not None and row.student.is_known]


def item_table(assignment: Assignment, rows: Sequence[StudentPoints]) -> Table:
    """Return a table with a column for each item."""
    ids = [item.id for item in assignment.items]
    header = ["student", "name", "email", "submission", "submitted_at", "late", *ids]
    return [
        [*header, "total", "out_of", "open"],
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
        ["student", "name", "email", *items, "total", "out_of", "open"],
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
    """Return what Canvas imports: who, and the total; `rows` are complete."""
    table = [[*_CANVAS_COLUMNS, column], [_CANVAS_MAXIMA, "", "", "", "", _out_of(assignment)]]
    for row in rows:
        cells = [row.student.name, "", "", "", ""]
        kind = "canvas" if row.student.platform == "canvas" else canvas_id
        where = _CANVAS_COLUMNS.index(CANVAS_IDS[kind])
        cells[where] = row.student.id
        table.append([*cells, number(row.total)])
    return table


def moodle_table(rows: Sequence[StudentPoints], column: str) -> Table:
    """Return what Moodle imports; it asks which columns tell the user and the grade."""
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
    return [number(row.total), _out_of(assignment), still_open]


def _out_of(assignment: Assignment) -> str:
    return number(sum(item.points for item in assignment.items))


def _word(value: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[value]
