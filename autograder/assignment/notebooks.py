"""Read the notebooks of assignment.toml."""

import keyword
import math
import sys
from collections.abc import Mapping
from pathlib import Path

from autograder.assignment.lists import read_code_rules, read_needs
from autograder.assignment.parts import Parts
from autograder.assignment.spec import SPLITS, Notebook
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Table

TIMEOUT_S, CELL_TIMEOUT_S, FULL_TIMEOUT_S = 60.0, 30.0, 3600.0  # the defaults
LONGEST_TIMEOUT_S, LONGEST_FULL_TIMEOUT_S = 3600.0, 86400.0
# Attributes of the `student` proxy that a notebook of that name would hide.
TAKEN = frozenset(
    "array claims events figures file hold item output place read state support tensor "
    "tests".split()
)


def read_notebook(table: Table, parts: Parts, solutions: Path | None) -> str:
    """Read one [[notebook]] into `parts`, which already holds the packages.

    Returns:
        Its path, even if a mistake leaves it out.
    """
    path = table.text("path")
    timeout_s = table.positive("timeout_s", TIMEOUT_S, LONGEST_TIMEOUT_S)
    cell_timeout_s = table.positive("cell_timeout_s", CELL_TIMEOUT_S, LONGEST_TIMEOUT_S)
    full_timeout_s = table.positive("full_timeout_s", FULL_TIMEOUT_S, LONGEST_FULL_TIMEOUT_S)
    needs, fast, data = _read_needs(table, parts), _read_fast(table), _read_data(table)
    if path is None or not _is_good_path(table, path, parts):
        return path or ""
    name = path.removesuffix(".ipynb")
    if solutions and not (solutions / f"{name}.py").is_file():
        what = f"solutions/{solutions.name}/{name}.py does not exist"
        table.complain("path", what, "write the notebook there as text, or correct the path")
    rules = read_code_rules(table, name)
    if timeout_s and cell_timeout_s and full_timeout_s:
        parts.notebooks.append(
            Notebook(
                path, timeout_s, cell_timeout_s, full_timeout_s, needs, rules, fast, data,
                table.line,
            )
        )  # fmt: skip
    return path


def _read_needs(table: Table, parts: Parts) -> tuple[str, ...]:
    return read_needs(table, "a notebook", [one.name for one in parts.datasets])


def _is_good_path(table: Table, path: str, parts: Parts) -> bool:
    name = path.removesuffix(".ipynb")
    what, remedy = "", ""
    if name == path or not name.isidentifier() or not name.isascii():
        what, remedy = f"'{path}' is not a notebook", "write a name such as 'squares.ipynb'"
    elif keyword.iskeyword(name) or name in sys.stdlib_module_names or name in TAKEN:
        what, remedy = f"the name '{name}' is taken", "give the notebook another name"
    elif any(package.name == name for package in parts.packages):
        what, remedy = f"the name '{name}' belongs to a package", "give the notebook another name"
    elif any(notebook.path == path for notebook in parts.notebooks):
        what, remedy = f"'{path}' is declared twice", "remove one [[notebook]]"
    if what:
        table.complain("path", what, remedy)
    return not what


def _read_fast(table: Table) -> Mapping[str, object]:
    """Read the values of variables in the fast rerun."""
    values = {}
    for key, value in table.inner("fast").items():
        is_number = isinstance(value, int | float) and math.isfinite(value)
        if not key.isidentifier() or keyword.iskeyword(key):
            remedy = "write the name of a variable that a cell assigns, such as EPOCHS"
            table.complain("fast", f"'{key}' is not a variable name", remedy, key)
        elif not is_number and not isinstance(value, str):
            remedy = "write a number, a string, true or false"
            table.complain("fast", f"'{key}' does not have a plain value", remedy, key)
        else:
            values[key] = value
    return values


def _read_data(table: Table) -> Mapping[str, int]:
    """Read the sizes of the reduced splits in the fast rerun: all three or none."""
    sizes = {}
    for key, value in table.inner("data").items():
        if key not in SPLITS:
            remedy = did_you_mean(key, SPLITS) or f"write {', '.join(SPLITS)}"
            table.complain("data", f"'{key}' is not a split of a dataset", remedy, key)
        elif isinstance(value, bool) or not isinstance(value, int) or value <= 0:
            remedy = f"write a whole number above 0: {key} = 300"
            table.complain("data", f"'{key}' is not the size of a split", remedy, key)
        else:
            sizes[key] = value
    missing = [split for split in SPLITS if split not in table.inner("data")]
    if sizes and missing:
        remedy = f"add {missing[0]} = 300"
        table.complain("data", f"'data' has no '{missing[0]}'", remedy)
    return sizes
