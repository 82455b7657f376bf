"""The files of Canvas, Moodle and Gradescope that say who is in a class: read, and filled in.

csv_file.py             a CSV file that is written back as it was, but for the cells that are set
canvas_gradebook.py     Canvas' gradebook, and its export of groups
moodle_worksheet.py     Moodle's worksheet for grading an assignment offline
gradescope_scores.py    Gradescope's CSV of scores, for lateness
roster.py               what such files say together
"""

from autograder.platforms.canvas_gradebook import CanvasGradebook, squashed
from autograder.platforms.csv_file import CsvFile
from autograder.platforms.moodle_worksheet import MoodleWorksheet
from autograder.platforms.roster import Roster, read_roster

__all__ = [
    "CanvasGradebook",
    "CsvFile",
    "MoodleWorksheet",
    "Roster",
    "read_roster",
    "squashed",
]
