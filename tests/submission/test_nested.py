"""An archive in a submission is opened once, if the required files are not next to it."""

import io
import os
import tarfile
import zipfile

import pytest

from autograder.submission import Limits, SubmissionError, UnreadableError

from .conftest import AREA, ORDINARY

NOTEBOOK = b'{"cells": []}'


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(files):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return target.getvalue()


INNER = zipped(ORDINARY)


@pytest.mark.parametrize(
    "files",
    [
        {"hw.zip": INNER},
        {"mine/hw.zip": INNER, "essay.pdf": b"x"},
        {"hw.tar.gz": tarred(ORDINARY)},
        {"hw.zip": zipped({f"deep/er/{name}": data for name, data in ORDINARY.items()})},
        {"hw.zip": INNER, "notes.zip": zipped({"a.txt": b"x"})},
        {"hw.zip": INNER, "broken.zip": b"PK\3\4 broken"},
    ],
)
@pytest.mark.parametrize("outer", ["zip", "folder"])
def test_an_archive_in_a_submission_is_opened(make_zip, make_folder, collect_from, files, outer):
    collected = collect_from((make_zip if outer == "zip" else make_folder)(files))
    assert collected.files == tuple(sorted(ORDINARY))
    assert (collected.root / "shapes/area.py").read_bytes() == AREA
    assert any("was opened" in notice for notice in collected.notices)


def test_an_archive_beside_what_is_asked_for_stays_closed(make_zip, collect_from):
    collected = collect_from(
        make_zip({**ORDINARY, "backup.zip": zipped({"shapes/area.py": b"old"})})
    )
    assert (collected.root / "shapes/area.py").read_bytes() == AREA
    assert collected.notices == ()


def test_a_package_in_an_archive_and_a_notebook_beside_it_are_one_submission(
    make_folder, collect_from
):
    folder = make_folder({"hw.zip": INNER, "report.ipynb": NOTEBOOK})
    collected = collect_from(folder, "shapes/", notebooks=("report.ipynb",))
    assert collected.files == ("report.ipynb", *sorted(ORDINARY))


def test_an_archive_in_an_archive_in_an_archive_stays_closed(make_zip, collect_from):
    with pytest.raises(SubmissionError, match=r"no folder `shapes/`"):
        collect_from(make_zip({"a.zip": zipped({"b.zip": INNER})}))


def test_two_archives_with_the_same_package_are_not_guessed_between(make_zip, collect_from):
    with pytest.raises(SubmissionError, match="more than once"):
        collect_from(make_zip({"one.zip": INNER, "two.zip": INNER}))


def test_a_broken_archive_says_why(make_zip, collect_from):
    with pytest.raises(UnreadableError, match=r"`hw.zip` was not opened: The zip is damaged"):
        collect_from(make_zip({"hw.zip": INNER[:-30]}))


@pytest.mark.parametrize(("name", "kind"), [("hw.rar", "a RAR archive"), ("HW.7Z", "a 7z archive")])
def test_a_closed_archive_is_told(make_zip, collect_from, name, kind):
    with pytest.raises(UnreadableError, match=f"{kind}, which grading cannot open; submit a zip"):
        collect_from(make_zip({name: b"Rar!"}))
    with pytest.raises(UnreadableError, match="submit a zip"):
        collect_from(make_zip({name: b"Rar!"}), notebooks=("report.ipynb",))


def test_a_bomb_in_an_archive_stops_at_the_limits(make_zip, collect_from):
    bomb = zipped({**ORDINARY, "shapes/zeros.py": bytes(40_000_000)})
    with pytest.raises(SubmissionError, match="100 times its size"):
        collect_from(make_zip({"hw.zip": bomb}))
    packed = zipped({"hw.zip": zipped({**ORDINARY, "shapes/more.py": bytes(60_000_000)})})
    with pytest.raises(SubmissionError):
        collect_from(make_zip({"hw.zip": packed}))


def test_archives_count_towards_the_size_of_a_submission(make_zip, collect_from):
    large = zipped({**ORDINARY, "data.bin": os.urandom(50_000)})
    with pytest.raises(UnreadableError, match="too large"):
        collect_from(make_zip({"hw.zip": large}), limits=Limits(total_bytes=40_000))


def test_names_in_an_inner_archive_lead_nowhere(make_zip, collect_from, tmp_path):
    inner = zipped({**ORDINARY, "../../evil.py": b"x", "/etc/evil.py": b"x"})
    collected = collect_from(make_zip({"hw.zip": inner}))
    assert collected.files == tuple(sorted(ORDINARY))
    assert not list(tmp_path.rglob("evil.py"))
