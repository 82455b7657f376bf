"""What a class has handed in: exports of Gradescope, Canvas and Moodle, and whose work it is."""

from autograder.intake.counting import Counted, count
from autograder.intake.find import find_hand_ins
from autograder.intake.hand_in import HandIn, Intake, Student

__all__ = ["Counted", "HandIn", "Intake", "Student", "count", "find_hand_ins"]
