"""Short ways to parse, stub and build in tests of the release."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.errors import AssignmentErrors, Problem
from autograder.release.regions import MODULE, AnnotatedSource, parse_source
from autograder.release.stub import make_solution, make_stub

ITEMS = {"t1-square": "auto", "t1-row-sums": "auto", "t1-why": "written"}
FILE = "solutions/tiny/shapes/area.py"


def parse_text(text: str | bytes, kind: str = MODULE) -> AnnotatedSource:
    """Parse a source of the tiny assignment."""
    data = text if isinstance(text, bytes) else text.encode()
    return parse_source(data, "shapes/area.py", FILE, ITEMS, kind)


@pytest.fixture(scope="session")
def parse() -> Callable[..., AnnotatedSource]:
    """Parse a source of the tiny assignment."""
    return parse_text


@pytest.fixture(scope="session")
def stub() -> Callable[[str | bytes], str]:
    """Return what students get of a source."""
    return lambda text: make_stub(parse_text(text), "tiny")


@pytest.fixture(scope="session")
def complete() -> Callable[[str | bytes], str]:
    """Return the complete solution of a source."""
    return lambda text: make_solution(parse_text(text))


@pytest.fixture(scope="session")
def mistakes() -> Callable[..., list[tuple[int, str]]]:
    """Return line and words of each mistake in a source; its stub is made too, if it can be."""

    def find(text: str | bytes, kind: str = MODULE) -> list[tuple[int, str]]:
        problems: tuple[Problem, ...] = ()
        try:
            make_stub(parse_text(text, kind), "tiny")
        except AssignmentErrors as error:
            problems = error.problems
        assert all(problem.file == FILE for problem in problems)
        return [(problem.line, f"{problem.what}; {problem.remedy}") for problem in problems]

    return find


@pytest.fixture
def load(course: Path) -> Callable[[], Assignment]:
    """Load the tiny assignment of that course as it is now."""
    return lambda: load_assignment(course, "tiny")


@pytest.fixture
def add(course: Path) -> Callable[[str, str], None]:
    """Append text to a file of the course, which may be new."""

    def append(file: str, text: str) -> None:
        path = course / file
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8", newline="") as stream:
            stream.write(text)

    return append


@pytest.fixture
def edit(course: Path) -> Callable[[str, str, str], None]:
    """Replace a text that occurs once in a file of the course."""

    def replace(file: str, old: str, new: str) -> None:
        text = (course / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (course / file).write_text(text.replace(old, new), encoding="utf-8")

    return replace
