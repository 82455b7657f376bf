"""Read the problems and the items of an assignment.toml."""

import math

from autograder.assignment.lists import read_code_rules, read_needs
from autograder.assignment.parts import Parts
from autograder.assignment.spec import KINDS, VISIBILITIES, Item, ProblemSpec
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Notes, Table

LONGEST_TIMEOUT_S = 3600.0
DEFAULT_TIMEOUT_S = 30.0


def read_problems_and_items(
    tables: dict[str, list[Table]], declared_notebooks: set[str], parts: Parts, notes: Notes
) -> None:
    """Read the problems and items into `parts`, which already holds packages and notebooks.

    Args:
        tables: the tables of each name.
        declared_notebooks: the paths of all notebooks, including those left out for a mistake.
        parts: the object to complete.
        notes: collects the mistakes.
    """
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
        item = _read_item(table, parts, declared_notebooks, problem_lines, item_lines)
        complete = complete and item is not None
        if item:
            parts.items.append(item)
    if complete:
        for problem in parts.problems:
            total = math.fsum(item.points for item in parts.items if item.problem == problem.id)
            if abs(total - problem.points) > 1e-9:
                what = f"'{problem.id}' has {problem.points:g} points, its items have {total:g}"
                notes.add(point_lines[problem.id], what, "change one of them")


def _read_item(
    table: Table,
    parts: Parts,
    declared_notebooks: set[str],
    problem_lines: dict[str, int],
    item_lines: dict[str, int],
) -> Item | None:
    identifier, title, problem = table.identifier("id"), table.text("title"), table.text("problem")
    points, kind = table.positive("points"), table.choice("kind", KINDS)
    visibility = table.choice("visibility", VISIBILITIES, "visible")
    timeout_s = table.positive("timeout_s", DEFAULT_TIMEOUT_S, LONGEST_TIMEOUT_S)
    all_or_nothing = table.flag("all_or_nothing")
    notebook = _read_notebook_name(table, declared_notebooks)
    needs = read_needs(table, "an item", [one.name for one in parts.datasets])
    if not table.has("needs"):
        needs = next((book.needs for book in parts.notebooks if book.path == notebook), ())
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
    builds_on = _read_builds_on(table, kind, item_lines, parts)
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
        needs,
        table.line,
        notebook,
        read_code_rules(table, ""),
        builds_on,
    )


def _read_notebook_name(table: Table, declared: set[str]) -> str:
    """Read the optional notebook of an item; "" if it has none."""
    if not table.has("notebook"):
        return ""
    path = table.text("notebook") or ""
    if path and path not in declared:
        remedy = did_you_mean(path, declared) or "declare it with [[notebook]]"
        table.complain("notebook", f"unknown notebook '{path}'", remedy)
    return path


def _read_builds_on(
    table: Table, kind: str | None, item_lines: dict[str, int], parts: Parts
) -> tuple[str, ...]:
    """Read the ids of earlier items whose faults this item follows."""
    found = []
    for number, name in table.words("builds_on"):
        if kind == "written":
            what = "a written item cannot build on others: a person gives its points"
            table.complain("builds_on", what, "remove builds_on", number)
            break
        if name not in item_lines:
            remedy = did_you_mean(name, item_lines) or "name an item above this one"
            table.complain("builds_on", f"'{name}' is not an earlier item", remedy, number)
        elif name in parts.written:
            what = f"'{name}' is a written item, whose faults no test charges"
            table.complain("builds_on", what, "name an auto item", number)
        else:
            found.append(name)
    return tuple(found)
