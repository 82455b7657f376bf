"""Pictures next to a notebook or attached to it are kept, or a reason is given."""

import base64
import json

import pytest

from autograder.handing_in.requested import picture_kind
from autograder.results import Question, pictures, written_document
from autograder.results.pictures import Pictures

WHY = Question("s1-why", "Why", 2.0, "Fits", "report.ipynb")
FIRST_LINE = "**Your answer to `s1-why`** (2 points)\n\n"
KINDS = {
    "image/png": b"\x89PNG\r\n\x1a\n....",
    "image/jpeg": b"\xff\xd8\xff\xe0....",
    "image/gif": b"GIF89a....",
    "image/webp": b"RIFF\x10\0\0\0WEBPVP8 ",
    "image/avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1miaf",
    "image/heic": b"\0\0\0\x24ftypheic\0\0\0\0mif1heic",
    "image/tiff": b"II*\0....",
    "image/bmp": b"BM\x46\0\0\0\0\0\0\0....",
}
NONE = [
    b"", b"<svg onload=alert(1)>", b"%PDF-1.7", b"\0\0\0\x20ftypisom\0\0\0\0isom", b"BMX is text",
    b"RIFF\x10\0\0\0WAVEfmt ", b"<html>", b"PK\x03\x04", b"\x7fELF", b"GIF88a", b" \x89PNG",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_told_by_its_bytes(kind):
    assert picture_kind(KINDS[kind]) == kind


@pytest.mark.parametrize("raw", NONE)
def test_what_is_no_picture_is_none(raw):
    assert picture_kind(raw) == ""
    assert Pictures(3).take_bytes(raw)[0] is None


@pytest.fixture
def kept(tmp_path):
    """Keep the answer with this text, with these files next to the notebook."""

    def keep(text, files, **more):
        cell = {"cell_type": "markdown", "id": "001-answer-s1-why", "source": FIRST_LINE + text}
        document = {"cells": [cell | more], "nbformat": 4}
        (tmp_path / "report.ipynb").write_text(json.dumps(document))
        for path, data in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_bytes(data)
        (answer,) = written_document("small", "Small", "anna", [WHY], tmp_path)["answers"]
        return answer["cells"][0]

    return keep


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["![x](a b.pic)", "<img src='img/a%20b.pic'>", "see A B.PIC"])
def test_a_file_that_an_answer_names_is_kept(kept, kind, text):
    name = "img/a b.png"  # whatever its bytes are
    cell = kept(text.replace("pic", "png").replace("PIC", "PNG"), {name: KINDS[kind]})
    data = base64.b64encode(KINDS[kind]).decode()
    assert cell["files"] == {name: {"mime": kind, "data": data}}


@pytest.mark.parametrize("kind", KINDS)
def test_an_attachment_is_kept_whatever_it_is_called(kept, kind):
    data = base64.b64encode(KINDS[kind]).decode()
    cell = kept("![x](attachment:a)", {}, attachments={"a": {"image/anything": data}})
    assert cell["attachments"] == {"a": {"mime": kind, "data": data}}


def test_a_file_that_no_answer_names_is_not_kept(kept):
    assert "files" not in kept("Because.", {"a.png": KINDS["image/png"]})


def test_a_photograph_of_eight_megabytes_is_kept(kept):
    photo = KINDS["image/jpeg"] + bytes(8_000_000)
    cell = kept("![x](photo.jpg)", {"photo.jpg": photo})
    assert base64.b64decode(cell["files"]["photo.jpg"]["data"]) == photo
    data = base64.b64encode(photo).decode()
    cell = kept("![x](attachment:p.jpg)", {}, attachments={"p.jpg": {"image/jpeg": data}})
    assert cell["attachments"]["p.jpg"]["data"] == data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xff\xd8\xff" + bytes(100), "it is larger than 25 MB"),
        (b"<svg/>", "it is of a kind that this page does not show"),
    ],
)
def test_why_a_picture_is_not_kept_is_said(kept, monkeypatch, data, why):
    from autograder.results import written

    for module in (pictures, written):
        monkeypatch.setattr(module, "PICTURE_BYTES", 50)
    assert kept("![x](a.png)", {"a.png": data})["left_out"] == {"a.png": why}


def test_there_is_an_end_to_the_bytes_of_all_pictures(monkeypatch):
    monkeypatch.setattr(pictures, "PICTURES_BYTES", 30)
    taking = Pictures(10)
    assert taking.take_bytes(b"\xff\xd8\xff" + bytes(20))[0]
    taking.allow(10)
    words = "there are too many pictures for this page"
    assert taking.take_bytes(b"\xff\xd8\xff" + bytes(20)) == (None, words)
