"""Read and check what an instructor has written: assignment.toml, and the rubric's index.

course.py        finds a course and loads its assignments
spec.py          the result: Assignment, Item, Notebook, Package, RubricTest
reading.py       reads assignment.toml and reports every mistake at once
  items.py       problems and items
  inherited.py   what items take from [defaults] and from their problem
    student_tests.py  items whose tests students write
  notebooks.py   notebooks
  handed_in.py   further files that are handed in, and those that answer an item
  own_datasets.py  the course's own data
  parts.py       what has been read so far
tables.py        reads one table field by field, with the line of each mistake
  lists.py       lists of words in tables
  patterns.py    patterns of file names, such as claims/*.json
  toml_lines.py  finds the line of each table, key and array element
rubric_files.py  finds the handed-in files that the rubric's tests name
rubric_index.py  lists the rubric's tests from their source, without running anything
released.py      files that ship unchanged: their originals and bytes
libraries.py     libraries that are installed for grading
text.py          reads an author's text file
suggestion.py    guesses which known word was meant
"""

from autograder.assignment.course import assignment_ids, find_course, load_assignment
from autograder.assignment.spec import (
    Assignment,
    Item,
    Notebook,
    Package,
    ProblemSpec,
    RubricTest,
    extra_points_of,
    is_hidden,
    points_of,
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
    "extra_points_of",
    "find_course",
    "is_hidden",
    "load_assignment",
    "points_of",
    "read_text",
]
