"""Read the right implementations and the planted mistakes of an item of students' tests.

    variants = ["square-by-power"]       entries of catalogue/variants that are right code here too

    [[variant]]                          another right implementation, as in the catalogue
    id = "square-of-the-absolute"
    title = "the square of the absolute value"
    [[variant.change]]
    file = "shapes/area.py"
    function = "square"
    replace = "return np.abs(x) ** 2"

    [[mistake]]                          a planted mistake
    id = "square-doubles"
    title = "each entry is doubled"
    missed = "square: a wrong value"     what students read whose tests do not catch it
    on = "square-by-power"               made in this right implementation, not in the solution
    [[mistake.change]]
    ...

A change has one of the forms of the catalogue that change a module: `find`, `function` or
`variable` with `replace`, or `content`.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment, Item, read_text
from autograder.assignment.toml_lines import LineIndex
from autograder.errors import AssignmentErrors, Problem
from autograder.planted.changes import FileChange, fault_of_change

LEAST_VARIANTS = 2
"""Right implementations apart from the solution: with fewer, tests could recognise them."""
_KEYS = {
    "variant": ({"id", "title", "change"}, set[str]()),
    "mistake": ({"id", "title", "missed", "change"}, {"on"}),
}
_FORMS = ({"find", "replace"}, {"function", "replace"}, {"variable", "replace"}, {"content"})


@dataclass(frozen=True)
class PlantedEntry:
    """A right implementation or a planted mistake, as a change of the solution.

    Attributes:
        id: unique among the entries of its kind.
        title: what is different, for the instructor.
        changes: the changes, in their order.
        missed: what students read whose tests do not catch it; "" for right code.
        on: id of the right implementation in which a mistake is made; "" for the solution.
    """

    id: str
    title: str
    changes: tuple[FileChange, ...]
    missed: str = ""
    on: str = ""


@dataclass(frozen=True)
class PlantedEntries:
    """What the file of an item says.

    Attributes:
        source: the file, as messages name it.
        variants: the right implementations apart from the solution.
        mistakes: the planted mistakes.
    """

    source: str
    variants: tuple[PlantedEntry, ...]
    mistakes: tuple[PlantedEntry, ...]


def planted_file(assignment: Assignment, item: Item) -> Path:
    """Return the path of an item's file."""
    return assignment.folder / "planted" / f"{item.id}.toml"


def read_entries(assignment: Assignment, item: Item) -> PlantedEntries:
    """Read an item's file.

    Raises:
        AssignmentErrors: it is missing, or entries are incomplete; all at once.
    """
    file = planted_file(assignment, item)
    source, problems = assignment.show(file), list[Problem]()
    if not file.is_file():
        remedy = f"write the right implementations and mistakes that {item.tests} is run on"
        raise AssignmentErrors([Problem(source, 0, "is missing", remedy)])
    document, lines = _parse(read_text(file, source), source)
    entries = {
        kind: [_entry(table) for table in _tables(document, lines, kind, item, source, problems)]
        for kind in _KEYS
    }
    shared = _shared(assignment, item, document.get("variants", []), source, problems)
    variants = (*shared, *entries["variant"])
    _check(document, variants, entries["mistake"], source, problems)
    if problems:
        raise AssignmentErrors(problems)
    return PlantedEntries(source, variants, tuple(entries["mistake"]))


def planted_texts(assignment: Assignment) -> dict[str, str]:
    """Return the lines of code in the entries of all items, by their files, for the leak scan.

    Raises:
        AssignmentErrors: the entries have mistakes.
    """
    texts = {}
    for item in assignment.items:
        if item.tests:
            entries = read_entries(assignment, item)
            changes = [one for entry in (*entries.variants, *entries.mistakes)
                       for one in entry.changes]  # fmt: skip
            lines = [str(one.how.get("replace", one.how.get("content", ""))) for one in changes]
            texts[entries.source] = "\n".join(lines) + "\n"
    return texts


def _parse(text: str, source: str) -> tuple[dict[str, Any], LineIndex]:
    try:
        return tomllib.loads(text), LineIndex(text)
    except tomllib.TOMLDecodeError as error:
        what = f"is not valid TOML: {error}"
        raise AssignmentErrors([Problem(source, 0, what, "correct it")]) from None


def _tables(
    document: Mapping[str, Any],
    lines: LineIndex,
    kind: str,
    item: Item,
    source: str,
    problems: list[Problem],
) -> Iterator[dict[str, Any]]:
    """Yield the valid tables of a kind."""
    tables = document.get(kind, [])
    for number, table in enumerate(tables if isinstance(tables, list) else [tables]):
        what = _fault(table, kind, item)
        if what:
            remedy = "see docs/instructors.md for the form of an entry"
            problems.append(Problem(source, lines.of(kind, number), f"[[{kind}]] {what}", remedy))
        else:
            yield table


def _fault(table: object, kind: str, item: Item) -> str:
    """Return what is wrong with an entry's table, "" if nothing."""
    if not isinstance(table, dict):
        return "is not a table"
    name, (needed, more) = str(table.get("id", "without an id")), _KEYS[kind]
    if not needed <= table.keys() or table.keys() - needed - more:
        return f"{name} has the keys {sorted(table)}, expected {sorted(needed)}"
    for key in sorted(table.keys() - {"change"}):
        if not isinstance(table[key], str) or not table[key].strip():
            return f"{name} has a {key} that is not text"
    if not isinstance(table["change"], list) or not table["change"]:
        return f"{name} needs its changes as [[{kind}.change]]"
    for change in table["change"]:
        fault = fault_of_change(change)
        if fault:
            return f"{name} has a change {fault}"
        if change.keys() - {"file"} not in _FORMS:
            return f"{name} has a change that is not of a module's text"
        if change["file"] not in item.against:
            return f"{name} changes {change['file']}, which is not listed under against"
    return ""


def _shared(
    assignment: Assignment, item: Item, wanted: object, source: str, problems: list[Problem]
) -> list[PlantedEntry]:
    """Return the named variants of the catalogue."""
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        problems.append(
            Problem(source, 0, "variants is not a list of ids", 'write variants = ["..."]')
        )
        return []
    known: dict[str, dict[str, Any]] = {}
    for file in sorted((assignment.folder / "catalogue" / "variants").glob("*.toml")):
        document, _ = _parse(read_text(file, assignment.show(file)), assignment.show(file))
        known |= {table["id"]: table for table in document.get("variant", []) if "id" in table}
    found = []
    for name in wanted:
        what = "is not a variant of the catalogue" if name not in known else ""
        what = what or _fault(known[name], "variant", item)
        if what:
            remedy = "name variants of the catalogue that change modules under against only"
            problems.append(Problem(source, 0, f"variants: {name} {what}", remedy))
        else:
            found.append(_entry(known[name]))
    return found


def _entry(table: Mapping[str, Any]) -> PlantedEntry:
    changes = tuple(FileChange.of(change) for change in table["change"])
    return PlantedEntry(
        table["id"], table["title"], changes, table.get("missed", ""), table.get("on", "")
    )


def _check(
    document: Mapping[str, Any],
    variants: tuple[PlantedEntry, ...],
    mistakes: list[PlantedEntry],
    source: str,
    problems: list[Problem],
) -> None:
    """Note what is wrong with the entries together."""
    strange = sorted(document.keys() - {"variants", *_KEYS})
    if strange:
        what = f"has {strange[0]!r}, which is not known"
        remedy = "write variants = [...], [[variant]] and [[mistake]] only"
        problems.append(Problem(source, 0, what, remedy))
    for entries in (variants, mistakes):
        seen: set[str] = set()
        for entry in entries:
            if entry.id in seen:
                what = f"the id {entry.id!r} is used twice"
                problems.append(Problem(source, 0, what, "give each entry a unique id"))
            seen.add(entry.id)
    known = {entry.id for entry in variants}
    for entry in mistakes:
        if entry.on and entry.on not in known:
            what = f"[[mistake]] {entry.id} is on {entry.on!r}, which is not a variant here"
            problems.append(Problem(source, 0, what, "name one, or remove `on`"))
    if problems:
        return
    if len(variants) < LEAST_VARIANTS:
        what = f"has {len(variants)} right implementations apart from the solution"
        remedy = f"write at least {LEAST_VARIANTS} that are written in another way"
        problems.append(Problem(source, 0, what, remedy))
    if not mistakes:
        problems.append(Problem(source, 0, "has no [[mistake]]", "plant some"))
