"""Keep the written answers of a submission beside its results, for the person who grades them.

What is kept is inert: plain text with caps, and pictures that are PNG or JPEG by their bytes. The
judge copies it out of the notebooks; it renders nothing.

    {"schema": "autograder.written/1", "assignment": ..., "title": ..., "name": ...,
     "answers": [{"item", "title", "points", "problem", "notebook", "status", "note",
                  "cells": [{"kind", "text", "attachments": {name: picture}, "outputs": [...]}]}],
     "figures": [{"notebook", "cell", "mime", "data"}], "figures_left_out": 0}

An output is {"text": ...} or a picture, {"mime": ..., "data": ...} in base64. Figures are all
pictures that the same notebooks show, as they were saved before they were handed in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.handing_in.answers import Answer, find_answers
from autograder.handing_in.notebooks import Cell, NotebookError, read_notebook, text_of
from autograder.results.pictures import Pictures, figures_in
from autograder.submission.plain_text import one_line, plain_text

WRITTEN_SCHEMA = "autograder.written/1"
WRITTEN_FILE = "written.json"

TEXT_CAP = 50_000
"""Characters kept of one cell: some thirty pages."""
OUTPUT_CAP = 5_000
CELLS = 60
PICTURES = 20
PARTS = 2_000_000
"""Lists, objects and values of a notebook that is read at all; each takes memory."""


@dataclass(frozen=True)
class Question:
    """A written item: what is asked, and in which notebook the answer stands ("" for none)."""

    item: str
    title: str
    points: float
    problem: str
    notebook: str


def written_document(
    assignment: str, title: str, name: str, questions: Sequence[Question], root: Path | None
) -> dict[str, Any]:
    """Return the answers of a submission that was collected to `root`; None if none could be."""
    by_notebook: dict[str, list[Question]] = {}
    for question in questions:
        by_notebook.setdefault(question.notebook, []).append(question)
    answers: dict[str, dict[str, Any]] = {}
    notebooks: dict[str, list[Cell]] = {}
    for notebook, asked in by_notebook.items():
        notebooks[notebook], note = _read(root, notebook)
        for answer in find_answers(notebooks[notebook], [question.item for question in asked]):
            answers[answer.item] = _entry(answer, note)
    figures, left_out = figures_in(notebooks)
    return {
        "schema": WRITTEN_SCHEMA,
        "assignment": assignment,
        "title": title,
        "name": one_line(name),
        "answers": [asdict(question) | answers[question.item] for question in questions],
        "figures": figures,
        "figures_left_out": left_out,
    }


def _read(root: Path | None, notebook: str) -> tuple[list[Cell], str]:
    """Return the cells, or none and why."""
    file = root / notebook if root is not None and notebook else None
    if file is None or not file.is_file():
        return [], f"{notebook} was not handed in" if notebook else "it stands in no notebook"
    data = file.read_bytes()
    if sum(data.count(sign) for sign in (b",", b"[", b"{")) > PARTS:
        return [], f"{notebook} has too much in it to be read"
    try:
        return read_notebook(data), ""
    except NotebookError as error:
        return [], f"{notebook} {error}"


def _entry(answer: Answer, note: str) -> dict[str, Any]:
    left = Pictures(PICTURES)
    shown = list(zip(answer.cells, answer.texts, strict=True))
    if len(shown) > CELLS:
        note = f"{len(shown) - CELLS} more cells were left out"
    cells = [_cell(cell, text, left) for cell, text in shown[:CELLS]]
    return {"status": answer.status, "note": note, "cells": cells}


def _cell(cell: Cell, text: str, pictures: Pictures) -> dict[str, Any]:
    attachments = cell.node.get("attachments")
    named = attachments.items() if isinstance(attachments, Mapping) else ()
    return {
        "kind": cell.kind if cell.kind in ("code", "markdown") else "raw",
        "text": plain_text(text, TEXT_CAP),
        "attachments": {
            one_line(name): picture for name, data in named if (picture := pictures.take(data))
        },
        "outputs": list(_outputs(cell, pictures)),
    }


def _outputs(cell: Cell, pictures: Pictures) -> Iterable[dict[str, str]]:
    for output in cell.outputs[:CELLS]:
        picture = pictures.take(output.get("data"))
        if picture:
            yield picture
            continue
        data = output.get("data")
        shown = data.get("text/plain") if isinstance(data, Mapping) else output.get("text")
        text = text_of(shown)
        if text:
            yield {"text": plain_text(text, OUTPUT_CAP)}
