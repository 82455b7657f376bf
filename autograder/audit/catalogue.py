"""Read the catalogue: known mistakes and correct variants, small changes to the solution.

    [[mistake]]                                  in assignment/<id>/catalogue/mistakes/*.toml
    id = "square-doubles"
    title = "each entry is doubled instead of squared"
    costs = ["t1-square"]                        the items that must lose points, and no other
    hint = "doubled"                             what the message of one of them must say
    [[mistake.change]]
    file = "shapes/area.py"
    find = "x * x"                               occurs once in the complete solution's file
    replace = "2 * x"

A variant (`[[variant]]` in catalogue/variants/*.toml) has no `costs` and no `hint`: it keeps full
marks. A cheat (`[[cheat]]` in catalogue/cheats/*.toml) does not do the work of its `items`, and
earns nothing there; where a part of the points is honest, `earns` says how many at most, and
`reason` why. An `[[accepted]]` next to it says the same of a generated cheat (`cheats.STRATEGIES`):

    [[accepted]]
    item = "t1-square"
    cheat = "input"                              or several, ["input", "zeros"]
    earns = 0.5
    reason = "the square of 1 is 1"

There are several kinds of change; each names its `file` and has the keys of one line:

    find = "x * x", replace = "2 * x"            a text that occurs once
    function = "square", replace = "return x"    the body of a function below its docstring;
                                                 a method is "Scale.forward"
    variable = "history", replace = "log"        a name, everywhere in code
    content = "no JSON"                          the whole file; one that is new may be named
    embed = "claims/r.npz"                       a new module with the bytes of that file, DATA
    rename = "report (1).ipynb"                  the file has another name
    remove = true                                the file is not there
    delete_cell = "plt.show("                    the one cell of a notebook with this text in it
    move_cell = "plt.show(", before = "fit("     that cell, moved above another one
    key = "numbers.accuracy", value = 99.0       in a JSON file; list elements by their number
    key = "0.weight", value = 0.0                in an .npz file: every number of an array; the
                                                 digest in the JSON file next to it stays true
    prefix = "he", from = "xavier"               there, too: arrays he.* become those of xavier.*

In a notebook `find`, `function` and `variable` look into the cells, and its file may be named as
its source is: "report.py" means "report.ipynb". A text that spans two cells is not found.
Changes are made in their order; the complete solution never has the markers of regions.
"""

import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.assignment.toml_lines import LineIndex
from autograder.audit.cheats import CLAIMS, STRATEGIES
from autograder.errors import AssignmentErrors, Problem
from autograder.planted.changes import FileChange, Misfit, apply_change, fault_of_change

_ID = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
# kind of table -> required keys and optional keys
_KEYS: dict[str, tuple[set[str], set[str]]] = {
    "mistake": ({"id", "title", "costs", "hint", "change"}, set()),
    "variant": ({"id", "title", "change"}, set()),
    "cheat": ({"id", "title", "items", "change"}, {"earns", "reason"}),
    "accepted": ({"item", "cheat", "earns", "reason"}, set()),
}


@dataclass(frozen=True)
class CatalogueEntry:
    """A known mistake, a correct variant (which costs nothing), or a cheat.

    Attributes:
        id: unique in the catalogue.
        title: what is different, for the instructor.
        costs: ids of the items that must lose points; every other item keeps full marks.
        hint: a text that a message of one of these items must contain.
        changes: the changes to the complete solution.
        source: the catalogue file that contains it.
        items: ids of the items whose work a cheat does not do.
        earns: the points that a cheat may earn at each of them.
    """

    id: str
    title: str
    costs: tuple[str, ...]
    hint: str
    changes: tuple[FileChange, ...]
    source: str
    items: tuple[str, ...] = ()
    earns: float = 0.0


@dataclass(frozen=True)
class Accepted:
    """A generated cheat that may earn some points.

    Attributes:
        item: id of the item.
        cheat: one of `cheats.STRATEGIES`, or `cheats.CLAIMS`.
        earns: the points that it may earn there.
        reason: why.
        source: the catalogue file and line.
    """

    item: str
    cheat: str
    earns: float
    reason: str
    source: str


@dataclass(frozen=True)
class Catalogue:
    """All entries of an assignment's catalogue."""

    mistakes: tuple[CatalogueEntry, ...]
    variants: tuple[CatalogueEntry, ...]
    cheats: tuple[CatalogueEntry, ...] = ()
    accepted: tuple[Accepted, ...] = ()


def load_catalogue(assignment: Assignment) -> Catalogue:
    """Read the catalogue of an assignment.

    Raises:
        AssignmentErrors: entries that are incomplete, unknown items, ids used twice; all at once.
    """
    folder = assignment.folder / "catalogue"
    problems: list[Problem] = []
    mistakes = tuple(_entries(assignment, folder / "mistakes", "mistake", problems))
    variants = tuple(_entries(assignment, folder / "variants", "variant", problems))
    cheats = tuple(_entries(assignment, folder / "cheats", "cheat", problems))
    accepted = [
        Accepted(table["item"], cheat, table["earns"], table["reason"], f"{source}:{line}")
        for table, source, line in _tables(assignment, folder / "cheats", "accepted", problems)
        for cheat in _listed(table["cheat"])
    ]
    seen: dict[str, str] = {}
    for entry in mistakes + variants + cheats:
        if entry.id in seen:
            what = f"the id {entry.id!r} is also used in {seen[entry.id]}"
            problems.append(Problem(entry.source, 0, what, "give each entry a unique id"))
        seen[entry.id] = entry.source
    if problems:
        raise AssignmentErrors(problems)
    return Catalogue(mistakes, variants, cheats, tuple(accepted))


def apply_entry(entry: CatalogueEntry, solution: Mapping[str, bytes]) -> dict[str, bytes]:
    """Create the submission that an entry describes from the complete solution.

    Raises:
        AssignmentErrors: a change no longer fits the solution.
    """
    files = dict(solution)
    for change in entry.changes:
        try:
            apply_change(change, files)
        except Misfit as misfit:
            remedy = f"correct the entry {entry.id!r} or remove it"
            raise AssignmentErrors([Problem(entry.source, 0, str(misfit), remedy)]) from None
    return files


def _entries(
    assignment: Assignment, folder: Path, kind: str, problems: list[Problem]
) -> Iterator[CatalogueEntry]:
    for table, source, _ in _tables(assignment, folder, kind, problems):
        yield _entry(table, source)


def _tables(
    assignment: Assignment, folder: Path, kind: str, problems: list[Problem]
) -> Iterator[tuple[dict[str, Any], str, int]]:
    """Yield the valid tables of a kind, each with its file and line."""
    kinds = {"cheat", "accepted"} if folder.name == "cheats" else {kind}
    for file in sorted(folder.glob("*.toml")):
        source = assignment.show(file)
        try:
            text = file.read_text(encoding="utf-8")
            document = tomllib.loads(text)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            if kind != "accepted":  # already reported
                place = re.search(r"at line (\d+)", str(error))
                line = int(place[1]) if place else 0
                problems.append(Problem(source, line, f"is not valid TOML: {error}", "correct it"))
            continue
        lines = LineIndex(text)
        for number, table in enumerate(document.get(kind, [])):
            line, what = lines.of(kind, number), _fault(assignment, table, kind)
            if what:
                remedy = f"see the other {kind}s for the form"
                if kind == "accepted":
                    remedy = "see docs/instructors.md for its form"
                problems.append(Problem(source, line, f"[[{kind}]] {what}", remedy))
            else:
                yield table, source, line
        if document.keys() - kinds and kind != "accepted":
            words = " and ".join(f"[[{one}]]" for one in sorted(kinds, reverse=True))
            what, remedy = f"contains something other than {words}", f"write {words} tables only"
            problems.append(Problem(source, 0, what, remedy))


def _fault(assignment: Assignment, table: dict[str, Any], kind: str) -> str:
    """Return what is wrong with the table of an entry, "" if nothing."""
    name = str(table.get("id", "without an id")) if kind != "accepted" else "it"
    needed, more = _KEYS[kind]
    if not needed <= table.keys() or table.keys() - needed - more:
        return f"{name} has the keys {sorted(table)}, expected {sorted(needed)}"
    known = {item.id: item.points for item in assignment.auto_items}
    if kind in ("cheat", "accepted"):
        what = _fault_of_cheat(table, kind, known)
        if what or kind == "accepted":
            return what and f"{name} {what}"
    if not isinstance(table["id"], str) or not _ID.fullmatch(table["id"]):
        return f"{name} has an id that is not a plain name"
    if kind == "mistake" and not table["costs"]:
        return f"{name} costs nothing"
    unknown = sorted(set(table.get("costs", [])) - known.keys())
    if unknown:
        return f"{name} costs {unknown[0]}, which is not an auto item"
    if not isinstance(table["change"], list):
        return f"{name} needs its changes as [[{kind}.change]]"
    faults = (fault_of_change(change) for change in table["change"])
    return next((f"{name} has a change {fault}" for fault in faults if fault), "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _fault_of_cheat(table: dict[str, Any], kind: str, known: Mapping[str, float]) -> str:
    """Return what is wrong with the points a cheat may earn, completing "it ..."."""
    items = [table["item"]] if kind == "accepted" else table["items"]
    if not isinstance(items, list) or not items or not all(isinstance(one, str) for one in items):
        return "needs its items as a list of ids"
    unknown = sorted(set(items) - known.keys())
    if unknown:
        return f"names {unknown[0]}, which is not an auto item"
    named = _listed(table["cheat"]) if kind == "accepted" else [CLAIMS]
    if not named:
        return "does not name a cheat"
    for cheat in named:
        if cheat not in (*STRATEGIES, CLAIMS):
            return (
                f"names an unknown cheat {cheat!r}; write one of {', '.join((*STRATEGIES, CLAIMS))}"
            )
    earns, reason = table.get("earns", 0), table.get("reason", "")
    if type(earns) not in (int, float) or not math.isfinite(earns):
        return "has an `earns` that is not a number of points"
    if not 0 <= earns <= min(known[item] for item in items) or (kind == "accepted" and not earns):
        return f"earns {earns:g} points, which its items do not have"
    if not isinstance(reason, str) or bool(reason.strip()) != bool(earns):
        return "needs a reason if it earns points, and none otherwise"
    return ""


def _entry(table: dict[str, Any], source: str) -> CatalogueEntry:
    return CatalogueEntry(
        id=table["id"],
        title=table["title"],
        costs=tuple(table.get("costs", [])),
        hint=table.get("hint", ""),
        changes=tuple(FileChange.of(change) for change in table["change"]),
        source=source,
        items=tuple(table.get("items", [])),
        earns=float(table.get("earns", 0.0)),
    )
