"""`autograder grade ID --from DIR`, as an instructor runs it over a class."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

METADATA = """
submission_1:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0815'
    :email: ada@example.edu
  - :name: Grace Hopper
    :sid: '0816'
    :email: grace@example.edu
  :created_at: 2026-10-01 12:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: Alan Turing
    :sid: '0817'
    :email: alan@example.edu
  :created_at: 2026-10-01 13:00:00.000000000 Z
"""


@pytest.fixture
def export(course):
    """A Gradescope export: a group with the solution, and a student who doubles."""
    folder = course / "export"
    for number in (1, 2):
        write_release(
            solution_files(load_assignment(course, "tiny")), folder / f"submission_{number}"
        )
    area = folder / "submission_2/shapes/area.py"
    area.write_text(area.read_text().replace("np.multiply(x, x)", "2 * x"))
    (folder / "submission_metadata.yml").write_text(METADATA)
    return folder


def test_a_class_from_the_export_to_a_regrade(run, course, export):
    archive = shutil.make_archive(str(course / "export"), "zip", export)
    done = run("grade", "tiny", "--from", archive, "--jobs", "2", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    scores = {one["name"]: one["score"] for one in document["submissions"]}
    assert scores == {"Ada Lovelace, Grace Hopper 1": 4.0, "Alan Turing 2": 2.0}
    results = course / "results/tiny"
    assert json.loads((results / "grade.json").read_bytes()) == document
    students = json.loads((results / "students.json").read_bytes())["students"]
    assert [(one["student"], one["submission"]) for one in students] == [
        ("0815", "Ada Lovelace, Grace Hopper 1"),
        ("0817", "Alan Turing 2"),
        ("0816", "Ada Lovelace, Grace Hopper 1"),
    ]

    again = run("grade", "tiny", "--from", export, "--json")  # the same files, as a folder
    assert {one["seed"] for one in json.loads(again.stdout)["submissions"]} == {
        one["seed"] for one in document["submissions"]
    }

    test = course / "assignment/tiny/rubric/test_area.py"
    test.write_text(test.read_text().replace("close(x**2", "close(2 * x"))
    told = run("grade", "tiny", "--from", export)
    assert "2 of these submissions were graded before this was changed: the rubric" in told.stderr
    changed = run("grade", "tiny", "--from", export, "--regrade")
    assert "Ada Lovelace, Grace Hopper 1: 4 of 4 -> 3 of 4" in changed.stdout
    assert "t1-square: 2 of 2 passed -> 1 of 2 partial" in changed.stdout
    assert "Alan Turing 2: 2 of 4 -> 3 of 4" in changed.stdout
    assert "row-sums:" not in changed.stdout
    regraded = json.loads((results / "regrade.json").read_bytes())
    assert {one["name"]: one["students"] for one in regraded["submissions"]} == {
        "Ada Lovelace, Grace Hopper 1": ["0815", "0816"],
        "Alan Turing 2": ["0817"],
    }
    nothing = run("grade", "tiny", "--from", export, "--regrade")
    assert "nothing had to be graded again" in nothing.stdout
    assert json.loads((results / "regrade.json").read_bytes()) == regraded


def test_a_submission_by_its_path_is_graded_every_time(run, course, export):
    place = export / "submission_1"
    rubric = course / "assignment/tiny/rubric/test_area.py"
    scores = []
    for old in ("close(x**2", "close(x + 9"):
        rubric.write_text(rubric.read_text().replace("close(x**2", old))
        [graded] = json.loads(run("grade", "tiny", place, "--json").stdout)["submissions"]
        scores.append(graded["score"])
    assert scores == [4.0, 3.0]
    assert not (course / "results/tiny/gradings.sqlite").exists()


def test_what_cannot_be_named_is_said_and_graded(run, course, export):
    shutil.copytree(export / "submission_1", export / "submission_9")
    done = run("grade", "tiny", "--from", export, "--json")
    assert "note: submission_metadata.yml does not name submission_9" in done.stderr
    scores = {one["name"]: one["score"] for one in json.loads(done.stdout)["submissions"]}
    assert scores["submission_9"] == 4.0


def test_a_place_with_nothing_in_it_is_a_usage_error(run, course):
    (course / "empty").mkdir()
    done = run("grade", "tiny", "--from", "empty")
    assert done.returncode == 2
    assert "no submission found; empty" in done.stderr


def test_a_zip_that_is_none_is_a_usage_error(run, course):
    (course / "export.zip").write_bytes(b"Rar!")
    done = run("grade", "tiny", "--from", "export.zip")
    assert done.returncode == 2
    assert "RAR archive" in done.stderr and "Traceback" not in done.stderr


def test_a_broken_submission_costs_nobody_else_anything(run, course, export):
    (export / "submission_2" / "shapes" / "area.py").unlink()
    for file in (export / "submission_2").rglob("*"):
        if file.is_file():
            file.unlink()
    with zipfile.ZipFile(export / "submission_2" / "work.zip", "w") as archive:
        archive.writestr("essay.txt", "no code")
    done = run("grade", "tiny", "--from", export, "--json")
    assert done.returncode == 0
    scores = {one["name"]: one["score"] for one in json.loads(done.stdout)["submissions"]}
    assert scores == {"Ada Lovelace, Grace Hopper 1": 4.0, "Alan Turing 2": 0.0}


_MOUNT = ["unshare", "--mount", "sh", "-c"]


def _can_mount(folder):
    command = [*_MOUNT, 'mount -t tmpfs none "$0"', str(folder)]
    return shutil.which("unshare") and subprocess.run(command, capture_output=True).returncode == 0


@pytest.mark.parametrize("free", [40, 110])  # kilobytes: not even a file of gradings; in the middle
def test_a_full_disk_stops_the_run_and_the_same_command_goes_on(course, export, free):
    small = course / "small"
    small.mkdir()
    if not _can_mount(small):
        pytest.skip("no file system can be mounted here")
    grade = f"{sys.executable} -m autograder grade tiny --from export --out small --json"
    script = f"""
        mount -t tmpfs -o size=256k none small
        dd if=/dev/zero of=small/ballast bs=1k count={256 - free} 2>/dev/null
        {grade} >first.json 2>first.err; echo $? >first.code
        rm small/ballast
        mount -o remount,size=10M small
        {grade} >second.json; echo $? >second.code
        cp -r small kept
    """
    subprocess.run([*_MOUNT, script], cwd=course, check=True)
    told = (course / "first.err").read_text()
    assert (course / "first.code").read_text() == "1\n", told
    assert "free some space" in told and "Traceback" not in told
    assert (course / "second.code").read_text() == "0\n"
    scores = [
        one["score"] for one in json.loads((course / "second.json").read_text())["submissions"]
    ]
    assert scores == [4.0, 2.0]
    assert len(list((course / "kept").glob("*/results.json"))) == 2
