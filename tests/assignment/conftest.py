"""A copy of the tiny course that a test may spoil."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.audit import load_catalogue
from autograder.errors import AssignmentErrors

SPEC = "assignment/tiny/assignment.toml"


@pytest.fixture
def edit(course: Path) -> Callable[..., str]:
    """Replace the first occurrence of a text in a file of the course; return the new text."""

    def edit_file(old: str, new: str, file: str = SPEC) -> str:
        path = course / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return text

    return edit_file


@pytest.fixture
def complaints(course: Path) -> Callable[..., list[str]]:
    """Load an assignment and its catalogue; return what is wrong with them."""

    def load(assignment: str = "tiny") -> list[str]:
        try:
            load_catalogue(load_assignment(course, assignment))
        except AssignmentErrors as error:
            return [str(problem) for problem in error.problems]
        return []

    return load
