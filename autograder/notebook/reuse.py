"""Find variables that a notebook assigns several times; checks see only the last value.

They are found in the submitted text, because a process that runs student code cannot be trusted.
"""

import ast
from collections.abc import Collection, Sequence

from autograder.notebook.cells import names_assigned
from autograder.notebook.document import CodeCell, line_of
from autograder.notebook.imported import MOST_CODE, parse_source

_LONGEST = 80
_NOT_ASSIGNED = (ast.Import, ast.ImportFrom, ast.AugAssign, ast.Delete)
_EMPTY_CALLS = ("list", "dict", "set")


def words_on_reuse(file: str, cells: Sequence[CodeCell], names: Collection[str]) -> list[str]:
    """Return a sentence for each of the variables that is assigned in several cells.

    Args:
        file: the notebook's name, for the sentences.
        cells: its code cells.
        names: of the variables.
    """
    places: dict[str, list[tuple[int, int]]] = {}
    left = MOST_CODE
    for cell in cells:
        left -= len(cell.source)
        if left < 0:
            break
        for name, line in _assigned_in(cell, names).items():
            places.setdefault(name, []).append((cell.number, line))
    words = []
    for name, found in places.items():
        if len(found) > 1:
            (first, first_line), (last, last_line) = found[0], found[-1]
            words.append(
                f"`{name}` is assigned in cell {first} of {file} (line {first_line}: "
                f"{_shown(cells, first, first_line)}) and again in cell {last} (line {last_line}: "
                f"{_shown(cells, last, last_line)}); checks see the last value"
            )
    return words


def _assigned_in(cell: CodeCell, names: Collection[str]) -> dict[str, int]:
    """Return which of these names a cell assigns, and the last line that does."""
    tree = parse_source(cell.source)
    found: dict[str, int] = {}
    for statement in tree.body if tree is not None else ():
        if isinstance(statement, _NOT_ASSIGNED) or _is_placeholder(statement):
            continue
        try:
            assigned = names_assigned(statement)
        except RecursionError:  # the code is nested unreasonably deep
            continue
        found.update({name: statement.lineno for name in assigned if name in names})
    return found


def _is_placeholder(statement: ast.stmt) -> bool:
    """Return whether a statement is a placeholder such as `x = None` or `x = []`."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign):
        return False
    value = statement.value
    if isinstance(value, ast.List | ast.Tuple | ast.Set):
        return not value.elts
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _EMPTY_CALLS and not value.args and not value.keywords
    if isinstance(value, ast.Dict):
        return not value.keys
    return value is None or (isinstance(value, ast.Constant) and value.value in (None, ...))


def _shown(cells: Sequence[CodeCell], cell: int, line: int) -> str:
    return line_of(cells, cell, line).strip()[:_LONGEST]
