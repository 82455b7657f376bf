"""Find what code imports from its text; nothing is run or imported.

`hand_in.py` uses it on machines without libraries, so it needs only the standard library.
"""

import ast
import contextlib
import re
import sys
import warnings
from collections.abc import Callable, Iterator

from autograder.notebook.stand_ins import is_stand_in

_REFUSALS = ("ImportError", "ModuleNotFoundError", "Exception", "BaseException")
_PROVIDED = ("autograder", "otter", "__main__")  # by the tool, wherever a notebook runs
_RUN_AS_IT_IS = [["time"], ["capture"], ["timeit"], ["prun"]]  # cell magics, followed by Python
_NO_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)
_LONGEST = 200_000  # parsing takes a hundred times as much memory
_MAGIC_LINE = re.compile(
    r"^([ \t]*)([%!].*|.*\?\??[ \t]*|[\w.]+[ \t]*=[ \t]*[%!].*)$", re.MULTILINE
)

_IMPORT = re.compile(r"\bimport\b")
_PLAIN_IMPORT = re.compile(r"\b(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+([\w. \t,]*)")
_CONTINUED = re.compile(r"\\\r?\n")

MOST_CODE = 2_000_000
"""How much code of one notebook is read; real notebooks are shorter."""


def may_import(source: str, concerns: Callable[[str], bool]) -> bool:
    """Return, after a quick search, whether code may import a library of interest.

    It is never False if `libraries_imported` finds one; reading a tree takes ten times as long.

    Args:
        source: the code of a module or cell.
        concerns: whether a top-level name is of interest.
    """
    found = _PLAIN_IMPORT.findall(source)
    if len(found) != len(_IMPORT.findall(source)) or _CONTINUED.search(source):
        return True
    names = [name for top, several in found for name in ([top] if top else several.split(","))]
    tops = {name.split()[0].partition(".")[0] for name in names if name.strip()}
    return any(concerns(top) for top in tops if top)


def libraries_imported(source: str) -> dict[str, int]:
    """Find the libraries that code imports and cannot do without.

    Args:
        source: the code of a module or cell, including magics; invalid Python imports nothing.

    Returns:
        For each top-level name outside the standard library, the first line that imports it.
    """
    tree = parse_source(source)
    if tree is None:
        return {}
    optional = set(optional_imports(tree))
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom) and node not in optional:
            for name in names_imported_by(node):
                top = name.partition(".")[0]
                known = top in sys.stdlib_module_names or top in _PROVIDED or is_stand_in(name)
                if not known:
                    found[top] = min(node.lineno, found.get(top, node.lineno))
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def parse_source(source: str) -> ast.Module | None:
    """Parse a module or cell without its magics; None if it is not Python or too long.

    Line numbers stay the same.
    """
    first = source.lstrip()
    if len(source) > _LONGEST:
        return None
    if first.startswith("%%") and first[2:].split(maxsplit=1)[:1] not in _RUN_AS_IT_IS:
        return None
    for text in (source, _MAGIC_LINE.sub(r"\1pass", source)):
        with warnings.catch_warnings(), contextlib.suppress(*_NO_PYTHON):
            warnings.simplefilter("ignore")
            return ast.parse(text)
    return None


def optional_imports(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield code that handles a refused import at run time, or that never runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = [one.type for one in node.handlers]
            can_do_without = any(_takes_refusal(one) for one in caught)
        elif isinstance(node, ast.With):
            calls = [one.context_expr for one in node.items]
            can_do_without = any(
                isinstance(one, ast.Call)
                and dotted(one.func)[-1] == "suppress"
                and any(_takes_refusal(kind) for kind in one.args)
                for one in calls
            )
        else:
            can_do_without = isinstance(node, ast.If) and dotted(node.test)[-1] == "TYPE_CHECKING"
        if can_do_without:
            body = getattr(node, "body", [])
            yield from (inner for statement in body for inner in ast.walk(statement))


def _takes_refusal(kind: ast.expr | None) -> bool:
    """Return whether an `except` clause catches the error of a refused import."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(one is None or dotted(one)[-1] in _REFUSALS for one in kinds)


def dotted(node: ast.expr) -> list[str]:
    """Return the parts of `a.b.c`; one empty part for anything else."""
    rest: list[str] = []
    while isinstance(node, ast.Attribute):
        rest.insert(0, node.attr)
        node = node.value
    return [node.id, *rest] if isinstance(node, ast.Name) else [""]


def names_imported_by(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the absolute module names that a statement imports."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if statement.level or not statement.module:
        return []
    if "." not in statement.module:  # `from google import colab`
        full = [f"{statement.module}.{alias.name}" for alias in statement.names]
        if all(map(is_stand_in, full)):
            return full
    return [statement.module]
