"""Files that answer an item: what a student reads about them, and what a grading person sees."""

import io
import json

import pytest

from autograder.assignment import load_assignment
from autograder.report.written import make_written

from .conftest import COURSE

PDF = (COURSE / "solutions/filed/derivations.pdf").read_bytes()
ITEM = "f2-derivation"


def picture(kind="PNG", size=(40, 30)):
    image = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    image.new("RGB", size, "white").save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, ""),
        ({"derivations.pdf": None, "scans/1.jpg": "JPEG"}, ""),
        ({"derivations.pdf": None}, "derivations.pdf or scans/*.jpg was not handed in."),
        ({"derivations.pdf": b""}, "derivations.pdf is empty."),
        ({"derivations.pdf": b"# text"}, "derivations.pdf is not a PDF or a picture"),
        ({"derivations.pdf": PDF[:300]}, "derivations.pdf is cut off"),
        ({"derivations.pdf": PDF + b" " * 2_000_000}, "has 2.0 MB, more than the 2 MB"),
        ({"derivations.pdf": PDF.replace(b"/Size", b"/Encrypt 9 0 R /Size")}, "is encrypted"),
        (
            {"derivations.pdf": b"II*\0" + bytes(99)},
            "is a TIFF picture, which browsers do not show",
        ),
    ],
    ids=["right", "scan", "none", "empty", "text", "cut off", "large", "encrypted", "tiff"],
)
def test_the_record_waits_for_a_person_and_says_what_is_wrong(outcome, files, words):
    files = {path: picture(data) if data == "JPEG" else data for path, data in files.items()}
    item = outcome(ITEM, files)
    assert (item.status, item.score, item.points) == ("awaiting_manual", 0.0, 2.0)
    assert (words in item.student_message) if words else item.student_message == ""


def test_the_readme_of_the_release_is_no_answer(filed, outcome):
    from autograder.release import plan_release

    [released] = [data for path, data in plan_release(filed).items() if path == "README.md"]
    item = outcome("f2-readme", {"README.md": released})
    assert item.student_message == "README.md is still the file that came with the assignment."


@pytest.fixture
def pages(filed, hand_in, grade, tmp_path):
    """Grade a hand-in with other files and make its pages; return its page and the notices."""

    def made(files=None):
        results = tmp_path / "results"
        grade(filed, hand_in(files), items=[ITEM, "f2-readme"], results=results)
        notices = make_written(results).notices
        return (results / "ada/written.html").read_text(), notices

    return made


def test_pages_and_texts_are_shown_and_the_file_is_next_to_them(pages, tmp_path):
    pytest.importorskip("pypdfium2")
    page, notices = pages()
    assert notices == ()
    assert page.count('<img src="data:image/jpeg;base64,') == 1
    assert "Run `python descent.py` with the rate 0.05" in page
    assert (tmp_path / "results/ada/files/f2-derivation-1.pdf").read_bytes() == PDF
    questions = (tmp_path / "results/by-question/f2-derivation.html").read_text()
    assert '<img src="data:image/jpeg;base64,' in questions


def test_scans_are_turned_upright_and_made_smaller(pages):
    page, _ = pages({"derivations.pdf": None, "scans/1.jpg": picture("JPEG", (3000, 20))})
    image = pytest.importorskip("PIL.Image")
    import base64

    shown = page.partition("data:image/jpeg;base64,")[2].partition('"')[0]
    assert image.open(io.BytesIO(base64.b64decode(shown))).size[0] == 1200


def png_bomb():
    """A PNG of 30,000 × 30,000 pixels, which are all black, in 30 kB."""
    import struct
    import zlib

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(30_000 // 8 + 1) * 300)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {"derivations.pdf": b"%PDF-1.4\n" + b"garbage " * 9 + b"%%EOF"},
            "cannot be read as a PDF",
        ),
        ({"derivations.pdf": None, "scans/1.jpg": png_bomb()}, "has 30,000 × 30,000 pixels"),
        ({"derivations.pdf": None, "scans/1.jpg": picture()[:60]}, "cannot be read as a picture"),
        (
            {"derivations.pdf": PDF.replace(b"[0 0 300 200]", b"[0 0 999999 9]")},
            "has a page of an odd size",
        ),
    ],
    ids=["garbage", "bomb", "cut off", "page"],
)
def test_a_file_that_cannot_be_drawn_costs_its_picture_only(pages, files, words):
    pytest.importorskip("pypdfium2")
    page, notices = pages(files)
    assert notices == () and words in page
    assert "<img" not in page and "Run `python descent.py`" in page


def test_names_of_files_are_text_on_the_page(pages):
    page, _ = pages({"derivations.pdf": None, "scans/<img src=x onerror=alert(1)>.jpg": b"no"})
    assert "onerror" not in page or "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_a_class_with_files_has_pages_and_a_gradebook_column(filed, hand_in, grade, tmp_path):
    results = tmp_path / "results"
    grade(filed, hand_in(), results=results)
    kept = json.loads((results / "ada/written.json").read_text())
    assert [answer["item"] for answer in kept["answers"]] == [ITEM, "f2-readme"]
    assert kept["answers"][0]["files"][0]["format"] == "pdf"


def test_an_assignment_that_asks_for_files_is_read(filed):
    again = load_assignment(COURSE, "filed")
    item = again.item(ITEM)
    assert item.requested.patterns == ("derivations.pdf", "scans/*.jpg")
    assert item.requested.most_bytes == 2_000_000 and item in again.written_items
