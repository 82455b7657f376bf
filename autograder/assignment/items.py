"""Read the problems and the items of an assignment.toml."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from autograder.assignment.handed_in import read_requested_files
from autograder.assignment.inherited import (
    LONGEST_TIMEOUT_S,
    Inherited,
    read_inherited,
    read_notebook_name,
)
from autograder.assignment.lists import read_code_rules, read_needs
from autograder.assignment.parts import Parts
from autograder.assignment.spec import (
    INPUTS,
    KINDS,
    VISIBILITIES,
    Item,
    ProblemSpec,
    extra_points_of,
    points_of,
)
from autograder.assignment.student_tests import read_student_tests
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Notes, Table


def read_problems_and_items(
    tables: dict[str, list[Table]],
    declared_notebooks: set[str],
    parts: Parts,
    notes: Notes,
    solutions: Path | None = None,
) -> None:
    """Read the problems and items into `parts`, which already holds packages and notebooks.

    Args:
        tables: the tables of each name.
        declared_notebooks: the paths of all notebooks, including those left out for a mistake.
        parts: the object to complete.
        notes: collects the mistakes.
        solutions: the folder that must contain the files that items name; None to skip that.
    """
    defaults = Inherited()
    for table in tables["defaults"]:
        defaults = read_inherited(table, defaults, declared_notebooks)
    point_lines: dict[str, int] = {}
    problem_lines: dict[str, int] = {}
    inherited: dict[str, Inherited] = {}
    for table in tables["problem"]:
        identifier, title = table.identifier("id"), table.text("title")
        points, extra = table.positive("points"), table.flag("extra")
        of_items = replace(read_inherited(table, defaults, declared_notebooks), extra=extra)
        if identifier and identifier in problem_lines:
            table.complain(
                "id",
                f"problem '{identifier}' is declared twice",
                f"rename it, or remove it; the first is on line {problem_lines[identifier]}",
            )
        elif identifier:
            problem_lines[identifier] = table.line_of("id")
            inherited[identifier] = of_items
            if title and points:
                point_lines[identifier] = table.line_of("points")
                parts.problems.append(ProblemSpec(identifier, title, points, extra))
    complete = True
    item_lines: dict[str, int] = {}
    for table in tables["item"]:
        item = _read_item(
            table, parts, declared_notebooks, inherited, defaults, item_lines, solutions
        )
        complete = complete and item is not None
        if item:
            parts.items.append(item)
    if complete:
        _see_that_points_add_up(parts, point_lines, notes)


def _see_that_points_add_up(parts: Parts, lines: Mapping[str, int], notes: Notes) -> None:
    """Note each problem whose points are not the sum of its items' points."""
    for problem in parts.problems:
        items = [item for item in parts.items if item.problem == problem.id]
        total, without = points_of(items), " without extra credit"
        if problem.extra:
            total, without = extra_points_of(items), ""
        elif not any(item.extra for item in items):
            without = ""
        if abs(total - problem.points) > 1e-9:
            what = (
                f"'{problem.id}' has {problem.points:g} points, its items have {total:g}{without}"
            )
            notes.add(lines[problem.id], what, "change one of them")


def _read_item(
    table: Table,
    parts: Parts,
    declared_notebooks: Collection[str],
    inherited: Mapping[str, Inherited],
    defaults: Inherited,
    item_lines: dict[str, int],
    solutions: Path | None,
) -> Item | None:
    identifier, title, problem = table.identifier("id"), table.text("title"), table.text("problem")
    given = inherited.get(problem or "", defaults)
    points, kind = table.positive("points"), table.choice("kind", KINDS, given.kind)
    visibility = table.choice("visibility", VISIBILITIES, "visible")
    timeout_s = table.positive("timeout_s", given.timeout_s, LONGEST_TIMEOUT_S)
    all_or_nothing, extra = table.flag("all_or_nothing"), _read_extra(table, given)
    notebook = read_notebook_name(table, declared_notebooks, given.notebook)
    needs = read_needs(table, "an item", [one.name for one in parts.datasets])
    if not table.has("needs"):
        needs = next((book.needs for book in parts.notebooks if book.path == notebook), ())
    if problem and problem not in inherited:
        remedy = did_you_mean(problem, inherited) or "declare it with [[problem]]"
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
    inputs = _read_inputs(table, needs)
    tests, against = read_student_tests(table, kind, parts, solutions)
    notebook = "" if tests else notebook  # it may have inherited one
    requested = read_requested_files(table, parts, kind)
    if identifier:
        item_lines[identifier] = table.line_of("id")
        parts.known.add(identifier)
        if kind in ("written", "file"):
            parts.written[identifier] = kind
    if not (identifier and title and problem and points and kind and visibility and timeout_s):
        return None
    if kind == "file" and requested is None:
        return None
    rules = read_code_rules(table, "")
    return Item(
        identifier, problem, title, points, kind, visibility, timeout_s, all_or_nothing, needs,
        table.line, notebook, rules, builds_on, extra, tests, against, inputs, requested,
    )  # fmt: skip


def _read_extra(table: Table, given: Inherited) -> bool:
    """Read whether an item is extra credit, which it may not deny within an extra problem."""
    extra = table.flag("extra")
    if given.extra and table.has("extra") and not extra:
        what = "the item is no extra credit, but its problem is"
        table.complain("extra", what, "remove the line, or move the item to another problem")
    return extra or given.extra


def _read_inputs(table: Table, needs: tuple[str, ...]) -> str:
    """Read what arrays of an item's tests become on the student's side."""
    inputs = table.choice("inputs", INPUTS, "numpy") or "numpy"
    if inputs == "torch" and "torch" not in needs:
        remedy = 'add needs = ["torch"]'
        table.complain("inputs", 'inputs = "torch", but the item does not need torch', remedy)
    return inputs


def _read_builds_on(
    table: Table, kind: str | None, item_lines: dict[str, int], parts: Parts
) -> tuple[str, ...]:
    """Read the ids of earlier items whose faults this item follows."""
    found = []
    for number, name in table.words("builds_on"):
        if kind in ("written", "file"):
            what = f"a {kind} item cannot build on others: a person gives its points"
            table.complain("builds_on", what, "remove builds_on", number)
            break
        if name not in item_lines:
            remedy = did_you_mean(name, item_lines) or "name an item above this one"
            table.complain("builds_on", f"'{name}' is not an earlier item", remedy, number)
        elif name in parts.written:
            what = f"'{name}' is a {parts.written[name]} item, whose faults no test charges"
            table.complain("builds_on", what, "name an auto item", number)
        else:
            found.append(name)
    return tuple(found)
