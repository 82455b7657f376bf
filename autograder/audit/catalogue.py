"""The catalogue: known mistakes and correct variants, each a small change to the solution.

    [[mistake]]                                  in assignment/<id>/catalogue/mistakes/*.toml
    id = "square-doubles"
    title = "each entry is doubled instead of squared"
    costs = ["t1-square"]                        the items that must lose points, and no other
    hint = "doubled"                             what the message of one of them must say
    [[mistake.change]]
    file = "shapes/area.py"
    find = "x * x"                               stands once in the complete solution's file
    replace = "2 * x"

A variant (`[[variant]]` in catalogue/variants/*.toml) has no `costs` and no `hint`: it keeps full
marks. A change may also name a whole function, whose body under the docstring is replaced:

    file = "shapes/area.py"
    function = "square"
    replace = "return np.multiply(x, x)"
"""

import ast
import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import AssignmentErrors, Problem

_MISTAKE_KEYS = {"id", "title", "costs", "hint", "change"}
_VARIANT_KEYS = {"id", "title", "change"}


@dataclass(frozen=True)
class Change:
    """One replacement in one file: of a text that stands there once, or of a function's body."""

    file: str
    find: str
    function: str
    replace: str


@dataclass(frozen=True)
class Entry:
    """A known mistake, or a correct variant (which costs nothing).

    Attributes:
        id: unique in the catalogue.
        title: what was done differently, for the instructor.
        costs: ids of the items that must lose points; every other item keeps full marks.
        hint: a text that a message of a costed item must hold.
        changes: what makes it of the complete solution.
        source: the catalogue file it stands in.
    """

    id: str
    title: str
    costs: tuple[str, ...]
    hint: str
    changes: tuple[Change, ...]
    source: str


@dataclass(frozen=True)
class Catalogue:
    """All entries of an assignment's catalogue."""

    mistakes: tuple[Entry, ...]
    variants: tuple[Entry, ...]


def load_catalogue(assignment: Assignment) -> Catalogue:
    """Read the catalogue of an assignment.

    Raises:
        AssignmentErrors: entries that are incomplete, unknown items, ids used twice; all at once.
    """
    folder = assignment.folder / "catalogue"
    problems: list[Problem] = []
    mistakes = tuple(_entries(assignment, folder / "mistakes", "mistake", problems))
    variants = tuple(_entries(assignment, folder / "variants", "variant", problems))
    seen: dict[str, str] = {}
    for entry in mistakes + variants:
        if entry.id in seen:
            what = f"the id {entry.id!r} is used in {seen[entry.id]} as well"
            problems.append(Problem(entry.source, 0, what, "give each entry an id of its own"))
        seen[entry.id] = entry.source
    if problems:
        raise AssignmentErrors(problems)
    return Catalogue(mistakes, variants)


def apply_entry(entry: Entry, solution: Mapping[str, bytes]) -> dict[str, bytes]:
    """Make the submission that an entry describes from the complete solution.

    Raises:
        AssignmentErrors: a change does not fit the solution any more.
    """
    files = dict(solution)
    for change in entry.changes:
        if change.file not in files:
            raise _misfit(entry, f"the solution has no file {change.file}")
        text = files[change.file].decode()
        text = (
            _replace_body(entry, change, text)
            if change.function
            else _replace_text(entry, change, text)
        )
        try:
            compile(text, change.file, "exec", dont_inherit=True)
        except SyntaxError as error:
            raise _misfit(entry, f"{change.file} is no Python with it ({error})") from None
        files[change.file] = text.encode()
    return files


def _replace_text(entry: Entry, change: Change, text: str) -> str:
    found = text.count(change.find)
    if found != 1:
        times = "not" if found == 0 else f"{found} times"
        raise _misfit(entry, f"its text to find stands {times} in {change.file}")
    return text.replace(change.find, change.replace)


def _replace_body(entry: Entry, change: Change, text: str) -> str:
    function = _find_function(ast.parse(text), change.function.split("."))
    if function is None:
        raise _misfit(entry, f"{change.file} has no function {change.function}")
    has_docstring = ast.get_docstring(function) is not None
    kept = function.body[1:] if has_docstring else function.body
    first = kept[0].lineno - 1 if kept else function.body[0].end_lineno
    assert first is not None  # parsed from text, so every node has its lines
    lines = text.splitlines(keepends=True)
    indent = " " * function.body[0].col_offset
    body = textwrap.indent(textwrap.dedent(change.replace).strip("\n") + "\n", indent)
    return "".join(lines[:first]) + body + "".join(lines[function.end_lineno :])


def _find_function(tree: ast.AST, name: list[str]) -> ast.FunctionDef | None:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name[0]:
            if len(name) > 1:
                return _find_function(node, name[1:])
            return node if isinstance(node, ast.FunctionDef) else None
    return None


def _misfit(entry: Entry, what: str) -> AssignmentErrors:
    remedy = f"mend the entry {entry.id!r} or take it out"
    return AssignmentErrors([Problem(entry.source, 0, what, remedy)])


def _entries(
    assignment: Assignment, folder: Path, kind: str, problems: list[Problem]
) -> Iterator[Entry]:
    for file in sorted(folder.glob("*.toml")):
        source = assignment.show(file)
        try:
            document = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(source, 0, f"is no TOML: {error}", "mend it"))
            continue
        for table in document.get(kind, []):
            what = _fault(assignment, table, kind)
            if what:
                remedy = f"see the other {kind}s for the form"
                problems.append(Problem(source, 0, f"[[{kind}]] {what}", remedy))
            else:
                yield _entry(table, source)
        if document.keys() - {kind}:
            what = f"holds something else than [[{kind}]]"
            problems.append(Problem(source, 0, what, f"write [[{kind}]] tables only"))


def _fault(assignment: Assignment, table: dict[str, Any], kind: str) -> str:
    """What is wrong with the table of an entry, "" where nothing is."""
    name = str(table.get("id", "without an id"))
    expected = _MISTAKE_KEYS if kind == "mistake" else _VARIANT_KEYS
    if table.keys() != expected:
        return f"{name} has the keys {sorted(table)}, expected {sorted(expected)}"
    if kind == "mistake" and not table["costs"]:
        return f"{name} costs nothing"
    known = {item.id for item in assignment.auto_items}
    unknown = sorted(set(table.get("costs", [])) - known)
    if unknown:
        return f"{name} costs {unknown[0]}, which is no auto item"
    if not isinstance(table["change"], list):
        return f"{name} needs its changes as [[{kind}.change]]"
    for change in table["change"]:
        if change.keys() not in ({"file", "find", "replace"}, {"file", "function", "replace"}):
            return f"{name} has a change with the keys {sorted(change)}"
    return ""


def _entry(table: dict[str, Any], source: str) -> Entry:
    changes = (
        Change(
            file=change["file"],
            find=change.get("find", ""),
            function=change.get("function", ""),
            replace=change["replace"],
        )
        for change in table["change"]
    )
    return Entry(
        id=table["id"],
        title=table["title"],
        costs=tuple(table.get("costs", [])),
        hint=table.get("hint", ""),
        changes=tuple(changes),
        source=source,
    )
