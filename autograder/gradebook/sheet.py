"""Write the sheet in which graders enter the points of written answers.

    student,name,p1-derivation,p1-why,notes
    (out of),,3,2,
    anna,Anna Arnold,2.5,,
    ben,Ben Bauer,,,"could not read p. 2"

It has a row for each student, a column for each written item, and the items' maximum points. An
empty cell means: not graded yet.
"""

from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import AutograderError, UsageError
from autograder.gradebook.cells import number, table_text
from autograder.results.class_results import ClassResults

STUDENT, NAME, NOTES = "student", "name", "notes"
MAXIMA = "(out of)"


def write_blank_sheet(assignment: Assignment, results: ClassResults, target: Path) -> None:
    """Write an empty sheet of a class.

    Raises:
        UsageError: the assignment has no written items, or the file exists.
        AutograderError: it cannot be written.
    """
    items = assignment.written_items
    if not items:
        raise UsageError(
            "it has no items graded by a person", f"assignment '{assignment.id}'",
            "make the gradebook without --blank",
        )  # fmt: skip
    rows = [
        [STUDENT, NAME, *(item.id for item in items), NOTES],
        [MAXIMA, "", *(number(item.points) for item in items), ""],
        *([one.id, one.name, *("" for _ in items), ""] for one in results.students),
    ]
    try:
        # The byte order mark makes Excel detect UTF-8. "x": never overwrite existing points.
        with target.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(table_text(rows))
    except FileExistsError:
        raise UsageError(
            "the file already exists and may contain points", str(target),
            "choose another name, or move it",
        ) from None  # fmt: skip
    except OSError as error:
        raise AutograderError(
            f"cannot be written ({error.strerror})", str(target), "choose another place"
        ) from None
