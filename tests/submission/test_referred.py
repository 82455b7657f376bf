"""What the files asked for refer to is collected with them, from folders and zips."""

import json
import os

import pytest

from autograder.submission import Limits, Submission, SubmissionError, Wanted, collect, fingerprint

WANTED = Wanted(("shapes/",), ("report.ipynb",), ("claims/*.json",))


def book(*cells):
    nodes = [
        {"cell_type": "markdown" if text.startswith("#") else "code", "source": text}
        for text in cells
    ]
    return json.dumps({"cells": nodes, "nbformat": 4}).encode()


REPORT = book("import helpers\nopen('data/x.csv')", "# ![proof](proof.png)")
OWN = {"helpers.py": b"x = 1\n", "data/x.csv": b"1\n", "proof.png": b"picture"}

PLACES = {
    "at the top": ["report.ipynb", "helpers.py", "data/x.csv", "proof.png"],
    "in a folder": ["hw/report.ipynb", "hw/helpers.py", "hw/data/x.csv", "hw/proof.png"],
    "all loose": ["report.ipynb", "helpers.py", "x.csv", "proof.png"],
    "renamed notebook": ["Report (1).ipynb", "helpers.py", "data/x.csv", "proof.png"],
    "pictures elsewhere": ["hw/report.ipynb", "hw/helpers.py", "hw/data/x.csv", "pics/proof.png"],
    "data elsewhere": ["hw/report.ipynb", "hw/helpers.py", "old/x.csv", "hw/proof.png"],
    "other case": ["report.ipynb", "helpers.py", "Data/X.CSV", "Proof.PNG"],
}
WHAT = [REPORT, *OWN.values()]


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize("name", PLACES)
def test_files_that_are_referred_to_are_collected(make_zip, make_folder, tmp_path, name, packed):
    files = dict(zip(PLACES[name], WHAT, strict=True)) | {"more.csv": b"", "other.py": b""}
    path = make_zip(files) if packed else make_folder(files)
    collected = collect(Submission("a", path), WANTED, tmp_path / "into")
    expected = {"report.ipynb", "helpers.py", "data/x.csv", "proof.png"}
    if name == "other case":
        expected = {"report.ipynb", "helpers.py", "data/x.csv", "proof.png"}
    assert set(collected.files) == expected
    assert (tmp_path / "into/data/x.csv").read_bytes() == b"1\n"
    assert list(collected.modules) == ["helpers"]
    assert collected.referred_files == {"report.ipynb": ("data/x.csv", "helpers.py")}


def test_a_package_leads_to_files_beside_it(make_folder, tmp_path):
    files = {"hw/shapes/area.py": b"from helpers import x\n", "hw/helpers.py": b"import deep\n",
             "hw/deep/__init__.py": b"", "hw/deep/numbers.py": b"", "numpy.py": b""}  # fmt: skip
    collected = collect(Submission("a", make_folder(files)), WANTED, tmp_path / "into")
    assert collected.files == (
        "deep/__init__.py", "deep/numbers.py", "helpers.py", "shapes/area.py"
    )  # fmt: skip


def test_of_two_files_of_one_name_elsewhere_none_is_taken(make_folder, tmp_path):
    files = {"hw/report.ipynb": REPORT, "a/helpers.py": b"1", "b/helpers.py": b"2"}
    collected = collect(Submission("a", make_folder(files)), WANTED, tmp_path / "into")
    assert collected.files == ("report.ipynb",)


@pytest.mark.parametrize(
    ("source", "others"),
    [
        ("open('shapes')", {"shapes": b"x"}),
        ("open('shapes/area.py/x.csv')", {"x.csv": b"1"}),
        ("open('report.ipynb/x.csv')", {"x.csv": b"1"}),
        ("open('data'); open('data/x.csv')", {"data": b"x", "x.csv": b"1"}),
        ("open('data/x.csv'); open('data')", {"data": b"x", "x.csv": b"1"}),
        ("open('.'); open('shapes/.')", {"shapes/.": b"x", ".": b"x"}),
        ("open('shapes/area.py/'); open('/shapes')", {"shapes": b"x"}),
    ],
)
def test_a_file_that_is_a_folder_too_costs_nothing_else(make_zip, tmp_path, source, others):
    """An archive can hold both, and code can name both; a disk cannot have them."""
    files = {"report.ipynb": book(source), "shapes/area.py": f"{source}\n".encode()} | others
    collected = collect(Submission("a", make_zip(files)), WANTED, tmp_path / "into")
    assert {"report.ipynb", "shapes/area.py"} <= set(collected.files)


def test_links_are_not_followed_and_said(make_folder, tmp_path):
    folder = make_folder({"report.ipynb": REPORT})
    (tmp_path / "secret.csv").write_text("secret")
    (folder / "proof.png").symlink_to(tmp_path / "secret.csv")
    (folder / "data").symlink_to(tmp_path)
    os.mkfifo(folder / "helpers.py")
    collected = collect(Submission("a", folder), WANTED, tmp_path / "into")
    assert collected.files == ("report.ipynb",)
    assert "ignored: `proof.png` is a link." in collected.notices
    assert "ignored: `helpers.py` is not a plain file." in collected.notices


@pytest.mark.parametrize("change", ["helpers.py", "data/x.csv", "proof.png", "helpers"])
def test_what_is_referred_to_is_a_part_of_what_was_handed_in(make_folder, tmp_path, change):
    """Otherwise a submission that has changed would not be graded again."""
    folder = make_folder({"report.ipynb": REPORT, **OWN})
    submission = Submission("a", folder)
    known = fingerprint(submission, WANTED)
    before = collect(submission, WANTED, tmp_path / "before").sha256
    if change == "helpers":  # what helpers.py begins to import
        (folder / "helpers.py").write_text("import later\n")
        (folder / "later.py").write_text("x = 2\n")
    else:
        (folder / change).write_bytes(b"another")
    assert fingerprint(submission, WANTED) != known
    assert collect(submission, WANTED, tmp_path / "after").sha256 != before


def test_all_of_it_counts_towards_the_limits(make_folder, tmp_path):
    folder = make_folder({"report.ipynb": REPORT, **OWN, "data/x.csv": bytes(5_000)})
    with pytest.raises(SubmissionError, match="larger than"):
        collect(Submission("a", folder), WANTED, tmp_path / "into", Limits(total_bytes=5_000))


def test_an_endless_file_is_left_out(make_folder, tmp_path):
    folder = make_folder({"report.ipynb": REPORT, **OWN})
    with open(folder / "data/x.csv", "wb") as file:
        file.truncate(1 << 40)
    collected = collect(Submission("a", folder), WANTED, tmp_path / "into")
    assert collected.files == ("helpers.py", "proof.png", "report.ipynb")
    assert "ignored: `data/x.csv` is larger than 50 MB." in collected.notices


def test_a_chain_of_modules_comes_to_an_end(make_folder, tmp_path):
    files = {f"m{n}.py": f"import m{n + 1}, m{n // 2}\n".encode() for n in range(300)}
    folder = make_folder({"report.ipynb": book("import m0"), **files})
    collected = collect(Submission("a", folder), WANTED, tmp_path / "into")
    assert len(collected.files) == 201
    assert any("more than 200 files are referred to" in one for one in collected.notices)
