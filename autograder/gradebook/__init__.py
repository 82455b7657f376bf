"""The gradebook: points by tests and points by hand, as tables for people and for platforms.

sheet.py      the sheet in which a person writes the points of written answers, made and read
filled.py     what stands in such a sheet, checked
points.py     everybody's points, from both
tables.py     the CSV files: by item, by problem, for Canvas, for Moodle
fill.py       the files that Canvas and Moodle gave, with the points filled in
cells.py      cells that no spreadsheet takes for a formula
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
