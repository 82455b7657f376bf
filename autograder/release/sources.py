"""Read everything in `solutions/<id>/`: annotated modules, and files that ship as they are."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, decode_text
from autograder.errors import AssignmentErrors, Problem
from autograder.release.regions import Source, parse_source

CACHES = (  # what tools and editors leave behind: neither source nor release
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


@dataclass(frozen=True)
class Solutions:
    """The files of a solutions folder, by their paths from the top of the release.

    Attributes:
        modules: the modules that have regions.
        given: the packages' files that ship as they are; bytes with line feeds only.
        copied: the files outside of packages that ship as they are.
    """

    modules: tuple[Source, ...]
    given: dict[str, bytes]
    copied: dict[str, bytes]


def read_solutions(assignment: Assignment) -> Solutions:
    """Read the solutions folder of an assignment.

    Raises:
        AssignmentErrors: wrong markers, a module without any, a file that no one listed, an
            item that no region solves, and whatever else may not ship; all at once.
    """
    item_kinds = {item.id: item.kind for item in assignment.items}
    given_paths = {file for package in assignment.packages for file in package.given}
    inside = tuple(package.path for package in assignment.packages)
    modules: list[Source] = []
    given: dict[str, bytes] = {}
    copied: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in list_files(assignment.solutions):
        shown = assignment.show(assignment.solutions / path)
        listed = path in given_paths or path in assignment.copy
        is_module = path.startswith(inside) and path.endswith(".py")
        problem = _refusal(assignment.solutions / path, path, listed or is_module, shown)
        if problem:
            problems.append(problem)
            continue
        try:
            data = (assignment.solutions / path).read_bytes()
            text = decode_text(data, shown)
            if path.endswith(".py"):
                if NOTEBOOK_SOURCE.search(text):
                    problems.append(_notebook(shown, text))
                    continue
                source = parse_source(data, path, shown, item_kinds)
                if is_module and not listed:
                    modules.append(source)
                problems += _unexpected(source, listed)
            if listed:
                (given if path in given_paths else copied)[path] = text.encode()
        except AssignmentErrors as error:
            problems += error.problems
    if not problems:
        problems += _unsolved(assignment, modules)
    if problems:
        raise AssignmentErrors(problems)
    return Solutions(tuple(modules), given, copied)


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files below a folder but caches, sorted; links count as files."""
    found = []
    for current, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(current) / name).is_symlink()]
        folders[:] = [name for name in folders if name not in (*CACHES, *links)]
        for name in [*files, *links]:
            if name not in CACHES:
                found.append((Path(current) / name).relative_to(folder).as_posix())
    return sorted(found)


def _refusal(path: Path, name: str, has_place: bool, shown: str) -> Problem | None:
    """Return why a file may not be in the solutions folder at all."""
    if path.is_symlink():
        return Problem(shown, 0, "is a link", "put the file itself there")
    if not PORTABLE_PATH.fullmatch(name):
        remedy = "use letters, digits, '.', '_' and '-', which every system can unpack"
        return Problem(shown, 0, "has a name that not every system has", remedy)
    if not has_place:
        remedy = "list it under given of its [[package]] or under copy of [release], or remove it"
        return Problem(shown, 0, "is listed nowhere", remedy)
    return None


def _notebook(shown: str, text: str) -> Problem:
    found = NOTEBOOK_SOURCE.search(text)
    line = text.count("\n", 0, found.start()) + 1 if found else 1
    return Problem(
        shown,
        line,
        "is a notebook as text, which cannot be built yet",
        "remove it from solutions for now, or its cell marks if it is a module",
    )


def _unexpected(source: Source, listed: bool) -> list[Problem]:
    """Return a problem where a module has regions and should not, or none and should."""
    if listed and source.regions:
        return [
            Problem(
                source.file,
                source.regions[0].begin,
                "has a region, and is listed to ship as it is",
                "remove its markers, or take it off the list",
            )
        ]
    if not listed and not source.regions:
        return [
            Problem(
                source.file,
                0,
                "has no marker, so it would ship complete",
                "mark its solutions, or list it under given of its [[package]]",
            )
        ]
    return []


def _unsolved(assignment: Assignment, modules: list[Source]) -> list[Problem]:
    """Return a problem for each auto item that no region solves."""
    solved = {region.item for source in modules for region in source.regions}
    return [
        Problem(
            assignment.show(assignment.folder / "assignment.toml"),
            item.line,
            f"no region solves item '{item.id}'",
            f"write '# BEGIN SOLUTION {item.id}' in {assignment.show(assignment.solutions)}/",
        )
        for item in assignment.auto_items
        if item.id not in solved
    ]
