"""Tolerances that let mistakes pass, or that no other algorithm can keep, and say no reason.

A check is loosened or tightened in one place, where others still catch what it catches, so trials
do not always show it. Plain numbers are looked at, and constants of a test file; what is worked
out, such as six standard errors, explains itself. Exactness (0) and `inf` are meant as they are.
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
    """Yield each tolerance of the rubric's tests beyond the bounds without a comment at it."""
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
            words = f"{why}; change it, or say in a comment there why it must be"
            yield Finding("tolerance", f"{assignment.show(path)}:{node.lineno}", words)


def _is_odd(value: float) -> bool:
    return LOOSEST < value < float("inf") or 0 < value < TIGHTEST


def _tolerances(tree: ast.Module) -> Iterator[tuple[str, ast.expr, ast.stmt]]:
    """Yield each tolerance: its name, its value, and the statement that it stands in."""
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
    """Yield the calls of a statement, without those of the statements in it."""
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
