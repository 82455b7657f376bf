"""Create the gradebook: points by tests and by hand, as tables for people and platforms.

sheet.py      the sheet in which graders write the points of written answers
filled.py     reads and checks filled sheets
points.py     all students' points, from tests and sheets
tables.py     the CSV files: by item, by problem, for Canvas, for Moodle
fill.py       fills points into the files of Canvas and Moodle
cells.py      makes cells safe from formula injection
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
