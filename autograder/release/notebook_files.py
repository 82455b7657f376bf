"""Make `.ipynb` files: what students get, and the complete notebook.

They are valid nbformat 4.5 without outputs, and every build makes the same bytes. The build adds
two kinds of cells: the set-up, which is the first code cell, and a check below each question.
"""

import json
from typing import Any

from autograder.assignment import Assignment, Item
from autograder.notebook.cells import TOOL_FILE
from autograder.release.cells import CODE, MARKDOWN, Cell
from autograder.release.notebook_sources import NotebookSource, cells_of
from autograder.release.otter_tests import OTTER_TESTS
from autograder.release.stub import make_solution, make_stub

SETUP = """\
import sys
sys.path.insert(0, "{tool}")
import otter
from autograder import live
live.watch()
grader = otter.Notebook("{path}", tests_dir="{tests}")"""

ANSWER = """\
**Your answer to `{item}`** ({points}, read by a person)

{text}"""
WRITE_HERE = "*Write here; replace this line.*"

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
FIXED = {"deletable": False, "editable": False}  # for cells that students must not change

JsonCell = dict[str, Any]


def student_notebook(book: NotebookSource, assignment: Assignment) -> bytes:
    """Return the notebook as students get it: stubs, and cells for their answers.

    Raises:
        AssignmentErrors: the code does not compile without the solutions.
    """
    return _make(book, assignment, make_stub(book.source, assignment.id), WRITE_HERE)


def complete_notebook(book: NotebookSource, assignment: Assignment) -> bytes:
    """Return the notebook with all solutions and model answers, without markers."""
    return _make(book, assignment, make_solution(book.source), "")


def _make(book: NotebookSource, assignment: Assignment, text: str, answer: str) -> bytes:
    """Make a notebook from a text that was made from its source.

    Args:
        book: the source.
        assignment: the assignment that it belongs to.
        text: the text.
        answer: the text that replaces every model answer; "" keeps the model answers.
    """
    checks = _checks_behind(book, assignment)
    made: list[tuple[str, JsonCell]] = []
    has_code = False
    for cell, behind in zip(cells_of(text, book), checks, strict=True):
        if cell.kind == CODE and not has_code:
            has_code = True
            setup = SETUP.format(tool=TOOL_FILE, path=book.notebook.path, tests=OTTER_TESTS)
            made.append(("setup", _cell(CODE, setup, FIXED)))
        if cell.answer:
            item = assignment.item(cell.answer)
            made.append((f"answer-{item.id}", _answer_cell(cell, item, answer or cell.text)))
        elif not cell.check:
            made.append((cell.kind, _cell(cell.kind, cell.text, _tags(cell))))
        for item_id in behind:
            source = f'grader.check("{item_id}")'
            made.append((f"check-{item_id}", _cell(CODE, source, FIXED)))
    # The number alone makes an id unique, so cutting it to nbformat's limit does no harm.
    cells = [
        {"id": f"{number:03d}-{name}"[:64].rstrip("-"), **cell}
        for number, (name, cell) in enumerate(made, 1)
    ]
    return _write(cells)


def _checks_behind(book: NotebookSource, assignment: Assignment) -> list[list[str]]:
    """Return, for each cell, the items whose checks directly follow it."""
    behind: list[list[str]] = [[] for _ in book.cells]
    placed = {cell.check: number for number, cell in enumerate(book.cells) if cell.check}
    for item in assignment.auto_items:
        if item.notebook != book.notebook.path or not assignment.public_tests_of(item.id):
            continue
        lines = [region.begin for region in book.source.regions if region.item == item.id]
        number = placed.get(item.id)
        if number is None and lines:
            number = next(n for n, cell in enumerate(book.cells) if lines[-1] <= cell.last)
        if number is not None:
            behind[number].append(item.id)
    return behind


def _answer_cell(cell: Cell, item: Item, text: str) -> JsonCell:
    points = f"{item.points:g} point{'' if item.points == 1 else 's'}"
    points += ", extra credit" if item.extra else ""
    source = ANSWER.format(item=item.id, points=points, text=text)
    return _cell(MARKDOWN, source, {**_tags(cell), "deletable": False})


def _tags(cell: Cell) -> dict[str, object]:
    return {"tags": list(cell.tags)} if cell.tags else {}


def _cell(kind: str, source: str, metadata: dict[str, Any]) -> JsonCell:
    cell: JsonCell = {"cell_type": kind, "metadata": dict(metadata), "source": source}
    if kind == CODE:
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _write(cells: list[JsonCell]) -> bytes:
    """Return the file as nbformat writes it; made here, it is the same for all its versions."""
    import nbformat

    document = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    nbformat.validate(document)
    for cell in cells:
        cell["source"] = cell["source"].splitlines(keepends=True)
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()
