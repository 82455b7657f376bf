"""Load and check an assignment: assignment.toml and the index of its rubric."""

from autograder.assignment.course import assignment_ids, find_course, load_assignment
from autograder.assignment.spec import (
    Assignment,
    Item,
    Notebook,
    Package,
    ProblemSpec,
    RubricTest,
    is_hidden,
)
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.text import decode_text, read_text

__all__ = [
    "Assignment",
    "Item",
    "Notebook",
    "Package",
    "ProblemSpec",
    "RubricTest",
    "assignment_ids",
    "decode_text",
    "did_you_mean",
    "find_course",
    "is_hidden",
    "load_assignment",
    "read_text",
]
