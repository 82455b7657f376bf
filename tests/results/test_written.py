"""What is kept of written answers is inert, bounded and complete."""

import base64
import json

import pytest

from autograder.results import Question, write_answers, written_document
from autograder.results.written import CELLS, PICTURES, TEXT_CAP

WHY = Question("s1-why", "Why it is so", 2.0, "Fits", "report.ipynb")
FIRST_LINE = "**Your answer to `s1-why`** (2 points, read by a person)\n\n"
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"x" * 20).decode()
JPEG = base64.b64encode(b"\xff\xd8\xff" + b"x" * 20).decode()


def markdown(source, **more):
    return {"cell_type": "markdown", "id": "001-answer-s1-why", "source": source} | more


@pytest.fixture
def kept(tmp_path):
    """Keep the answer of a notebook with these cells; the first ids are those of the release."""

    def keep(*cells, data=None):
        if data is None:
            data = json.dumps({"cells": list(cells), "nbformat": 4}).encode()
        (tmp_path / "report.ipynb").write_bytes(data)
        document = written_document("small", "A small one", "anna", [WHY], tmp_path)
        json.dumps(document, allow_nan=False)
        (answer,) = document["answers"]
        return answer

    return keep


def test_an_answer_is_kept_with_its_question(kept):
    assert kept(markdown(FIRST_LINE + "Because $x$.")) == {
        "item": "s1-why",
        "title": "Why it is so",
        "points": 2.0,
        "problem": "Fits",
        "notebook": "report.ipynb",
        "extra": False,
        "status": "answered",
        "note": "",
        "cells": [
            {"kind": "markdown", "text": "Because $x$.", "attachments": {}, "outputs": []},
        ],
    }


def test_pictures_are_kept_if_their_bytes_are_of_a_picture(kept):
    attachments = {
        "a.png": {"image/png": PNG},
        "b.jpg": {"image/jpeg": [JPEG]},
        "liar.png": {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        "c.svg": {"image/svg+xml": "<svg/>"},
        "d.png": {"image/png": "no base64 !"},
        "e.png": 7,
    }
    (cell,) = kept(markdown(FIRST_LINE, attachments=attachments))["cells"]
    assert cell["attachments"] == {
        "a.png": {"mime": "image/png", "data": PNG},
        "b.jpg": {"mime": "image/jpeg", "data": JPEG},
    }


def test_outputs_of_a_students_own_cell_are_kept_as_text_and_pictures(kept):
    outputs = [
        {"output_type": "stream", "text": ["a\x1b[31m", "b"]},
        {"output_type": "display_data", "data": {"image/png": PNG, "text/plain": "<Figure>"}},
        {"output_type": "execute_result", "data": {"text/html": "<b>", "text/plain": "frame"}},
        {"output_type": "display_data", "data": {"application/javascript": "alert(1)"}},
        {"data": 5, "text": 6},
    ]
    code = {"cell_type": "code", "id": "x", "source": "plt.plot()", "outputs": outputs}
    answer = kept(markdown(FIRST_LINE), code)
    assert answer["status"] == "answered"
    assert answer["cells"][1]["outputs"] == [
        {"text": "ab"},
        {"mime": "image/png", "data": PNG},
        {"text": "frame"},
    ]


def test_everything_is_capped(kept):
    pictures = {f"{number}.png": {"image/png": PNG} for number in range(PICTURES + 5)}
    more = [markdown("more", id=f"x{number}") for number in range(CELLS + 5)]
    answer = kept(markdown(FIRST_LINE + "x" * 10 * TEXT_CAP, attachments=pictures), *more)
    assert len(answer["cells"]) == CELLS
    assert answer["note"] == "6 more cells were left out"
    assert len(answer["cells"][0]["text"]) <= TEXT_CAP
    assert len(answer["cells"][0]["attachments"]) == PICTURES


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"", "report.ipynb is empty"),
        (b"{", "report.ipynb is not a notebook: it is not JSON"),
        (b"[" * 100_000, "report.ipynb is not a notebook: it is not JSON"),
        (
            b'{"cells": [' + b"{}," * 1_000_000 + b"1]}",
            "report.ipynb has too much in it to be read",
        ),
    ],
)
def test_a_notebook_that_cannot_be_read_is_said(kept, data, note):
    answer = kept(data=data)
    assert (answer["status"], answer["note"], answer["cells"]) == ("not found", note, [])


def test_a_notebook_that_is_not_there_is_said(tmp_path):
    for root in (tmp_path, None):
        (answer,) = written_document("small", "", "anna", [WHY], root)["answers"]
        assert (answer["status"], answer["note"]) == ("not found", "report.ipynb was not handed in")


def test_the_file_lies_beside_the_results(tmp_path):
    document = written_document("small", "A small one", "../an<n>a", [WHY], None)
    path = write_answers(tmp_path, document)
    assert path.parent.parent == tmp_path and path.name == "written.json"
    assert json.loads(path.read_text())["schema"] == "autograder.written/1"
