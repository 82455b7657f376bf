"""Read everything in `solutions/<id>/`: annotated sources, and files that ship as they are."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import Assignment, decode_text
from autograder.assignment.released import is_text
from autograder.assignment.rubric_files import items_of_files
from autograder.errors import AssignmentErrors, Problem
from autograder.release.notebook_sources import (
    NotebookSource,
    missing_cells,
    read_notebook_source,
)
from autograder.release.regions import AnnotatedSource, parse_source

CACHES = (  # what tools and editors leave behind: neither source nor part of a release
    "__pycache__",
    ".pytest_cache",
    ".ruff_cache",
    ".mypy_cache",
    ".ipynb_checkpoints",
    ".venv",
    ".DS_Store",
)
NOTEBOOK_SOURCE = re.compile(r"^# (%%|---\n#? ?jupyter:|jupytext:)|^#\s+jupytext_version:", re.M)
PORTABLE_PATH = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")


@dataclass
class Solutions:
    """The files of a solutions folder, by their paths from the top of the release.

    Attributes:
        modules: the modules that have regions.
        notebooks: the notebooks.
        given: the packages' files that ship as they are; text has only line feeds.
        copied: the files outside of packages that ship as they are.
        complete_only: further files of the complete solution, which never ship.
    """

    modules: list[AnnotatedSource] = field(default_factory=list)
    notebooks: list[NotebookSource] = field(default_factory=list)
    given: dict[str, bytes] = field(default_factory=dict)
    copied: dict[str, bytes] = field(default_factory=dict)
    complete_only: dict[str, bytes] = field(default_factory=dict)

    @property
    def sources(self) -> list[AnnotatedSource]:
        """All sources that students complete: modules and notebooks."""
        return [*self.modules, *(book.source for book in self.notebooks)]


def read_solutions(assignment: Assignment) -> Solutions:
    """Read the solutions folder of an assignment.

    Raises:
        AssignmentErrors: wrong markers, a module without any, a file that is not listed, an item
            that nothing solves, and anything else that may not ship; all are reported at once.
    """
    solutions = Solutions()
    problems: list[Problem] = []
    for path in list_files(assignment.solutions):
        try:
            _read_file(path, assignment, solutions)
        except AssignmentErrors as error:
            problems += error.problems
    if not problems:
        problems += _unsolved(assignment, solutions)
    if problems:
        raise AssignmentErrors(problems)
    return solutions


def read_module(assignment: Assignment, path: str) -> AnnotatedSource:
    """Read one module of a solutions folder.

    Raises:
        AssignmentErrors: its source has errors.
    """
    file = assignment.solutions / path
    item_kinds = {item.id: item.kind for item in assignment.items}
    return parse_source(file.read_bytes(), path, assignment.show(file), item_kinds)


def _read_file(path: str, assignment: Assignment, solutions: Solutions) -> None:
    """Read one file, by its path in the solutions folder, into its place in `solutions`."""
    shown = assignment.show(assignment.solutions / path)
    given = any(path in package.given for package in assignment.packages)
    listed = given or path in assignment.copy
    notebook = next((book for book in assignment.notebooks if book.source == path), None)
    is_module = path.endswith(".py") and assignment.package_of(path) is not None
    is_for_solution = assignment.is_submission_file(path)
    has_place = bool(listed or notebook or is_module or is_for_solution)
    _refuse(assignment.solutions / path, path, has_place, shown)
    data = (assignment.solutions / path).read_bytes()
    place = solutions.given if given else solutions.copied
    if is_for_solution and not listed:
        solutions.complete_only[path] = data
    elif notebook:
        solutions.notebooks.append(read_notebook_source(data, notebook, shown, assignment))
    elif not is_text(path):
        place[path] = data
    else:
        text = decode_text(data, shown)
        if path.endswith(".py"):
            source = _read_module(data, path, shown, assignment, listed)
            if is_module and not listed:
                solutions.modules.append(source)
        if listed:
            place[path] = text.encode()


def _read_module(
    data: bytes, path: str, shown: str, assignment: Assignment, listed: bool
) -> AnnotatedSource:
    """Read a module, which has regions unless it is listed to ship as it is."""
    found = NOTEBOOK_SOURCE.search(decode_text(data, shown))
    if found:
        line = found.string.count("\n", 0, found.start()) + 1
        what = "looks like a notebook as text, but no [[notebook]] declares it"
        remedy = "declare it, or remove its cell marks if it is a module"
        raise AssignmentErrors([Problem(shown, line, what, remedy)])
    item_kinds = {item.id: item.kind for item in assignment.items}
    source = parse_source(data, path, shown, item_kinds)
    if listed and source.regions:
        what = "has a region, but is listed to be released unchanged"
        remedy = "remove its markers, or take it off the list"
        raise AssignmentErrors([Problem(shown, source.regions[0].begin, what, remedy)])
    if not listed and not source.regions:
        what = "has no marker, so it would ship complete"
        remedy = "mark its solutions, or list it under given of its [[package]]"
        raise AssignmentErrors([Problem(shown, 0, what, remedy)])
    return source


def list_files(folder: Path) -> list[str]:
    """Return the sorted paths of all files below a folder except caches; links count as files."""
    found = []
    for current, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(current) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in (*CACHES, *links)]
        for name in [*files, *links]:
            if name not in CACHES:
                found.append((Path(current) / name).relative_to(folder).as_posix())
    return sorted(found)


def _refuse(path: Path, name: str, has_place: bool, shown: str) -> None:
    """Raise an error if a file may not be in the solutions folder at all."""
    what = remedy = ""
    if path.is_symlink():
        what, remedy = "is a link", "put the file itself there"
    elif not PORTABLE_PATH.fullmatch(name):
        what = "has a name that not every system has"
        remedy = "use letters, digits, '.', '_' and '-', which every system can unpack"
    elif not has_place:
        what = "is listed nowhere"
        remedy = "list it under given of its [[package]] or under copy of [release], or remove it"
    if what:
        raise AssignmentErrors([Problem(shown, 0, what, remedy)])


def _unsolved(assignment: Assignment, solutions: Solutions) -> list[Problem]:
    """Return a problem for each item that nothing solves or that lacks a cell in its notebook."""
    solved = {region.item for source in solutions.sources for region in source.regions}
    of_files = items_of_files(assignment.rubric_folder, assignment.tests)
    problems = [
        Problem(
            assignment.show(assignment.folder / "assignment.toml"),
            item.line,
            f"no region solves item '{item.id}'",
            f"write '# BEGIN SOLUTION {item.id}' in {assignment.show(assignment.solutions)}/",
        )
        for item in assignment.auto_items
        if item.id not in solved | of_files
    ]
    for book in solutions.notebooks:
        problems += missing_cells(book, assignment, solved)
    return problems
