"""`autograder new` makes a course that passes its audit, with the commands that it names."""

import json
import subprocess
import sys

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AutograderError, UsageError
from autograder.starter import write_assignment


def command(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "autograder", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A new course, after `new`, `claims` and `build`."""
    folder = tmp_path_factory.mktemp("new") / "course"
    folder.mkdir()
    for arguments in (("new", "demo"), ("claims", "demo"), ("build", "demo")):
        done = command(folder, *arguments)
        assert done.returncode == 0, done.stderr
    return folder


def test_its_audit_finds_nothing(course):
    done = command(course, "audit", "demo", "--jobs", 2)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing is wrong" in done.stdout
    figures = json.loads((course / "results/demo/audit/audit.json").read_text())["figures"]
    assert figures["mistakes"]["total"] >= 9 and figures["variants"]["total"] >= 2
    assert figures["mutants"]["total"] > 30


def test_the_complete_solution_has_all_points_and_the_release_none(course):
    assert command(course, "build", "demo", "--solution", "--out", course / "done").returncode == 0
    done = command(course, "grade", "demo", "done", "student_release/demo", "--json")
    solution, release = json.loads(done.stdout)["submissions"]
    assert (solution["score"], solution["possible"], release["score"]) == (10, 8, 0)
    assert {item["status"] for item in release["items"]} == {"not_attempted", "awaiting_manual"}


def test_it_has_a_module_a_notebook_a_written_item_claims_and_extra_credit(course):
    assignment = load_assignment(course, "demo")
    assert assignment.packages and assignment.notebooks[0].needs == ("torch",)
    assert assignment.written_items and any(item.extra for item in assignment.items)
    stated = json.loads((course / "solutions/demo/claims/fit.json").read_text())
    assert stated["numbers"].keys() == {"loss"}
    assert "claims/fit.npz" not in {path.name for path in assignment.release_folder.rglob("*")}


def test_claims_are_saved_once_and_with_the_stand_ins_under_another_name(course):
    again = command(course, "claims", "demo")
    assert again.returncode == 0 and "solutions/demo/claims/fit.json unchanged" in again.stdout
    done = command(course, "claims", "demo", "--stand-in")
    assert done.returncode == 0
    try:
        stated = json.loads((course / "solutions/demo/claims/fit_stand_in.json").read_text())
        assert (stated["name"], stated["weights"]) == ("fit_stand_in", "fit_stand_in.npz")
    finally:
        for file in (course / "solutions/demo/claims").glob("*_stand_in.*"):
            file.unlink()


def test_a_cell_that_fails_saves_nothing(course):
    notebook = course / "solutions/demo/training.py"
    text = notebook.read_text()
    claims = {file: file.read_bytes() for file in (course / "solutions/demo/claims").iterdir()}
    notebook.write_text(text.replace("RATE = 0.1", "RATE = 1 / 0"))
    try:
        done = command(course, "claims", "demo")
    finally:
        notebook.write_text(text)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "cell 3 of training.ipynb failed: ZeroDivisionError" in done.stderr
    assert {file: file.read_bytes() for file in claims} == claims


@pytest.mark.parametrize("name", ["Demo", "a b", "../x", "", "1st"])
def test_a_name_that_is_no_id_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="is not an id"):
        write_assignment(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("place", ["assignment/demo", "solutions/demo", "student_release/demo"])
def test_nothing_that_is_there_is_touched(tmp_path, place):
    (tmp_path / place).mkdir(parents=True)
    with pytest.raises(UsageError, match="it is already there"):
        write_assignment(tmp_path, "demo")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_second_assignment_goes_into_the_same_course(course, tmp_path):
    done = command(course / "solutions", "new", "week-2")
    assert done.returncode == 0 and f"14 files in {course}" in done.stdout
    assert load_assignment(course, "week-2").id == "week-2"


def test_a_copy_of_the_tool_without_the_template_says_so(tmp_path, monkeypatch):
    """Images for grading carry no solutions, so they leave the template out."""
    monkeypatch.setattr("autograder.starter.new.files", lambda _: tmp_path / "tool")
    with pytest.raises(AutograderError, match="has no template for new assignments"):
        write_assignment(tmp_path / "course", "demo")
    assert not (tmp_path / "course").exists()
