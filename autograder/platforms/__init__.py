"""Read and fill in the class files of Canvas, Moodle and Gradescope.

csv_file.py           a CSV file that is written back unchanged except for cells that are set
canvas_gradebook.py   Canvas' gradebook, and its export of groups
moodle_worksheet.py   Moodle's offline grading worksheet
gradescope_scores.py  Gradescope's CSV of scores, for lateness
class_list.py         roster.csv, an instructor's own list of a class
roster.py             what these files say together
"""

from autograder.platforms.canvas_gradebook import CanvasGradebook, squashed
from autograder.platforms.class_list import ClassList, ListedStudent
from autograder.platforms.csv_file import CsvFile
from autograder.platforms.moodle_worksheet import MoodleWorksheet
from autograder.platforms.roster import Roster, read_roster

__all__ = [
    "CanvasGradebook",
    "ClassList",
    "CsvFile",
    "ListedStudent",
    "MoodleWorksheet",
    "Roster",
    "read_roster",
    "squashed",
]
