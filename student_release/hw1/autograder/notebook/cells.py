"""Analyse and transform the code of cells: assigned names, fast parameters, generated code."""

import ast
import re
from collections.abc import Iterator, Mapping

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = ("body", "orelse", "finalbody")
# Methods that fill a list, dict or set created by an earlier statement.
_FILLING = frozenset("append extend insert update add setdefault appendleft".split())
_MODULE_OF_LIVE = "autograder"


def names_assigned(node: ast.AST) -> set[str]:
    """Return the names that a statement binds at top level; functions are not entered."""
    names: set[str] = set()
    for part in _own_parts(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store | ast.Del):
            names.add(part.id)
        elif isinstance(part, ast.NamedExpr):
            names.add(part.target.id)
        elif isinstance(part, _SCOPES):
            names.add(part.name)
        elif isinstance(part, ast.alias):
            names.add((part.asname or part.name).split(".")[0])
        elif isinstance(part, ast.MatchAs | ast.MatchStar) and part.name:
            names.add(part.name)
        elif isinstance(part, ast.MatchMapping) and part.rest:
            names.add(part.rest)
    return names


def names_filled(node: ast.AST) -> set[str]:
    """Return the names whose content a statement changes, such as `losses.append(1)`."""
    names: set[str] = set()
    for part in _own_parts(node):
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store):
            names |= _root(part.value)
        elif isinstance(part, ast.AugAssign):
            names |= _root(part.target)
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in _FILLING:
                names |= _root(part.func.value)
    return names


def names_in_text(source: str) -> set[str]:
    """Return the names that a cell seems to assign, if it is not valid Python."""
    names = set(re.findall(r"^\s*(?:async\s+)?(?:def|class)\s+(\w+)", source, re.MULTILINE))
    for targets in re.findall(r"^([\w\s,.\[\]()*]+?)(?::[^=\n]+)?=(?!=)", source, re.MULTILINE):
        names |= set(re.findall(r"\b[^\W\d]\w*", targets))
    for brought in re.findall(r"^\s*(?:from\s+[\w.]+\s+)?import\s+([^#\n]+)", source, re.MULTILINE):
        for one in brought.strip("() ").split(","):
            words = one.split()
            names |= {words[-1].partition(".")[0]} if words else set()
    return names


def mentions(text: str, name: str) -> bool:
    """Return whether a text contains a name as a whole word."""
    return re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text) is not None


def _own_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a statement and all nodes below it that run in the same scope."""
    yield node
    if isinstance(node, (*_SCOPES, ast.Lambda)):
        return
    inside = isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
    for child in ast.iter_child_nodes(node):
        for part in _own_parts(child):
            # A comprehension's own variables are local to it; those of `:=` are not.
            if not inside or isinstance(part, ast.NamedExpr):
                yield part


def _root(node: ast.AST) -> set[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()


class FastParameters(ast.NodeTransformer):
    """Replace the values assigned to some names, outside of functions and classes.

    Args:
        values: name -> a plain value.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = {
            name: ast.parse(repr(value), mode="eval").body for name, value in values.items()
        }

    def visit(self, node: ast.AST) -> ast.AST:
        if not self.values or isinstance(node, _SCOPES):
            return node
        for block in _BLOCKS:
            statements = getattr(node, block, None)
            if isinstance(statements, list):  # a lambda's body is not a list
                setattr(node, block, [new for old in statements for new in self._changed(old)])
        for other in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self.visit(other)
        return ast.fix_missing_locations(node)

    def _changed(self, statement: ast.stmt) -> list[ast.stmt]:
        self.visit(statement)
        if isinstance(statement, _SCOPES) or any(hasattr(statement, name) for name in _BLOCKS):
            return [statement]
        found = sorted(names_assigned(statement) & self.values.keys())
        if not found or isinstance(statement, ast.Import | ast.ImportFrom | ast.Delete):
            return [statement]
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            if all(isinstance(target, ast.Name) for target in targets) and len(targets) == 1:
                statement.value = self.values[found[0]]
                return [statement]
        # For `EPOCHS, BATCH = 30, 64` and the like: keep the statement, and set the names after it.
        after = [ast.Assign([ast.Name(name, ast.Store())], self.values[name]) for name in found]
        return [statement, *(ast.copy_location(extra, statement) for extra in after)]


class WithoutGenerated(ast.NodeTransformer):
    """Drop the statements that the build adds to a notebook for its checks in Jupyter."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = [statement for statement in node.body if not _is_generated(statement)]
        return node


def is_generated(source: str) -> bool:
    """Return whether a cell contains only code added by the build."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(tree.body) and not WithoutGenerated().visit_Module(tree).body


def _is_generated(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names] == ["otter"]
    if isinstance(statement, ast.ImportFrom):
        names = [alias.name for alias in statement.names]
        return statement.module == _MODULE_OF_LIVE and names == ["live"]
    if isinstance(statement, ast.Assign):
        targets = [target.id for target in statement.targets if isinstance(target, ast.Name)]
        return targets == ["grader"] and _is_call(statement.value, "otter")
    if isinstance(statement, ast.Expr):
        return any(_is_call(statement.value, name) for name in ("grader", "live"))
    return False


def _is_call(node: ast.AST, name: str) -> bool:
    """Return whether a node is a call of a method of `name`."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == name
    )
