"""What is collected of a submission does not depend on whether it has travelled."""

import os
import zipfile

import pytest

from autograder.batch.submission_zip import packed, unpacked
from autograder.submission import Limits, Submission, SubmissionError, Wanted, collect
from autograder.submission.entries import EntryError
from autograder.submission.opening import open_source

WANTED = Wanted(packages=("shapes/",), notebooks=("report.ipynb",), patterns=("claims/*.json",))


def taken(submission, into):
    """What is collected, and what is said about the rest."""
    try:
        collected = collect(submission, WANTED, into)
    except SubmissionError as error:
        return str(error)
    files = {path: (into / path).read_bytes() for path in collected.files}
    return files, collected.notices, collected.sha256


def put(folder, files):
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


@pytest.mark.parametrize(
    "files",
    [
        {"shapes/__init__.py": "", "shapes/area.py": "x = 1", "report.ipynb": "{}"},
        {"mine/shapes/area.py": "x", "mine/report (1).ipynb": "{}", "essay.txt": "y"},
        {"shapes/area.py": "x", "shapes/fast.so": "b", "venv/lib/a.py": "z", ".git/x": ""},
        {"shapes/area.py": "x", "claims/a.json": "{}", "copy/shapes/area.py": "y"},
        {"a/shapes/area.py": "x", "b/shapes/area.py": "y"},  # which one?
        {"essay.txt": "nothing to grade"},
        {"report.ipynb": "{}", "hw.zip": "broken"},
    ],
)
def test_a_folder_is_collected_alike_here_and_there(tmp_path, files):
    folder = tmp_path / "ada"
    put(folder, files)
    here = Submission("ada", folder)
    (tmp_path / "far").mkdir()
    there = unpacked("ada", packed(here, WANTED), tmp_path / "far")
    assert taken(there, tmp_path / "there") == taken(here, tmp_path / "here")


def test_links_and_pipes_are_left_out_alike(tmp_path):
    folder = tmp_path / "ada"
    put(folder, {"shapes/area.py": "x"})
    (folder / "shapes/link.py").symlink_to("/etc/passwd")
    os.mkfifo(folder / "shapes/pipe.py")
    here = Submission("ada", folder)
    (tmp_path / "far").mkdir()
    there = unpacked("ada", packed(here, WANTED), tmp_path / "far")
    result = taken(here, tmp_path / "here")
    assert taken(there, tmp_path / "there") == result
    assert len(result[1]) >= 2


def test_contents_that_nobody_asks_for_do_not_travel(tmp_path):
    folder = tmp_path / "ada"
    put(folder, {"shapes/area.py": "x", "data/large.csv": "1" * 1_000_000})
    assert len(packed(Submission("ada", folder), WANTED)) < 10_000


def test_a_zip_travels_as_it_is_and_nothing_as_nothing(tmp_path):
    archive = tmp_path / "ada.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("shapes/area.py", "x")
    assert packed(Submission("ada", archive), WANTED) == archive.read_bytes()
    nothing = Submission("bob", tmp_path / "nowhere")
    there = unpacked("bob", packed(nothing, WANTED), tmp_path)
    assert taken(there, tmp_path / "there") == taken(nothing, tmp_path / "here")


@pytest.mark.parametrize("listed", [1, 2, 3])
def test_a_hard_link_to_another_students_file_does_not_travel(tmp_path, listed):
    folder = tmp_path / "class" / "ada"
    put(folder, {"shapes/area.py": "x"})
    (tmp_path / "secret.py").write_text("of bob")
    os.link(tmp_path / "secret.py", folder / "shapes/more.py")
    here = Submission("ada", folder, folder.parent)
    data = packed(here, WANTED)
    assert b"of bob" not in data
    source = open_source(here, Limits())
    for _ in range(listed):
        entries = source.entries()
    [shared] = [entry for entry in entries if entry.parts[-1] == "more.py"]
    with pytest.raises(EntryError, match="hard link"):
        list(source.read(shared))
    source.close()


def test_an_archive_in_a_folder_travels_where_it_is_needed(tmp_path):
    folder = tmp_path / "ada"
    put(folder, {"report.ipynb": "{}"})
    for name in ("hw.zip", "other.zip"):
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr("shapes/area.py" if name == "hw.zip" else "essay.txt", "x")
    here = Submission("ada", folder)
    (tmp_path / "far").mkdir()
    there = unpacked("ada", packed(here, WANTED), tmp_path / "far")
    result = taken(here, tmp_path / "here")
    assert taken(there, tmp_path / "there") == result
    assert set(result[0]) == {"report.ipynb", "shapes/area.py"}


@pytest.mark.parametrize("name", ["report.ipynb", "anna.ipynb"])
def test_a_notebook_by_itself_travels_under_its_name(tmp_path, name):
    put(tmp_path, {name: "{}"})
    here = Submission("ada", tmp_path / name)
    (tmp_path / "far").mkdir()
    there = unpacked("ada", packed(here, WANTED), tmp_path / "far")
    assert taken(there, tmp_path / "there") == taken(here, tmp_path / "here")
