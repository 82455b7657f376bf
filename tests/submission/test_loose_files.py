"""Notebooks and modules by themselves, and names that are only compared."""

import zipfile

import pytest

from autograder.submission import SubmissionError, Wanted, collect, find_submissions

from .conftest import AREA, ORDINARY

NOTEBOOK = b'{"cells": []}'


@pytest.mark.parametrize(
    "name",
    ["report.ipynb", "anna.ipynb", "Report (1).ipynb", "report-1.ipynb", "report.ipynb.json",
     "report.ipynb.txt", "hw 1 final FINAL.ipynb", "rep\u200bort.ipynb", "REPORT.IPYNB",
     "Copy of report.ipynb"],
)  # fmt: skip
def test_the_one_notebook_of_an_assignment_may_be_handed_in_by_itself(tmp_path, collect_from, name):
    (tmp_path / name).write_bytes(NOTEBOOK)
    collected = collect_from(tmp_path / name, notebooks=("report.ipynb",))
    assert collected.files == ("report.ipynb",)
    assert bool(collected.notices) == (name != "report.ipynb")


def test_of_several_notebooks_none_is_guessed(make_folder, collect_from):
    folder = make_folder({"a.ipynb": NOTEBOOK, "b.ipynb": NOTEBOOK})
    with pytest.raises(SubmissionError, match="contains nothing that the assignment asks for"):
        collect_from(folder, notebooks=("report.ipynb",))
    with pytest.raises(SubmissionError, match="contains nothing that the assignment asks for"):
        collect_from(folder / "a.ipynb", notebooks=("one.ipynb", "two.ipynb"))


def test_numbers_that_a_platform_adds_are_not_those_of_another_notebook(make_folder, collect_from):
    folder = make_folder({"lab-1.ipynb": NOTEBOOK, "lab-2-1.ipynb": b"{}"})
    collected = collect_from(folder, notebooks=("lab-1.ipynb", "lab-2.ipynb", "lab.ipynb"))
    assert collected.files == ("lab-1.ipynb", "lab-2.ipynb")
    assert (collected.root / "lab-2.ipynb").read_bytes() == b"{}"


def test_names_of_submissions_have_no_endings():
    names = ["a.ipynb", "b.py", "c.tar.gz", "d.tgz", "e.ZIP", "f.rar", "g.ipynb.json", "h.tar"]
    assert [one.name for one in find_submissions(names)] == list("abcdefgh")


MODULES = ("shapes/__init__.py", "shapes/area.py", "shapes/deep/area_of.py", "shapes/deep/same.py",
           "shapes/same.py")  # fmt: skip


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({"area.py": AREA}, ["shapes/area.py"]),
        ({"area-1.py": AREA, "area_of.py": b""}, ["shapes/area.py", "shapes/deep/area_of.py"]),
        ({"mine/area.py": AREA, "mine/x.py": b""}, ["shapes/area.py"]),
        ({"area.py": AREA, "same.py": b"which?"}, ["shapes/area.py"]),
        ({"Area.PY": AREA, "notes.txt": b""}, ["shapes/area.py"]),
        ({"one/area.py": AREA, "two/area.py": AREA}, []),  # which attempt?
        ({"circle.py": AREA}, []),
        ({"same.py": b""}, []),
        ({"shapes/area.py": AREA, "area_of.py": b""}, ["shapes/area.py"]),
    ],
)
def test_modules_without_their_folder_are_put_where_they_belong(
    tmp_path, make_folder, files, taken
):
    wanted = Wanted(("shapes/",), modules=MODULES)
    [submission] = find_submissions([make_folder(files)])
    if not taken:
        with pytest.raises(SubmissionError, match="no folder `shapes/`"):
            collect(submission, wanted, tmp_path / "into")
        return
    assert list(collect(submission, wanted, tmp_path / "into").files) == taken


@pytest.mark.parametrize(
    "top",
    ["\u200fhw1/", "hw1\u200b/", "hw1\ufeff/", "\u202ehw1\u202c/", "\u2066hw\u2069/", "/home/anna/",
     "C:/Users/Anna/", "C:", "//server/share/", "\\\\server\\share\\",
     "hw \U0001F3F4\U000E0067\U000E007F/", "a" * 220 + "/", "/".join("c" * 30) + "/",
     f"{'b' * 100}/" * 6, "C:\\Users\\Anna\\"],
)  # fmt: skip
def test_names_above_are_only_compared(tmp_path, collect_from, top):
    place = tmp_path / "a.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for name, data in ORDINARY.items():
            archive.writestr(zipfile.ZipInfo(top + name), data)
    collected = collect_from(place)
    assert collected.files == tuple(sorted(ORDINARY))


def test_marks_in_a_name_that_is_written_are_left_out(make_folder, collect_from):
    folder = make_folder({"shapes/__init__.py": b"", "shapes/are\u200ba.py": AREA})
    collected = collect_from(folder)
    assert collected.files == tuple(sorted(ORDINARY))
    assert collected.notices == (r"`shapes/are\u200ba.py` was graded as `shapes/area.py`.",)
    again = make_folder({"shapes\ufeff/area.py": AREA}, "again")
    (notice,) = collect(find_submissions([again])[0], Wanted(("shapes/",)), again / "into").notices
    assert "invisible characters" in notice


def test_two_names_that_differ_by_a_mark_are_not_both_taken(make_folder, collect_from):
    folder = make_folder({"shapes/area.py": AREA, "shapes/\u200barea.py": b"other"})
    collected = collect_from(folder)
    assert collected.files == ("shapes/area.py",)
    assert "more than once" in " ".join(collected.notices)
