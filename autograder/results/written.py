"""Keep the written answers of a submission next to its results, for the person who grades them.

What is kept is inert: plain text with size limits, and pictures of a kind that their bytes show.
The judge copies it from what was handed in; it renders nothing.

    {"schema": "autograder.written/1", "assignment": ..., "title": ..., "name": ...,
     "answers": [{"item", "title", "points", "problem", "notebook", "extra", "status", "note",
                  "cells": [{"kind", "text", "attachments": {name: picture}, "outputs": [...]}],
                  "question": cell, "rest": [cell]}],
     "figures": [{"notebook", "cell", "mime", "data"}], "figures_left_out": 0}

An answer in files has "files" instead of cells:

    [{"path", "format": "pdf" | "image" | "text" | "", "fault", "data" in base64 or "text"}]

An output is {"text": ...} or a picture, {"mime": ..., "data": ...} in base64. Figures are all
pictures that the same notebooks show, as they were saved before they were handed in. "question" is
the cell that asks; "rest" is the notebook's other text, if the cell for the answer is empty. A cell
may also have "place" (where it is, if not there), "files" (path -> picture: files handed in that
the cell names) and "left_out" (name -> why such a picture is not kept).
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from autograder.handing_in.answers import Answer, find_answers
from autograder.handing_in.notebooks import NotebookCell, NotebookError, read_notebook, text_of
from autograder.handing_in.own_files import IN_TEXT, is_too_much
from autograder.results.answer_files import FILES_BYTES, FileRules, files_answer
from autograder.results.pictures import PICTURE_BYTES, TOO_LARGE, Pictures, figures_in
from autograder.text import one_line, plain_text

WRITTEN_SCHEMA = "autograder.written/1"
WRITTEN_FILE = "written.json"

TEXT_CAP = 50_000
"""Characters kept of one cell: some thirty pages."""
OUTPUT_CAP = 5_000
CELLS = 60
PICTURES = 20


@dataclass(frozen=True)
class Question:
    """An item that a person scores: what is asked, and where the answer is.

    Attributes:
        notebook: the notebook that holds the answer; "" for none.
        files: the files that are the answer; None for an answer in a notebook.
    """

    item: str
    title: str
    points: float
    problem: str
    notebook: str
    extra: bool = False
    files: FileRules | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what its answer says about it."""
        return {name: value for name, value in vars(self).items() if name != "files"}


def written_document(
    assignment: str,
    title: str,
    name: str,
    questions: Sequence[Question],
    root: Path | None,
    release: Path | None = None,
) -> dict[str, Any]:
    """Return the answers of a submission.

    Args:
        assignment: its id.
        title: its title.
        name: the submission's name.
        questions: the written items.
        root: the folder that the submission was collected into; None if it could not be.
        release: the released folder, which shows what in a notebook is the student's.
    """
    answer_files = _AnswerFiles(root)
    by_notebook: dict[str, list[Question]] = {}
    for question in questions:
        if question.files is None:
            by_notebook.setdefault(question.notebook, []).append(question)
    answers: dict[str, dict[str, Any]] = {}
    notebooks: dict[str, list[NotebookCell]] = {}
    room = FILES_BYTES
    for question in questions:
        if question.files is not None:
            answers[question.item] = kept = files_answer(root, question.files, room)
            room -= sum(len(one.get("data", "")) for one in kept["files"])
    for notebook, asked in by_notebook.items():
        notebooks[notebook], note = _read(root, notebook)
        found = find_answers(
            notebooks[notebook],
            [question.item for question in asked],
            _read(release, notebook)[0],
            {question.item: question.title for question in asked},
        )
        answers |= {answer.item: _entry(answer, note, answer_files) for answer in found}
    figures, left_out = figures_in(notebooks)
    return {
        "schema": WRITTEN_SCHEMA,
        "assignment": assignment,
        "title": title,
        "name": one_line(name),
        "answers": [question.as_json() | answers[question.item] for question in questions],
        "figures": figures,
        "figures_left_out": left_out,
    }


def _read(root: Path | None, notebook: str) -> tuple[list[NotebookCell], str]:
    """Return the cells of a notebook; if it cannot be read, no cells, and why."""
    file = root / notebook if root is not None and notebook else None
    if file is None or not file.is_file():
        return [], f"{notebook} was not handed in" if notebook else "it is not part of a notebook"
    data = file.read_bytes()
    if is_too_much(data):
        return [], f"{notebook} has too much in it to be read"
    try:
        return read_notebook(data), ""
    except NotebookError as error:
        return [], f"{notebook} {error}"


class _AnswerFiles:
    """The picture files of a submission, and the limit for all pictures that are kept.

    Args:
        root: the folder that the submission was collected into; None if it could not be.
    """

    def __init__(self, root: Path | None) -> None:
        files = sorted(root.rglob("*")) if root is not None else []
        self._files = {file.relative_to(root or "").as_posix(): file for file in files
                       if file.name.lower().endswith(IN_TEXT) and file.is_file()}  # fmt: skip
        self.pictures = Pictures(PICTURES)

    def named_in(self, text: str) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """Return the pictures whose names occur in a text, and why others of them are not kept."""
        kept, left_out = {}, {}
        text = unicodedata.normalize("NFC", unquote(text)).lower()
        for path, file in self._files.items():
            if unicodedata.normalize("NFC", file.name).lower() not in text:
                continue
            is_large = file.stat().st_size > PICTURE_BYTES
            data = b"" if is_large else file.read_bytes()
            picture, why = self.pictures.take_bytes(data)
            if picture:
                kept[one_line(path)] = picture
            else:
                left_out[one_line(path)] = TOO_LARGE if is_large else why
        return kept, left_out

    def attached(self, cell: NotebookCell) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
        """Return the pictures that are attached to a cell, and why others are not kept."""
        attachments = cell.node.get("attachments")
        kept: dict[str, dict[str, str]] = {}
        left_out: dict[str, str] = {}
        for name, data in attachments.items() if isinstance(attachments, Mapping) else ():
            picture, why = self.pictures.take_or_say(data)
            if picture:
                kept[one_line(name)] = picture
            elif len(left_out) < PICTURES:
                left_out[one_line(name)] = why
        return kept, left_out


def _entry(answer: Answer, note: str, answer_files: _AnswerFiles) -> dict[str, Any]:
    answer_files.pictures.allow(PICTURES)
    shown = list(zip(answer.cells, answer.texts, answer.places, strict=True))
    if len(shown) > CELLS:
        note = f"{len(shown) - CELLS} more cells were left out"
    entry: dict[str, Any] = {
        "status": answer.status,
        "note": note,
        "cells": [_cell(cell, text, place, answer_files) for cell, text, place in shown[:CELLS]],
    }
    if answer.question is not None:
        entry["question"] = _cell(answer.question, answer.question.source, "", answer_files)
    if answer.rest:
        entry["rest"] = [
            _cell(cell, cell.source, f"cell {cell.number}", answer_files)
            for cell in answer.rest[:CELLS]
        ]
    return entry


def _cell(cell: NotebookCell, text: str, place: str, answer_files: _AnswerFiles) -> dict[str, Any]:
    attached, attached_left_out = answer_files.attached(cell)
    files, files_left_out = answer_files.named_in(cell.source)
    kept: dict[str, Any] = {
        "kind": cell.kind if cell.kind in ("code", "markdown") else "raw",
        "text": plain_text(text, TEXT_CAP),
        "attachments": attached,
        "outputs": list(_outputs(cell, answer_files.pictures)),
    }
    others = {"place": place, "files": files, "left_out": attached_left_out | files_left_out}
    return kept | {key: value for key, value in others.items() if value}


def _outputs(cell: NotebookCell, pictures: Pictures) -> Iterable[dict[str, str]]:
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
