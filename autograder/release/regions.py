"""Parse an annotated source, and make sure that its solution regions are whole statements.

A region is one or more whole sibling statements of one function body, with comment lines around
them, between two markers with the same indentation as the statements.
"""

import ast
import io
import tokenize
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import decode_text
from autograder.errors import AssignmentErrors, Problem
from autograder.release.blocks import (
    Block,
    Comment,
    LogicalLine,
    blocks_of,
    end_of,
    read_tokens,
    start_of,
)
from autograder.release.magics import in_python
from autograder.release.markers import Group, pair_markers, read_markers

MODULE, NOTEBOOK = "module", "notebook"


@dataclass(frozen=True)
class Region:
    """One solution region and its place.

    Attributes:
        item: the item it solves.
        function: qualified name of the function or class around it, "" outside of any.
        begin: line of BEGIN SOLUTION.
        end: line of END SOLUTION.
        last: line of its last marker: END PROMPT if it has a prompt, else `end`.
        indent: the white space before its markers and statements.
        prompt: the comment lines of its prompt.
        block: index of its body in `blocks_of(tree)`.
        first: index of its first statement in that body.
        stop: index after its last statement.
    """

    item: str
    function: str
    begin: int
    end: int
    last: int
    indent: str
    prompt: tuple[str, ...]
    block: int
    first: int
    stop: int


@dataclass(frozen=True)
class AnnotatedSource:
    """An annotated source without errors.

    Attributes:
        path: its path from the top of the release.
        file: its name in messages.
        text: its text, with a line feed at the end of each line.
        kind: MODULE or NOTEBOOK.
        regions: its regions in order.
        comments: its comments in order.
        withheld: lines outside its regions that students must not get either: a notebook's model
            answers, and what precedes its first cell.
    """

    path: str
    file: str
    text: str
    kind: str
    regions: tuple[Region, ...]
    comments: tuple[Comment, ...]
    withheld: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Layout:
    """The lines, comments, logical lines and bodies of a source."""

    lines: list[str]
    comments: list[Comment]
    logical_lines: list[LogicalLine]
    blocks: list[Block]


def parse_source(
    data: bytes, path: str, file: str, item_kinds: Mapping[str, str], kind: str = MODULE
) -> AnnotatedSource:
    """Read an annotated source.

    Args:
        data: the file's bytes.
        path: its path from the top of the release.
        file: its name in messages.
        item_kinds: the kind of each item of the assignment, "auto" or "written", by id.
        kind: MODULE, where a region must be inside a function because the stub would break the
            import elsewhere; or NOTEBOOK, the code of cells.

    Raises:
        AssignmentErrors: the source has errors; each problem gives its line.
    """
    text = decode_text(data, file)
    text = text if text.endswith("\n") else text + "\n"
    tree = parse_python(text, file, kind)
    lines = text.split("\n")[:-1]
    comments, logical_lines = read_tokens(text)
    markers, problems = read_markers(file, lines, comments, item_kinds)
    _stop_at(problems)
    groups, problems = pair_markers(file, markers)
    _stop_at(problems)
    layout = _Layout(lines, comments, logical_lines, blocks_of(tree))
    regions = []
    for group in groups:
        found = [Problem(file, *fault) for fault in _marker_faults(group, layout)]
        if not found:
            region = _locate(group, layout)
            found = [Problem(file, *fault) for fault in _region_faults(region, layout, kind)]
            regions.append(region)
        problems += found
    _stop_at(problems)
    return AnnotatedSource(path, file, text, kind, tuple(regions), tuple(comments))


def parse_python(text: str, file: str, kind: str = MODULE) -> ast.Module:
    """Return the syntax tree of a text that Python compiles and reads as UTF-8.

    Raises:
        AssignmentErrors: Python does not.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
        if encoding != "utf-8":
            raise SyntaxError(f"its first lines declare {encoding} in place of utf-8")
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if kind == NOTEBOOK else 0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, file, "exec", flags, dont_inherit=True)
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = (error.lineno if isinstance(error, SyntaxError) else 0) or 1
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        problem = Problem(file, line, f"does not compile: {what}", "correct the Python there")
        written = [*text.split("\n"), ""][line - 1].strip()
        if kind == NOTEBOOK and written.startswith(("%", "!")):
            remedy = f"write {in_python(written)}, which does the same, or remove it"
            problem = Problem(file, line, f"'{written}' is a magic, which is not Python", remedy)
        raise AssignmentErrors([problem]) from None


def _stop_at(problems: list[Problem]) -> None:
    if problems:
        raise AssignmentErrors(sorted(problems, key=lambda problem: problem.line))


Fault = tuple[int, str, str]  # line, what is wrong, what to write instead


def _marker_faults(group: Group, layout: _Layout) -> Iterator[Fault]:
    """Yield what is wrong with the places of a region's markers and with its prompt."""
    for marker in group.markers:
        if any(line.start[0] < marker.line < line.last_line for line in layout.logical_lines):
            remedy = "put it before or after the whole statement"
            yield marker.line, f"'{marker.words}' is in the middle of a statement", remedy
        if marker.indent != group.begin.indent:
            what = f"'{marker.words}' is indented by {len(marker.indent)} columns"
            remedy = f"indent it by {len(group.begin.indent)}, as its BEGIN SOLUTION is"
            yield marker.line, what, remedy
    if group.prompt:
        first, last = group.prompt[0].line, group.prompt[1].line
        whole = {comment.line: comment.indent for comment in layout.comments}
        if last == first + 1:
            yield first, "a prompt without a line", "write comment lines in it, or remove it"
        for line in range(first + 1, last):
            if whole.get(line) != group.begin.indent:
                remedy = "write only comment lines, indented as the markers are"
                yield line, "a prompt that contains more than comments", remedy


def _locate(group: Group, layout: _Layout) -> Region:
    """Return the region between the markers; it is empty if no statement is inside.

    Outer bodies come first, so the statements are the outermost ones that fit.
    """
    name, block_index, first, stop = "", 0, 0, 0
    for number, block in enumerate(layout.blocks):
        inside = [
            index
            for index, statement in enumerate(block.statements)
            if group.begin.line < start_of(statement, layout.lines, layout.logical_lines)[0]
            and end_of(statement, layout.lines)[0] < group.end.line
        ]
        if inside:
            name, block_index, first, stop = block.name, number, inside[0], inside[-1] + 1
            break
    prompt: tuple[str, ...] = ()
    if group.prompt:
        prompt = tuple(layout.lines[group.prompt[0].line : group.prompt[1].line - 1])
    return Region(
        group.begin.item,
        name,
        group.begin.line,
        group.end.line,
        group.markers[-1].line,
        group.begin.indent,
        prompt,
        block_index,
        first,
        stop,
    )


def _region_faults(region: Region, layout: _Layout, kind: str) -> Iterator[Fault]:
    """Yield what is wrong with the statements of a region."""
    if not region.stop:
        what, remedy = "a region without a whole statement", "put whole statements into it"
        yield region.begin, what, remedy
        return
    block = layout.blocks[region.block]
    statements = block.statements[region.first : region.stop]
    start = start_of(statements[0], layout.lines, layout.logical_lines)
    end = end_of(statements[-1], layout.lines)
    for line in layout.logical_lines:
        if region.begin < line.start[0] < region.end and not start <= line.start <= end:
            what = "a region that cuts a statement, or joins two bodies"
            yield line.start[0], what, "put whole statements of one body into it"
            return
    if layout.lines[start[0] - 1][: start[1]] != region.indent:
        remedy = f"indent the markers by {start[1]}, as the statements are"
        yield region.begin, "markers that are not indented as their statements", remedy
    if block.scope != "function" and kind == MODULE:
        what = "a region outside of a function: its stub would break the import"
        yield region.begin, what, "put it into the body of a function"
    if block.in_try:
        what = "a region in a try statement, which may catch what the stub raises"
        yield region.begin, what, "put the whole try statement into the region"
    if block.opens_scope and region.first == 0 and _is_text(statements[0]):
        what = "a region that holds the docstring"
        yield region.begin, what, "begin it after the docstring, which students need"
    for node in _same_scope(statements):
        if isinstance(node, ast.Global | ast.Nonlocal):
            word = "global" if isinstance(node, ast.Global) else "nonlocal"
            what = f"'{word}' in a region: without it the rest of the function means another thing"
            yield node.lineno, what, "write it before the region"
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            what = "'from __future__' in a region changes the code around it"
            yield node.lineno, what, "write it before the region"


def _is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _same_scope(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the statements and all nodes inside them, except those in functions and classes."""
    scopes = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    waiting: list[ast.AST] = list(reversed(statements))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, scopes):
            waiting += reversed(list(ast.iter_child_nodes(node)))
