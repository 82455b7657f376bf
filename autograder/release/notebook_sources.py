"""Read the notebooks of `solutions/<id>/`: their cells, regions, model answers and checks."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from autograder.assignment import Assignment, Item, Notebook, did_you_mean
from autograder.errors import AssignmentErrors, Problem
from autograder.release.blocks import read_tokens
from autograder.release.cells import Cell, Fault, find_heads, split_cells
from autograder.release.regions import NOTEBOOK, AnnotatedSource, Region, parse_source


@dataclass(frozen=True)
class NotebookSource:
    """A notebook that is written as text and has no errors.

    Attributes:
        notebook: what assignment.toml says about it.
        source: its text and regions; its path is that of the notebook to make.
        cells: its cells in order.
    """

    notebook: Notebook
    source: AnnotatedSource
    cells: tuple[Cell, ...]


def read_notebook_source(
    data: bytes, notebook: Notebook, file: str, assignment: Assignment
) -> NotebookSource:
    """Read a notebook that is written as text.

    Args:
        data: the file's bytes.
        notebook: what assignment.toml says about it.
        file: its name in messages.
        assignment: the assignment that it belongs to.

    Raises:
        AssignmentErrors: the notebook has errors; each problem gives its line.
    """
    item_kinds = {item.id: item.kind for item in assignment.items}
    source = parse_source(data, notebook.path, file, item_kinds, NOTEBOOK)
    heads, problems = find_heads(file, source.text.split("\n")[:-1], source.comments)
    if not heads and not problems:
        problems = [Problem(file, 1, "has no cell", "begin one with '# %%'")]
    if problems:
        raise AssignmentErrors(problems)
    cells = split_cells(source.text, file, heads)
    faults = [
        *_boundary_faults(source, heads),
        *_region_faults(source.regions, heads, notebook, assignment),
        *_answer_faults(cells, notebook, assignment),
        *_check_faults(cells, notebook, assignment),
    ]
    if faults:
        raise AssignmentErrors([Problem(file, *fault) for fault in sorted(faults)])
    withheld = set(range(1, heads[0]))
    for cell in cells:
        withheld |= set(range(cell.head + 1, cell.last + 1)) if cell.answer else set()
    return NotebookSource(notebook, replace(source, withheld=frozenset(withheld)), tuple(cells))


def cells_of(text: str, book: NotebookSource) -> list[Cell]:
    """Return the cells of a text that was made from a notebook's source."""
    comments, _ = read_tokens(text)
    heads, _ = find_heads(book.source.file, text.split("\n")[:-1], comments)
    return split_cells(text, book.source.file, heads)


def _boundary_faults(source: AnnotatedSource, heads: list[int]) -> Iterator[Fault]:
    """Yield what is wrong at the places where the code is cut into cells."""
    tree = ast.parse(source.text)
    for number, statement in enumerate(tree.body):
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(node.lineno for node in decorators)])
        for head in heads:
            if first < head <= (statement.end_lineno or first):
                what = f"a cell begins inside the statement of line {first}"
                yield head, what, "begin it before or after the whole statement"
        is_docstring = number == 0 and ast.get_docstring(tree) is not None
        if first < heads[0] and not is_docstring:
            yield first, "is code before the first cell", "write '# %%' above it"


def _region_faults(
    regions: tuple[Region, ...], heads: list[int], notebook: Notebook, assignment: Assignment
) -> Iterator[Fault]:
    for region in regions:
        for head in heads:
            if region.begin < head <= region.last:
                what = f"a cell begins inside the region of line {region.begin}"
                yield head, what, "end the region before it, and begin another one after it"
        yield from _place_faults(region.begin, assignment.item(region.item), notebook)


def _place_faults(line: int, item: Item, notebook: Notebook) -> Iterator[Fault]:
    """Yield a fault if an item is used in a notebook that is not its own."""
    if item.notebook != notebook.path:
        home = f"to '{item.notebook}'" if item.notebook else "to no notebook"
        remedy = f'write notebook = "{notebook.path}" at its [[item]], or move it'
        yield line, f"item '{item.id}' belongs {home}", remedy


def _answer_faults(
    cells: list[Cell], notebook: Notebook, assignment: Assignment
) -> Iterator[Fault]:
    written = {item.id: item for item in assignment.written_items}
    first: dict[str, int] = {}
    for cell in cells:
        if not cell.answer:
            continue
        if cell.answer not in written:
            remedy = did_you_mean(cell.answer, written) or "write the id of a written item"
            yield cell.head, f"'{cell.answer}' is not a written item", remedy
            continue
        yield from _place_faults(cell.head, written[cell.answer], notebook)
        if cell.answer in first:
            what = f"a second answer to '{cell.answer}'"
            yield cell.head, what, f"join it to the first, on line {first[cell.answer]}"
        first.setdefault(cell.answer, cell.head)
        if not cell.text.strip():
            yield cell.head, "a model answer without text", "write it in comment lines below"


def _check_faults(cells: list[Cell], notebook: Notebook, assignment: Assignment) -> Iterator[Fault]:
    auto = {item.id: item for item in assignment.auto_items}
    first: dict[str, int] = {}
    for cell in cells:
        if not cell.check:
            continue
        if cell.text:
            yield cell.head, "the cell of a check contains code", "begin another cell for it"
        if cell.check not in auto:
            remedy = did_you_mean(cell.check, auto) or "write the id of an auto item"
            yield cell.head, f"'{cell.check}' is not an auto item", remedy
            continue
        yield from _place_faults(cell.head, auto[cell.check], notebook)
        if cell.check in first:
            what = f"a second cell for the check of '{cell.check}'"
            yield cell.head, what, f"remove it; the first is on line {first[cell.check]}"
        first.setdefault(cell.check, cell.head)
        if not assignment.public_tests_of(cell.check):
            what = f"item '{cell.check}' has no public test, so no check"
            yield cell.head, what, "remove this cell, or write a public test"


def missing_cells(book: NotebookSource, assignment: Assignment, solved: set[str]) -> list[Problem]:
    """Return a problem for each item of a notebook that has no cell in it.

    Args:
        book: the notebook.
        assignment: its assignment.
        solved: the auto items that a region solves, in any source.
    """
    answered = {cell.answer for cell in book.cells}
    placed = {cell.check for cell in book.cells}
    placed |= {region.item for region in book.source.regions}
    file = assignment.show(assignment.folder / "assignment.toml")
    problems = []
    for item in assignment.items:
        if item.notebook != book.notebook.path:
            continue
        if item.kind == "written" and item.id not in answered:
            what = f"no cell answers item '{item.id}'"
            remedy = f"write '# %% [markdown] answer=\"{item.id}\"' in {book.source.file}"
            problems.append(Problem(file, item.line, what, remedy))
        elif item.id in solved - placed and assignment.public_tests_of(item.id):
            what = f"no cell has the check of item '{item.id}'"
            remedy = f"write '# %% check=\"{item.id}\"' in {book.source.file}"
            problems.append(Problem(file, item.line, what, remedy))
    return problems
