"""Find a course and load its assignments."""

from pathlib import Path

from autograder.assignment.parts import Parts
from autograder.assignment.reading import read_parts
from autograder.assignment.rubric_files import undeclared_files
from autograder.assignment.rubric_index import index_rubric
from autograder.assignment.spec import Assignment, RubricTest
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Notes
from autograder.assignment.text import read_text
from autograder.errors import AssignmentErrors, Problem, UsageError

SPEC = "assignment.toml"


def find_course(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that holds `assignment/<id>/`.

    Raises:
        UsageError: no such folder exists.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if assignment_ids(folder):
            return folder
    raise UsageError(
        "no course here", str(start), f"go to a folder that holds assignment/<id>/{SPEC}"
    )


def assignment_ids(root: Path) -> list[str]:
    """Return the ids of the course's assignments, sorted."""
    return sorted(path.parent.name for path in root.glob(f"assignment/*/{SPEC}"))


def load_assignment(root: Path, assignment_id: str, *, unfinished: bool = False) -> Assignment:
    """Load one assignment, with the index of its rubric's tests.

    Args:
        root: the course folder.
        assignment_id: the name of its folder in `assignment/`.
        unfinished: whether auto items may still be without tests; `untested` then lists them.

    Raises:
        UsageError: the course does not have this assignment.
        AssignmentErrors: all mistakes in its assignment.toml and its rubric.
    """
    root = root.resolve()
    _see_that_it_exists(root, assignment_id)
    folder, solutions = root / "assignment" / assignment_id, root / "solutions" / assignment_id
    shown = f"assignment/{assignment_id}"
    notes = Notes(f"{shown}/{SPEC}")
    tests, problems = index_rubric(folder / "rubric", f"{shown}/rubric")
    try:
        parts = read_parts(read_text(folder / SPEC, notes.file), notes, assignment_id, solutions)
    except AssignmentErrors as error:
        raise AssignmentErrors([*error.problems, *problems]) from None
    unread = {problem.file for problem in problems}
    problems += _match_tests(parts, tests, f"{shown}/rubric")
    problems += undeclared_files(folder / "rubric", f"{shown}/rubric", parts.submission_files)
    problems += notes.problems
    untested = _untested(parts, tests, notes.file)
    if not unfinished and unread <= {f"{shown}/rubric/{test.file}" for test in tests}:
        problems += untested
    if problems:
        raise AssignmentErrors(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return _assignment(parts, root, tests, untested)


def _assignment(
    parts: Parts, root: Path, tests: list[RubricTest], untested: list[Problem]
) -> Assignment:
    return Assignment(
        parts.id,
        parts.title,
        parts.course,
        root,
        root / "assignment" / parts.id,
        root / "solutions" / parts.id,
        tuple(parts.packages),
        tuple(parts.copy),
        tuple(parts.problems),
        tuple(parts.items),
        tuple(tests),
        tuple(parts.notebooks),
        tuple(parts.submission_files),
        tuple(parts.datasets),
        untested=tuple(untested),
    )


def _see_that_it_exists(root: Path, assignment_id: str) -> None:
    known = assignment_ids(root)
    if assignment_id not in known:
        listed = f"this course has {', '.join(known)}" if known else "this course has none"
        raise UsageError(
            f"no assignment '{assignment_id}'",
            f"assignment/{assignment_id}/{SPEC}",
            did_you_mean(assignment_id, known) or listed,
        )


def _match_tests(parts: Parts, tests: list[RubricTest], shown: str) -> list[Problem]:
    """Return a problem for each test whose item is unknown or graded by a person."""
    problems = []
    for test in tests:
        if test.item not in parts.known:
            what = f"'{test.name}' tests an unknown item '{test.item}'"
            remedy = did_you_mean(test.item, parts.known) or f"declare it in {SPEC}"
            problems.append(Problem(f"{shown}/{test.file}", test.line, what, remedy))
        elif test.item in parts.written:
            what = f"'{test.name}' tests '{test.item}', a {parts.written[test.item]} item"
            remedy = f'name an auto item, or write kind = "auto" in {SPEC}'
            problems.append(Problem(f"{shown}/{test.file}", test.line, what, remedy))
        elif any(item.id == test.item and item.tests for item in parts.items):
            what = f"'{test.name}' tests '{test.item}', which the tests of students score"
            remedy = "give it an item of its own, or remove it"
            problems.append(Problem(f"{shown}/{test.file}", test.line, what, remedy))
    return problems


def _untested(parts: Parts, tests: list[RubricTest], file: str) -> list[Problem]:
    """Return a problem for each auto item that no test scores."""
    tested = {test.item for test in tests}
    return [
        Problem(
            file,
            item.line,
            f"no test scores item '{item.id}'",
            f'write a test with @pytest.mark.item("{item.id}") in rubric/',
        )
        for item in parts.items
        if item.kind == "auto" and not item.tests and item.id not in tested
    ]
