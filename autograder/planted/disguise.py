"""Compile an implementation so that its form does not say whether it is right.

Each run of a student's tests gets code that was rewritten at random, right or wrong: without
comments, docstrings, file names and line numbers, with other names of local variables, with
intermediate variables and other statements without an effect, and with functions in another order.
So a hash, a length, a line count or a piece of bytecode that a test has seen before does not occur
again. What the code computes stays the same.
"""

import ast
import inspect
import marshal
import random
from collections.abc import Iterator, Sequence
from types import CodeType

_LOOKS_AT_LOCALS = frozenset(["locals", "vars", "dir", "eval", "exec"])
_NOW_AND_THEN = 0.4
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def disguised(name: str, text: str, draw: random.Random) -> bytes:
    """Return a module's code, marshalled.

    Args:
        name: the module's name, used in place of a file name.
        text: its source.
        draw: the source of what is random.
    """
    tree = _Rewriter(draw).visit(ast.parse(text))
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            node.lineno = node.end_lineno = 1  # type: ignore[attr-defined]
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]
    code = compile(tree, f"<{name}>", "exec", dont_inherit=True, optimize=0)
    return marshal.dumps(_with_other_names(code, draw))


class _Rewriter(ast.NodeTransformer):
    """Removes docstrings, and adds statements that change nothing to functions.

    Args:
        draw: the source of what is random.
    """

    def __init__(self, draw: random.Random) -> None:
        self._draw, self._is_in_function, self._count = draw, False, 0

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Rewrite a module."""
        self._rewrite_body(node, False)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        """Rewrite a class."""
        self._rewrite_body(node, False)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        """Rewrite a function."""
        self._rewrite_body(node, True)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        """Rewrite a function."""
        self._rewrite_body(node, True)
        return node

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        """Give the result a name first, or not."""
        if node.value is None or not self._now_and_then():
            return [*self._idle(), node]
        first, name = self._named(node.value)
        return [*self._idle(), first, ast.Return(name)]

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        """Give the value another name first, or not."""
        if not self._is_in_function or not self._now_and_then():
            return [*self._idle(), node]
        first, name = self._named(node.value)
        return [first, *self._idle(), ast.Assign(node.targets, name)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        """Precede it by another statement, or not."""
        return [*self._idle(), node]

    def _rewrite_body(self, node: ast.Module | ast.ClassDef | _Function, inside: bool) -> None:
        if ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        names = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
        outside = self._is_in_function
        self._is_in_function = inside and not names & _LOOKS_AT_LOCALS
        rewritten: list[ast.stmt] = []
        for statement in node.body:
            made = self.visit(statement)
            rewritten += made if isinstance(made, list) else [made]
        self._is_in_function = outside
        node.body = rewritten if inside else list(self._in_another_order(rewritten))

    def _in_another_order(self, body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        """Yield statements, rows of plain functions in another order."""
        row: list[ast.stmt] = []
        for statement in (*body, None):
            if isinstance(statement, _Function) and _is_plain(statement):
                row.append(statement)
                continue
            if len({one.name for one in row if isinstance(one, _Function)}) == len(row):
                self._draw.shuffle(row)
            yield from row
            row = []
            if statement is not None:
                yield statement

    def _now_and_then(self) -> bool:
        return self._draw.random() < _NOW_AND_THEN

    def _named(self, value: ast.expr) -> tuple[ast.stmt, ast.expr]:
        self._count += 1
        name = f"_{self._count}_"
        return ast.Assign([ast.Name(name, ast.Store())], value), ast.Name(name, ast.Load())

    def _idle(self) -> list[ast.stmt]:
        """Return a statement without an effect, now and then."""
        if not self._is_in_function or not self._now_and_then():
            return []
        return [self._named(ast.Constant(self._draw.randrange(10**6)))[0]]


def _is_plain(function: _Function) -> bool:
    """Return whether defining a function has no effect that depends on the order."""
    defaults = [*function.args.defaults, *function.args.kw_defaults]
    return not function.decorator_list and all(
        one is None or isinstance(one, ast.Constant) for one in defaults
    )


def _with_other_names(code: CodeType, draw: random.Random) -> CodeType:
    """Return code whose local variables have other names; arguments and attributes keep theirs."""
    constants = tuple(
        _with_other_names(one, draw) if isinstance(one, CodeType) else one for one in code.co_consts
    )
    code = code.replace(co_consts=constants)
    if not code.co_flags & inspect.CO_OPTIMIZED or _LOOKS_AT_LOCALS & {*code.co_names}:
        return code
    arguments = code.co_argcount + code.co_kwonlyargcount
    arguments += bool(code.co_flags & inspect.CO_VARARGS)
    arguments += bool(code.co_flags & inspect.CO_VARKEYWORDS)
    kept, others = code.co_varnames[:arguments], code.co_varnames[arguments:]
    numbers = draw.sample(range(10**6), len(others))
    names = [
        name if name in code.co_cellvars else f"v{number:06}"
        for name, number in zip(others, numbers, strict=True)
    ]
    return code.replace(co_varnames=(*kept, *names))
