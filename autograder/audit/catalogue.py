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
marks. There are several kinds of change; each names its `file` and has the keys of one line:

    find = "x * x", replace = "2 * x"            a text that stands once
    function = "square", replace = "return x"    the body of a function below its docstring;
                                                 a method is "Scale.forward"
    variable = "history", replace = "log"        a name, wherever it stands in code
    content = "no JSON"                          the whole file; one that is new may be named
    rename = "report (1).ipynb"                  the file has another name
    remove = true                                the file is not there
    delete_cell = "plt.show("                    the one cell of a notebook with this text in it
    move_cell = "plt.show(", before = "fit("     that cell, to stand above another one
    key = "numbers.accuracy", value = 99.0       in a JSON file; list elements by their number
    key = "0.weight", value = 0.0                in an .npz file: every number of an array; the
                                                 digest in the JSON file beside it stays true

In a notebook `find`, `function` and `variable` look into the cells, and its file may be named as
its source is: "report.py" means "report.ipynb". A text that spans two cells is not found.
Changes are made in their order; the complete solution never has the markers of regions.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.audit.changes import Change, Misfit, apply_change, fault_of_change
from autograder.errors import AssignmentErrors, Problem

_ID = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
_MISTAKE_KEYS = {"id", "title", "costs", "hint", "change"}
_VARIANT_KEYS = {"id", "title", "change"}


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
        try:
            apply_change(change, files)
        except Misfit as misfit:
            remedy = f"mend the entry {entry.id!r} or take it out"
            raise AssignmentErrors([Problem(entry.source, 0, str(misfit), remedy)]) from None
    return files


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
    if not isinstance(table["id"], str) or not _ID.fullmatch(table["id"]):
        return f"{name} has an id that is no plain name"
    if kind == "mistake" and not table["costs"]:
        return f"{name} costs nothing"
    known = {item.id for item in assignment.auto_items}
    unknown = sorted(set(table.get("costs", [])) - known)
    if unknown:
        return f"{name} costs {unknown[0]}, which is no auto item"
    if not isinstance(table["change"], list):
        return f"{name} needs its changes as [[{kind}.change]]"
    faults = (fault_of_change(change) for change in table["change"])
    return next((f"{name} has a change {fault}" for fault in faults if fault), "")


def _entry(table: dict[str, Any], source: str) -> Entry:
    return Entry(
        id=table["id"],
        title=table["title"],
        costs=tuple(table.get("costs", [])),
        hint=table.get("hint", ""),
        changes=tuple(Change.of(change) for change in table["change"]),
        source=source,
    )
