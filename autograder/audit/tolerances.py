"""Find tolerances without a stated reason that pass mistakes or fail other algorithms.

A check may be too loose or too tight while others still catch the same mistakes, so trials do not
always show it. Plain numbers and constants of a test file are examined; computed tolerances, such
as six standard errors, explain themselves. Exact comparison (0) and `inf` are intended.
"""

import ast
import io
import tokenize
from collections.abc import Iterator

from autograder.assignment import Assignment
from autograder.audit.findings import Finding

LOOSEST, TIGHTEST = 0.02, 1e-13
_WORDS = ("rtol", "atol", "tol", "tolerance")


def of_tolerances(assignment: Assignment) -> Iterator[Finding]:
    """Yield each tolerance of the rubric's tests outside the bounds without a comment."""
    for file in sorted({test.file for test in assignment.tests}):
        path = assignment.rubric_folder / file
        text = path.read_text(encoding="utf-8")
        reasons = _comment_lines(text)
        for name, node, statement in _tolerances(ast.parse(text)):
            value = _number(node)
            near = {node.lineno, node.lineno - 1, statement.lineno - 1}
            if value is None or not _is_odd(value) or near & reasons:
                continue
            why = (
                f"{name} = {value:g} lets {value:.0%} pass"
                if value > LOOSEST
                else f"{name} = {value:g} asks for more digits than rounding leaves"
            )
            words = f"{why}; change it, or state the reason in a comment there"
            yield Finding("tolerance", f"{assignment.show(path)}:{node.lineno}", words)


def _is_odd(value: float) -> bool:
    return LOOSEST < value < float("inf") or 0 < value < TIGHTEST


def _tolerances(tree: ast.Module) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    """Yield the name, the value and the statement of each tolerance."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.stmt):
            continue
        if isinstance(statement, ast.Assign) and statement in tree.body:
            names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
            for name in names:
                if name.lower().rsplit("_", 1)[-1] in _WORDS:
                    yield name, statement.value, statement
        for call in _calls(statement):
            for keyword in call.keywords:
                if keyword.arg in _WORDS:
                    yield keyword.arg, keyword.value, statement


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls of a statement, except those in nested statements."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        for child in ast.iter_child_nodes(waiting.pop()):
            if isinstance(child, ast.Call):
                yield child
            if not isinstance(child, ast.stmt):
                waiting.append(child)


def _number(node: ast.expr) -> float | None:
    is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
    return float(node.value) if is_number else None  # type: ignore[attr-defined]


def _comment_lines(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
