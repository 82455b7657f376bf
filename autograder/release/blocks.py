"""Find the parts of a Python source and their places: bodies, logical lines and comments."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

Position = tuple[int, int]  # line from 1, column from 0, in characters


@dataclass(frozen=True)
class Comment:
    """A comment; `indent` is None if code precedes it on the line."""

    text: str
    line: int
    indent: str | None


@dataclass(frozen=True)
class LogicalLine:
    """A simple statement, or the header of a compound one, over one or more lines."""

    start: Position
    last_line: int
    is_decorator: bool


@dataclass(frozen=True)
class Block:
    """One body of the syntax tree.

    Attributes:
        statements: the sibling statements; the list object of the tree itself.
        scope: "module", "class" or "function", whichever encloses it most closely.
        name: the qualified name of that class or function, "" for a module.
        opens_scope: True for the body of the scope itself, whose first string is a docstring.
        in_try: True anywhere in a try statement of the same scope.
    """

    statements: list[ast.stmt]
    scope: str
    name: str
    opens_scope: bool
    in_try: bool


def blocks_of(tree: ast.Module) -> list[Block]:
    """Return all bodies of a tree, outer ones before inner ones, always in the same order."""
    return list(_blocks(tree, Block([], "module", "", True, False)))


def _blocks(node: ast.AST, around: Block) -> Iterator[Block]:
    for field, value in ast.iter_fields(node):
        if not isinstance(value, list):
            continue
        if value and isinstance(value[0], ast.stmt):
            opens = field == "body" and isinstance(
                node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
            )
            yield Block(value, around.scope, around.name, opens, around.in_try)
        for child in value:
            if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                yield from _blocks(child, _around(child, around))


def _around(node: ast.AST, outer: Block) -> Block:
    """Return a block that describes what encloses the bodies of `node`."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        scope = "class" if isinstance(node, ast.ClassDef) else "function"
        name = f"{outer.name}.{node.name}" if outer.name else node.name
        return Block([], scope, name, True, False)
    in_try = outer.in_try or isinstance(node, ast.Try | ast.TryStar)
    return Block([], outer.scope, outer.name, False, in_try)


def read_tokens(text: str) -> tuple[list[Comment], list[LogicalLine]]:
    """Return the comments and the logical lines of a source that compiles."""
    lines = text.split("\n")
    comments: list[Comment] = []
    logical_lines: list[LogicalLine] = []
    first: tokenize.TokenInfo | None = None
    silent = (tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            before = lines[token.start[0] - 1][: token.start[1]]
            indent = before if not before.strip() else None
            comments.append(Comment(token.string, token.start[0], indent))
        elif token.type == tokenize.NEWLINE:
            if first:
                is_decorator = first.string == "@"
                logical_lines.append(LogicalLine(first.start, token.start[0], is_decorator))
            first = None
        elif token.type not in silent and first is None:
            first = token
    return comments, logical_lines


def start_of(statement: ast.stmt, lines: list[str], logical_lines: list[LogicalLine]) -> Position:
    """Return where a statement begins, including its decorators.

    Args:
        statement: a statement of the source.
        lines: the source's lines.
        logical_lines: the source's logical lines, in order.
    """
    before = lines[statement.lineno - 1].encode()[: statement.col_offset]
    start = (statement.lineno, len(before.decode()))
    if getattr(statement, "decorator_list", []):
        number = next(n for n, line in enumerate(logical_lines) if line.start == start)
        while number and logical_lines[number - 1].is_decorator:
            number -= 1
        start = logical_lines[number].start
    return start


def end_of(statement: ast.stmt, lines: list[str]) -> Position:
    """Return the position after a statement's last character."""
    line, offset = statement.end_lineno or 0, statement.end_col_offset or 0
    return (line, len(lines[line - 1].encode()[:offset].decode()))
