"""Read the submissions of a class from exports of Gradescope, Canvas and Moodle, with owners."""

from autograder.intake.counting import Counted, count
from autograder.intake.find import find_hand_ins
from autograder.intake.hand_in import HandIn, Intake, Submitter

__all__ = ["Counted", "HandIn", "Intake", "Submitter", "count", "find_hand_ins"]
