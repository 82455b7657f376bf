"""List the rubric's tests from their source, without importing or running anything."""

import ast
import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.spec import RubricTest, is_hidden
from autograder.assignment.tables import Notes
from autograder.assignment.text import read_text
from autograder.errors import AssignmentErrors, Problem

TEST_FILE = re.compile(r"test_\w+\.py", re.ASCII)
IGNORED = ("__pycache__", ".pytest_cache", ".ruff_cache", ".mypy_cache")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class ItemMarker:
    """What one `@pytest.mark.item(...)` says."""

    item: str
    weight: float
    counts_with: tuple[str, ...]


def index_rubric(folder: Path, shown: str) -> tuple[list[RubricTest], list[Problem]]:
    """Return the tests of a rubric, public files before hidden ones, and all mistakes in it.

    Args:
        folder: the rubric folder.
        shown: how messages call the folder.
    """
    tests: list[RubricTest] = []
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        shown_file = f"{shown}/{path.name}"
        if path.name == "support" and path.is_dir():
            problems += _check_support(path, f"{shown}/support")
        elif path.is_file() and TEST_FILE.fullmatch(path.name):
            notes = Notes(shown_file)
            try:
                tests += _index_file(read_text(path, shown_file), path.name, notes)
            except AssignmentErrors as error:
                problems += error.problems
            problems += notes.problems
        elif path.name not in IGNORED:
            problems.append(
                Problem(
                    shown_file,
                    0,
                    "has no place in a rubric",
                    "a rubric holds test_<topic>.py, test_<topic>_hidden.py and support/*.py",
                )
            )
    tests.sort(key=lambda test: (test.hidden, test.file, test.line))
    problems += _condition_problems(tests, shown)
    return tests, problems


def _check_support(folder: Path, shown: str) -> list[Problem]:
    """Return the mistakes among the modules that ship with the public tests."""
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        shown_file = f"{shown}/{path.name}"
        if path.name in IGNORED:
            continue
        if path.suffix != ".py" or not path.is_file() or is_hidden(path.name):
            what = (
                "is hidden, but support/ is released" if is_hidden(path.name) else "is not a module"
            )
            problems.append(Problem(shown_file, 0, what, "move it out of support/"))
            continue
        notes = Notes(shown_file)
        try:
            _parse(read_text(path, shown_file), notes)
        except AssignmentErrors as error:
            problems += error.problems
        problems += notes.problems
    return problems


def _parse(text: str, notes: Notes) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a test is not a mistake here
            return ast.parse(text)
    except SyntaxError as error:
        notes.add(error.lineno or 1, f"does not parse: {error.msg}", "correct the syntax")
        return ast.Module(body=[], type_ignores=[])


def _index_file(text: str, file: str, notes: Notes) -> list[RubricTest]:
    tests: list[RubricTest] = []
    lines: dict[str, int] = {}
    for function, owner in _test_functions(_parse(text, notes), notes):
        name = f"{owner.name}::{function.name}" if owner else function.name
        if name in lines:
            remedy = f"rename it; the first is on line {lines[name]}"
            notes.add(function.lineno, f"a second test '{name}'", remedy)
            continue
        lines[name] = function.lineno
        title = (ast.get_docstring(function) or "").partition("\n")[0].strip()
        if not title:
            remedy = "say in its first line what a right answer does"
            notes.add(function.lineno, f"'{name}' has no docstring", remedy)
        markers = _markers(function, notes) or (_markers(owner, notes) if owner else [])
        if not markers:
            remedy = 'write @pytest.mark.item("<item-id>") above it'
            notes.add(function.lineno, f"'{name}' names no item", remedy)
        elif len(markers) > 1:
            notes.add(function.lineno, f"'{name}' names several items", "write one test for each")
        elif markers[0] and title:
            hidden = is_hidden(file)
            marker = markers[0]
            tests.append(
                RubricTest(
                    name,
                    title,
                    marker.item,
                    marker.weight,
                    file,
                    function.lineno,
                    hidden,
                    marker.counts_with,
                )
            )
    return tests


def _test_functions(tree: ast.Module, notes: Notes) -> list[tuple[Function, ast.ClassDef | None]]:
    """Return the functions that pytest collects, with their class; note those it would miss."""
    found: list[tuple[Function, ast.ClassDef | None]] = []

    def walk(node: ast.AST, owner: ast.ClassDef | None, reachable: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                if not child.name.startswith("test_"):
                    continue
                if not reachable or isinstance(child, ast.AsyncFunctionDef):
                    remedy = "write a plain def at the top of the file or of a class Test..."
                    notes.add(child.lineno, f"pytest does not run '{child.name}' here", remedy)
                else:
                    found.append((child, owner))
            elif isinstance(child, ast.ClassDef):
                collected = node is tree and child.name.startswith("Test")
                walk(child, child, collected)
            else:
                walk(child, owner, False)

    walk(tree, None, True)
    return found


def _markers(node: Function | ast.ClassDef, notes: Notes) -> list[ItemMarker | None]:
    """Return the item markers above a test or class; None for one that is written wrongly."""
    markers: list[ItemMarker | None] = []
    for decorator in node.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if re.fullmatch(r"(pytest\.)?mark\.item", ast.unparse(target)):
            marker = _read_marker(decorator)
            if marker is None:
                notes.add(
                    decorator.lineno,
                    f"marker '{ast.unparse(decorator)}' cannot be read",
                    'write @pytest.mark.item("<item-id>") or '
                    '@pytest.mark.item("<item-id>", weight=2.0, counts_with="test_..."), '
                    "with a weight above 0 and the name of another test of the item",
                )
            markers.append(marker)
    return markers


def _read_marker(decorator: ast.expr) -> ItemMarker | None:
    if not isinstance(decorator, ast.Call) or len(decorator.args) != 1:
        return None
    item, weight, names = decorator.args[0], 1.0, tuple[str, ...]()
    if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
        return None
    for argument in decorator.keywords:
        if argument.arg == "counts_with":
            names = _read_names(argument.value)
            if not names:
                return None
            continue
        value = argument.value.value if isinstance(argument.value, ast.Constant) else None
        if argument.arg != "weight" or isinstance(value, bool):
            return None
        if not isinstance(value, int | float) or not 0 < value < math.inf:
            return None
        weight = float(value)
    return ItemMarker(item.value, weight, names)


def _read_names(value: ast.expr) -> tuple[str, ...]:
    """The texts that a literal holds: one, or a list or tuple of them; none if it is neither."""
    parts = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    names = [part.value for part in parts if isinstance(part, ast.Constant)]
    texts = tuple(name for name in names if isinstance(name, str))
    return texts if len(texts) == len(parts) else ()


def _condition_problems(tests: list[RubricTest], shown: str) -> Iterator[Problem]:
    """Yield what is wrong with the tests that others count with."""
    for test in tests:
        of_item = {one.name: one for one in tests if one.item == test.item}
        for name in test.counts_with:
            needed = of_item.get(name)
            if needed is None or needed.name == test.name:
                what, remedy = "is not another test of this item", "name one that is"
            elif needed.hidden:
                what, remedy = "is hidden, so that no student could look it up", "name a public one"
            elif needed.counts_with:
                what, remedy = "counts with another test itself", "name that one"
            else:
                continue
            what = f"'{test.name}' counts with '{name}', which {what}"
            yield Problem(f"{shown}/{test.file}", test.line, what, remedy)
