"""Read assignment.toml into its parts and find every mistake in it."""

import keyword
import re
import sys
import tomllib
from pathlib import Path, PurePosixPath
from typing import Any

from autograder.assignment.handed_in import FILE_KEYS, read_submission_files
from autograder.assignment.inherited import INHERITED_KEYS
from autograder.assignment.items import read_problems_and_items
from autograder.assignment.lists import RULE_KEYS, read_code_rules
from autograder.assignment.notebooks import TAKEN, read_notebook
from autograder.assignment.own_datasets import KEYS as KEYS_OF_DATASETS
from autograder.assignment.own_datasets import read_dataset
from autograder.assignment.parts import GENERATED, Parts
from autograder.assignment.spec import Package
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Notes, Table
from autograder.assignment.toml_lines import LineIndex
from autograder.errors import AssignmentErrors, Problem

SINGLE_TABLES = {
    "assignment": ("id", "title", "course"),
    "release": ("copy",),
    "submission": ("files",),
    "defaults": INHERITED_KEYS,
}
# Files of these names are the tool's, pytest's or Python's, or `student` has such a method.
_NO_MODULES = {*TAKEN, "conftest", "hand_in", "sitecustomize", "usercustomize"}
TABLE_ARRAYS = {
    "package": ("path", *RULE_KEYS, "given"),
    "notebook": (
        "path",
        "timeout_s",
        "cell_timeout_s",
        "full_timeout_s",
        "needs",
        *RULE_KEYS,
        "fast",
        "data",
    ),
    "problem": ("id", "title", "points", "extra", *INHERITED_KEYS),
    "dataset": KEYS_OF_DATASETS,
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
        "notebook",
        "builds_on",
        "inputs",
        "extra",
        "tests",
        "against",
        *RULE_KEYS,
        *FILE_KEYS,
    ),
}


def read_parts(text: str, notes: Notes, folder_id: str, solutions: Path) -> Parts:
    """Read assignment.toml.

    Args:
        text: the file's text.
        notes: collects the mistakes.
        folder_id: the name of the assignment's folder, which must equal its id.
        solutions: the folder that must contain the listed files; ignored if the course has no
            solutions folder at all, as in a grading image.

    Raises:
        AssignmentErrors: the text is not valid TOML.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AssignmentErrors([_syntax_problem(error, notes.file, text)]) from None
    tables = _sort_tables(document, LineIndex(text), notes)
    parts = Parts()
    for head in tables["assignment"]:
        parts.id, parts.title = head.identifier("id") or "", head.text("title") or ""
        parts.course = head.text("course") or ""
        if parts.id and parts.id != folder_id:
            what = f"id '{parts.id}' in the folder assignment/{folder_id}/"
            head.complain("id", what, f"write '{folder_id}', or rename the folder")
    present = solutions if solutions.parent.is_dir() else None
    course = solutions.parent.parent
    folders = (solutions, course / "student_release" / folder_id, course / "assignment" / folder_id)
    for table in tables["dataset"]:
        read_dataset(table, parts, folders)
    for table in tables["package"]:
        _read_package(table, parts, present)
    declared = {read_notebook(table, parts, present) for table in tables["notebook"]}
    for table in tables["release"]:
        _read_copy(table, parts, present)
    for table in tables["submission"]:
        read_submission_files(table, parts)
    read_problems_and_items(tables, declared - {""}, parts, notes, present)
    return parts


def _syntax_problem(error: tomllib.TOMLDecodeError, file: str, text: str) -> Problem:
    message = str(error)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if not found:
        what = re.sub(r" \(at end of document\)$", "", message)
        return Problem(
            file,
            text.count("\n") or 1,
            f"invalid TOML: {what}",
            "close the open string, array or table",
        )
    what = f"invalid TOML at column {found[2]}: {message[: found.start()]}"
    return Problem(file, int(found[1]), what, "correct it there or on the line above")


def _sort_tables(
    document: dict[str, Any], lines: LineIndex, notes: Notes
) -> dict[str, list[Table]]:
    """Return the tables of each name, in order; note unknown names and wrong forms."""
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
            notes.add(1, f"the table {right} is missing", f"add {right}")
    return tables


def _is_list_of_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) for entry in value)


def _read_package(table: Table, parts: Parts, solutions: Path | None) -> None:
    path = table.text("path")
    if path is None or not _is_good_package(table, path, parts):
        return
    package = Package(path)
    if solutions and not _exists(solutions, package):
        kind = "file" if package.is_module else "folder"
        what = f"the {kind} solutions/{solutions.name}/{path} does not exist"
        table.complain("path", what, "create it, or correct the path")
        solutions = None
    rules = read_code_rules(table, package.name)
    given = _read_files(table, "given", solutions)
    for number, file in given:
        if package.is_module:
            what = f"'{path}' is a single module, of which nothing is given"
            remedy = "remove given, or list a module that ships complete under copy in [release]"
            table.complain("given", what, remedy, number)
        elif not package.contains(file):
            table.complain(
                "given", f"'{file}' is not in {path}", "list it under copy in [release]", number
            )
    parts.packages.append(Package(path, rules, tuple(file for _, file in given)))


def _is_good_package(table: Table, path: str, parts: Parts) -> bool:
    name = Package(path).name
    what, remedy = "", ""
    if not re.fullmatch(r"[^/.]+(/|\.py)", path) or not name.isidentifier() or not name.isascii():
        what = f"'{path}' is neither a folder nor a module at the top"
        remedy = "write a name and a slash, such as 'shapes/', or a file, such as 'train.py'"
    elif (
        keyword.iskeyword(name)
        or name in sys.stdlib_module_names
        or name in GENERATED
        or (Package(path).is_module and name in _NO_MODULES)
    ):
        what, remedy = f"the name '{name}' is taken", "give the package another name"
    elif any(package.path == path for package in parts.packages):
        what, remedy = f"'{path}' is declared twice", "remove one [[package]]"
    elif any(package.name == name for package in parts.packages):
        what = f"both a folder and a module are called '{name}'"
        remedy = "rename one of them: Python imports only one"
    if what:
        table.complain("path", what, remedy)
    return not what


def _exists(solutions: Path, package: Package) -> bool:
    place = solutions / package.path
    return place.is_file() if package.is_module else place.is_dir()


def _read_copy(table: Table, parts: Parts, solutions: Path | None) -> None:
    books = {path for book in parts.notebooks for path in (book.path, book.source)}
    for number, file in _read_files(table, "copy", solutions):
        if PurePosixPath(file).parts[0] in GENERATED:
            remedy = "remove it, or rename the file"
            table.complain("copy", f"'{file}' has the name of a generated file", remedy, number)
        elif package := next((one for one in parts.packages if one.contains(file)), None):
            remedy = "list it under given of its [[package]]"
            if package.is_module:
                remedy = "remove it, or its [[package]] if it ships complete"
            table.complain("copy", f"'{file}' is in a package", remedy, number)
        elif file in books:
            table.complain("copy", f"'{file}' belongs to a notebook", "remove it", number)
        else:
            parts.copy.append(file)


def _read_files(table: Table, key: str, solutions: Path | None) -> list[tuple[int, str]]:
    """Read a list of files of the solutions folder."""
    files = []
    for number, file in table.words(key):
        if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", file, re.ASCII) or ".." in file.split("/"):
            remedy = "write it relative to the release, such as 'shapes/__init__.py'"
            table.complain(key, f"'{file}' is not the path of a file", remedy, number)
        elif solutions and not (solutions / file).is_file():
            what = f"solutions/{solutions.name}/{file} does not exist"
            table.complain(key, what, "create it, or remove the entry", number)
        else:
            files.append((number, file))
    return files
