"""Read and fill in the files of Canvas, Moodle and Gradescope that list a class.

csv_file.py             a CSV file that is written back unchanged except for the cells set
canvas_gradebook.py     Canvas' gradebook, and its export of groups
moodle_worksheet.py     Moodle's worksheet for grading an assignment offline
gradescope_scores.py    Gradescope's CSV of scores, for lateness
roster.py               the combined content of such files
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
