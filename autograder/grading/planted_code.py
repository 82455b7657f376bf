"""Make the implementations that the tests of students are run on: the solution, changed.

    python -m autograder.grading.planted_code ID

writes them into `assignment/ID/planted/`, from where they get into a Docker image, which has no
solutions.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Item, find_course, load_assignment
from autograder.errors import AssignmentErrors, Problem
from autograder.planted.changes import Misfit, apply_change
from autograder.planted.entries import PlantedEntry, planted_file, read_entries

SOLUTION = "the solution"
"""The id of the implementation without a change."""
LEAST_RIGHT_RUNS = 6
"""How often a test file is run on right code at least: tests that fail at random, a third of the
time, pass all of them in one grading of eleven."""


@dataclass(frozen=True)
class Implementation:
    """One implementation of the modules that students' tests are about.

    Attributes:
        id: its entry's id.
        modules: path and text of each module.
    """

    id: str
    modules: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PlantedMistake:
    """A wrong implementation.

    Attributes:
        title: what is wrong in it, for the instructor.
        missed: what students read whose tests do not catch it.
        code: the implementation.
    """

    title: str
    missed: str
    code: Implementation


@dataclass(frozen=True)
class PlantedCode:
    """Everything that the test file of one item is run on.

    Attributes:
        right: the right implementations, the solution first.
        mistakes: the wrong ones.
    """

    right: tuple[Implementation, ...]
    mistakes: tuple[PlantedMistake, ...]


def most_runs(code: PlantedCode) -> int:
    """Return how often a test file is run at most."""
    return max(LEAST_RIGHT_RUNS, len(code.right)) + len(code.mistakes)


def load_planted(assignment: Assignment, item: Item) -> PlantedCode:
    """Return what the test file of an item is run on.

    Where the course has no solutions, such as on Gradescope, the file that `resolved` has made is
    read in place of the entries.

    Raises:
        AssignmentErrors: the entries have mistakes, or do not fit the solution.
    """
    file = resolved_file(assignment, item)
    if file.is_file() and not assignment.solutions.is_dir():
        return _from_json(json.loads(file.read_text(encoding="utf-8")))
    entries = read_entries(assignment, item)
    solution = _solution(assignment, item)
    changed = {SOLUTION: solution}
    for entry in entries.variants:
        changed[entry.id] = _apply(entry, solution, entries.source)
    right = tuple(_implementation(name, files) for name, files in changed.items())
    mistakes = tuple(
        PlantedMistake(
            entry.title,
            entry.missed,
            _implementation(entry.id, _apply(entry, changed[entry.on or SOLUTION], entries.source)),
        )
        for entry in entries.mistakes
    )
    return PlantedCode(right, mistakes)


def resolved_file(assignment: Assignment, item: Item) -> Path:
    """Return where a course without solutions has an item's implementations."""
    return planted_file(assignment, item).with_suffix(".json")


def resolved(code: PlantedCode) -> bytes:
    """Return a file with the whole texts of the implementations, for `load_planted`."""
    document = {
        "right": [[one.id, dict(one.modules)] for one in code.right],
        "mistakes": [
            [one.code.id, one.title, one.missed, dict(one.code.modules)] for one in code.mistakes
        ],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _from_json(document: Mapping[str, list[list[str]]]) -> PlantedCode:
    def made(name: str, modules: object) -> Implementation:
        assert isinstance(modules, dict)  # `resolved` has written it
        return Implementation(name, tuple(modules.items()))

    return PlantedCode(
        tuple(made(name, modules) for name, modules in document["right"]),
        tuple(
            PlantedMistake(title, missed, made(name, modules))
            for name, title, missed, modules in document["mistakes"]
        ),
    )


def _solution(assignment: Assignment, item: Item) -> dict[str, bytes]:
    """Return the complete modules that an item's tests are about."""
    from autograder.release import solution_module  # here: only runs with such items need it

    if not assignment.solutions.is_dir():
        folder = assignment.show(assignment.solutions)
        what = f"the right code of {item.id} cannot be made: {folder}/ is missing"
        remedy = f"where they are, run: python -m {__name__} {assignment.id}"
        raise AssignmentErrors(
            [Problem(assignment.show(planted_file(assignment, item)), 0, what, remedy)]
        )
    return {path: solution_module(assignment, path).encode() for path in item.against}


def _apply(entry: PlantedEntry, base: Mapping[str, bytes], source: str) -> dict[str, bytes]:
    files = dict(base)
    for change in entry.changes:
        try:
            apply_change(change, files)
        except Misfit as misfit:
            remedy = f"correct the entry {entry.id!r} or remove it"
            raise AssignmentErrors([Problem(source, 0, str(misfit), remedy)]) from None
    if files == base:
        what = f"the entry {entry.id!r} changes nothing"
        raise AssignmentErrors([Problem(source, 0, what, "correct it or remove it")])
    return files


def _implementation(name: str, files: Mapping[str, bytes]) -> Implementation:
    return Implementation(name, tuple((path, data.decode()) for path, data in files.items()))


def main(assignment_id: str) -> None:
    """Write the implementations of all items of an assignment of this course."""
    assignment = load_assignment(find_course(Path()), assignment_id)
    for item in assignment.items:
        if item.tests:
            file = resolved_file(assignment, item)
            file.write_bytes(resolved(load_planted(assignment, item)))
            print(assignment.show(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
