"""Make the gradebook: points by tests and by hand, as tables for people and for platforms.

    sheet.py     makes the sheet for the points of written answers
    filled.py    reads and checks the sheets that were filled in
    points.py    the points of all students, from tests and sheets
    tables.py    the CSV files: by item, by problem, for Canvas, for Moodle
    fill.py      fills points into the files of Canvas and Moodle
    cells.py     CSV cells that are safe from formula injection

To add a file format, write a table function in tables.py, and name it in `FILES` and in
`write_gradebook` there.
"""

from autograder.gradebook.fill import Filled, fill
from autograder.gradebook.filled import SheetErrors, read_sheets
from autograder.gradebook.points import StudentPoints, rows_of
from autograder.gradebook.sheet import write_blank_sheet
from autograder.gradebook.tables import CANVAS_IDS, FILES, complete_rows, write_gradebook

__all__ = [
    "CANVAS_IDS",
    "FILES",
    "Filled",
    "SheetErrors",
    "StudentPoints",
    "complete_rows",
    "fill",
    "read_sheets",
    "rows_of",
    "write_blank_sheet",
    "write_gradebook",
]
