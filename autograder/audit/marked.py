"""Locate the marked regions of the complete solution in the files a student would submit."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from autograder.assignment import Assignment
from autograder.planted.cells import NotebookText
from autograder.release.regions import NOTEBOOK, AnnotatedSource, Region
from autograder.release.sources import read_solutions
from autograder.release.stub import make_solution

Files = dict[str, bytes]


@dataclass(frozen=True)
class Text:
    """The text of one source of the complete solution; for a notebook, of all its cells.

    Attributes:
        file: its path in a submission.
        text: Python, without markers.
        is_notebook: whether it consists of cells.
    """

    file: str
    text: str
    is_notebook: bool

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def data(self) -> bytes:
        """The text in UTF-8, the unit of columns in syntax trees."""
        return self.text.encode()

    @cached_property
    def line_starts(self) -> list[int]:
        """The start of each line in `data`."""
        starts = [0]
        for line in self.data.split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return the start and end of a node in `data`."""
        first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
        begin = self.line_starts[first - 1] + node.col_offset  # type: ignore[attr-defined]
        return begin, self.line_starts[last - 1] + node.end_col_offset  # type: ignore[attr-defined]

    def lines(self, begin: int, end: int) -> tuple[int, int]:
        """Return the first and last line, from 1, of a range of `data`."""
        return self.data.count(b"\n", 0, begin) + 1, self.data.count(b"\n", 0, end) + 1


@dataclass(frozen=True)
class Marked:
    """One marked region.

    Attributes:
        text: the text that contains it.
        item: the item that it solves.
        function: qualified name of the function around it, "" at the top of a cell.
        first: its first line in the text.
        last: its last line in the text.
        shift: the offset from its lines to those of the annotated source.
    """

    text: Text
    item: str
    function: str
    first: int
    last: int
    shift: int

    @property
    def statements(self) -> Iterator[ast.stmt]:
        """Yield its outermost statements."""
        waiting: list[ast.AST] = [self.text.tree]
        while waiting:
            for child in ast.iter_child_nodes(waiting.pop(0)):
                if isinstance(child, ast.stmt) and child.lineno >= self.first:
                    if (child.end_lineno or 0) <= self.last:
                        yield child
                        continue
                waiting.append(child)


def marked_regions(assignment: Assignment) -> list[Marked]:
    """Return all marked regions of an assignment's solution, modules first.

    Raises:
        AssignmentErrors: the sources have mistakes.
    """
    found: list[Marked] = []
    for source in read_solutions(assignment).sources:
        text = Text(source.path, make_solution(source), source.kind == NOTEBOOK)
        dropped = 0
        for region in source.regions:
            dropped += 1  # its first marker
            found.append(_marked(region, source, text, dropped))
            dropped += region.last - region.end + 1
    return found


def _marked(region: Region, source: AnnotatedSource, text: Text, dropped: int) -> Marked:
    first, last = region.begin + 1 - dropped, region.end - 1 - dropped
    return Marked(text, region.item, region.function, first, last, dropped)


def with_region(files: Files, region: Marked, new_lines: str) -> Files:
    """Return the complete solution with the lines of a region replaced.

    Args:
        files: the complete solution; regions below this one may already be replaced.
        region: one of its regions.
        new_lines: the new lines, each with its line feed.
    """
    lines = region.text.text.splitlines(keepends=True)
    old_lines = "".join(lines[region.first - 1 : region.last])
    if not region.text.is_notebook:
        lines = files[region.text.file].decode().splitlines(keepends=True)
        lines[region.first - 1 : region.last] = [new_lines]
        return files | {region.text.file: "".join(lines).encode()}
    notebook = NotebookText(files[region.text.file])
    for cell in notebook.cells:
        source = cell.source + "\n"
        if cell.is_code and old_lines in source:
            cell.source = source.replace(old_lines, new_lines, 1).removesuffix("\n")
            break
    return files | {region.text.file: notebook.to_bytes()}
