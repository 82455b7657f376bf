"""Read assignment.toml into its parts, and find every mistake in it."""

import keyword
import math
import re
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.assignment.spec import KINDS, NEEDS, VISIBILITIES, Item, Package, ProblemSpec
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Notes, Table
from autograder.assignment.toml_lines import LineIndex
from autograder.errors import AssignmentErrors, Problem

SINGLE_TABLES = {"assignment": ("id", "title", "course"), "release": ("copy",)}
TABLE_ARRAYS = {
    "package": ("path", "banned_imports", "given"),
    "problem": ("id", "title", "points"),
    "item": (
        "id",
        "problem",
        "title",
        "points",
        "kind",
        "visibility",
        "timeout_s",
        "all_or_nothing",
        "needs",
    ),
}
LONGEST_TIMEOUT_S = 3600.0
DEFAULT_TIMEOUT_S = 30.0
GENERATED = ("README.md", "handout.md", "pytest.ini", "tests", "autograder")


@dataclass
class Parts:
    """What assignment.toml says; an entry with a mistake is left out."""

    id: str
    title: str
    course: str
    packages: list[Package]
    copy: list[str]
    problems: list[ProblemSpec]
    items: list[Item]
    written: set[str]  # ids of all items of that kind, also of those left out
    known: set[str]  # ids of all items, also of those left out


def read_parts(text: str, notes: Notes, folder_id: str, solutions: Path) -> Parts:
    """Read assignment.toml.

    Args:
        text: the file's text.
        notes: where mistakes are noted.
        folder_id: the name of the assignment's folder, which its id must be.
        solutions: the folder that listed files must be in; not looked at where the course
            has no folder of solutions at all, as in a grading image.

    Raises:
        AssignmentErrors: the text is no TOML.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AssignmentErrors([_syntax_problem(error, notes.file, text)]) from None
    tables = _sort_tables(document, LineIndex(text), notes)
    parts = Parts("", "", "", [], [], [], [], set(), set())
    for head in tables["assignment"]:
        parts.id, parts.title = head.identifier("id") or "", head.text("title") or ""
        parts.course = head.text("course") or ""
        if parts.id and parts.id != folder_id:
            what = f"id '{parts.id}' in the folder assignment/{folder_id}/"
            head.complain("id", what, f"write '{folder_id}', or rename the folder")
    present = solutions if solutions.parent.is_dir() else None
    for table in tables["package"]:
        _read_package(table, parts, present)
    for table in tables["release"]:
        _read_copy(table, parts, present)
    _read_problems_and_items(tables, parts, notes)
    return parts


def _syntax_problem(error: tomllib.TOMLDecodeError, file: str, text: str) -> Problem:
    message = str(error)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if not found:
        what = re.sub(r" \(at end of document\)$", "", message)
        return Problem(
            file, text.count("\n") or 1, f"no valid TOML: {what}", "something is not closed"
        )
    what = f"no valid TOML at column {found[2]}: {message[: found.start()]}"
    return Problem(file, int(found[1]), what, "correct it there or on the line above")


def _sort_tables(
    document: dict[str, Any], lines: LineIndex, notes: Notes
) -> dict[str, list[Table]]:
    """Return the tables of each name, in order; note names and shapes that do not exist."""
    tables: dict[str, list[Table]] = {name: [] for name in (*SINGLE_TABLES, *TABLE_ARRAYS)}
    for name, value in document.items():
        if name in SINGLE_TABLES and isinstance(value, dict):
            tables[name].append(Table(value, (name,), SINGLE_TABLES[name], lines, notes))
        elif name in TABLE_ARRAYS and _is_list_of_tables(value):
            for number, entry in enumerate(value):
                fields = TABLE_ARRAYS[name]
                tables[name].append(Table(entry, (name, number), fields, lines, notes))
        elif name in tables:
            right = f"[{name}]" if name in SINGLE_TABLES else f"[[{name}]]"
            notes.add(lines.of(name), f"'{name}' has the wrong form", f"write {right}")
        else:
            remedy = did_you_mean(name, tables) or f"write one of {', '.join(tables)}"
            notes.add(lines.of(name), f"unknown table '{name}'", remedy)
    for name in ("assignment", "problem", "item"):
        if name not in document:
            right = f"[{name}]" if name in SINGLE_TABLES else f"[[{name}]]"
            notes.add(1, f"there is no {right}", f"add a table {right}")
    return tables


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _read_package(table: Table, parts: Parts, solutions: Path | None) -> None:
    path = table.text("path")
    if path is None:
        return
    name = path.removesuffix("/")
    if not path.endswith("/") or not name.isidentifier() or not name.isascii():
        remedy = "write its name and a slash, such as 'shapes/'"
        table.complain("path", f"'{path}' is no package folder", remedy)
        return
    if keyword.iskeyword(name) or name in sys.stdlib_module_names or name in GENERATED:
        table.complain("path", f"the name '{name}' is taken", "give the package another name")
        return
    if any(package.path == path for package in parts.packages):
        table.complain("path", f"'{path}' is declared twice", "remove one of the [[package]]")
        return
    if solutions and not (solutions / name).is_dir():
        what = f"there is no folder solutions/{solutions.name}/{path}"
        table.complain("path", what, "make it, or correct the path")
        solutions = None
    banned = []
    for number, word in table.words("banned_imports"):
        if not word.isidentifier() or word == name:
            top = word.split(".")[0]
            remedy = f"write the top-level name, '{top}'" if top != word else "remove it"
            table.complain("banned_imports", f"'{word}' is no name to ban", remedy, number)
        banned.append(word)
    given = _read_files(table, "given", solutions)
    for number, file in given:
        if not file.startswith(path):
            table.complain(
                "given", f"'{file}' is not in {path}", "list it under copy in [release]", number
            )
    parts.packages.append(Package(path, tuple(banned), tuple(file for _, file in given)))


def _read_copy(table: Table, parts: Parts, solutions: Path | None) -> None:
    inside = tuple(package.path for package in parts.packages)
    for number, file in _read_files(table, "copy", solutions):
        if PurePosixPath(file).parts[0] in GENERATED:
            remedy = "remove it, or rename the file"
            table.complain("copy", f"'{file}' has the place of a generated file", remedy, number)
        elif file.startswith(inside):
            remedy = "list it under given of its [[package]]"
            table.complain("copy", f"'{file}' is in a package", remedy, number)
        else:
            parts.copy.append(file)


def _read_files(table: Table, key: str, solutions: Path | None) -> list[tuple[int, str]]:
    """Read a list of files of the solutions folder."""
    files = []
    for number, file in table.words(key):
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", file, re.ASCII) or ".." in file.split("/"):
            remedy = "write it from the top of the release, such as 'shapes/__init__.py'"
            table.complain(key, f"'{file}' is no path of a file", remedy, number)
        elif solutions and not (solutions / file).is_file():
            what = f"there is no file solutions/{solutions.name}/{file}"
            table.complain(key, what, "write it, or remove the entry", number)
        else:
            files.append((number, file))
    return files


def _read_problems_and_items(tables: dict[str, list[Table]], parts: Parts, notes: Notes) -> None:
    point_lines: dict[str, int] = {}
    problem_lines: dict[str, int] = {}
    for table in tables["problem"]:
        identifier, title = table.identifier("id"), table.text("title")
        points = table.positive("points")
        if identifier and identifier in problem_lines:
            table.complain(
                "id",
                f"problem '{identifier}' is declared twice",
                f"rename it, or remove it; the first is on line {problem_lines[identifier]}",
            )
        elif identifier:
            problem_lines[identifier] = table.line_of("id")
            if title and points:
                point_lines[identifier] = table.line_of("points")
                parts.problems.append(ProblemSpec(identifier, title, points))
    complete = True
    item_lines: dict[str, int] = {}
    for table in tables["item"]:
        item = _read_item(table, parts, problem_lines, item_lines)
        complete = complete and item is not None
        if item:
            parts.items.append(item)
    if complete:
        for problem in parts.problems:
            total = math.fsum(item.points for item in parts.items if item.problem == problem.id)
            if abs(total - problem.points) > 1e-9:
                what = f"'{problem.id}' has {problem.points:g} points, its items have {total:g}"
                notes.add(point_lines[problem.id], what, "change the one or the others")


def _read_item(
    table: Table, parts: Parts, problem_lines: dict[str, int], item_lines: dict[str, int]
) -> Item | None:
    identifier, title, problem = table.identifier("id"), table.text("title"), table.text("problem")
    points, kind = table.positive("points"), table.choice("kind", KINDS)
    visibility = table.choice("visibility", VISIBILITIES, "visible")
    timeout_s = table.positive("timeout_s", DEFAULT_TIMEOUT_S, LONGEST_TIMEOUT_S)
    all_or_nothing = table.flag("all_or_nothing")
    needs = []
    for number, word in table.words("needs"):
        if word not in NEEDS:
            remedy = did_you_mean(word, NEEDS) or f"write words out of {', '.join(NEEDS)}"
            table.complain("needs", f"'{word}' is nothing an item can need", remedy, number)
        needs.append(word)
    if problem and problem not in problem_lines:
        remedy = did_you_mean(problem, problem_lines) or "declare it with [[problem]]"
        table.complain("problem", f"unknown problem '{problem}'", remedy)
        problem = None
    if identifier and identifier in item_lines:
        table.complain(
            "id",
            f"item '{identifier}' is declared twice",
            f"rename it, or remove it; the first is on line {item_lines[identifier]}",
        )
        identifier = None
    if identifier:
        item_lines[identifier] = table.line_of("id")
        parts.known.add(identifier)
        if kind == "written":
            parts.written.add(identifier)
    if not (identifier and title and problem and points and kind and visibility and timeout_s):
        return None
    return Item(
        identifier,
        problem,
        title,
        points,
        kind,
        visibility,
        timeout_s,
        all_or_nothing,
        tuple(needs),
        table.line,
    )
