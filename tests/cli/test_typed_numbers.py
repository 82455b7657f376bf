"""Numbers that students type, next to numbers from a platform: graded for real."""

import json
import shutil

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release


@pytest.fixture
def right_zip(course, tmp_path):
    folder = tmp_path / "right"
    write_release(solution_files(load_assignment(course, "tiny")), folder)
    return shutil.make_archive(str(tmp_path / "right"), "zip", folder)


def gradescope(place, sid, email, submission):
    (place / "submission_7").mkdir(parents=True)
    shutil.copy(submission, place / "submission_7/submission.zip")
    (place / "submission_metadata.yml").write_text(
        f"submission_7:\n  :submitters:\n  - :name: Eve\n    :sid: '{sid}'\n    :email: {email}\n"
        "  :created_at: 2026-10-02 12:00:00.000000000 Z\n"
    )


@pytest.mark.parametrize(
    "other", ["adalovelace_1001_5001_hw.zip", "Ada_1001_assignsubmission_file_.zip"]
)
def test_a_typed_number_takes_nobodys_place_on_another_platform(
    run, course, right_zip, tmp_path, other
):
    (course / "class").mkdir()
    shutil.copy(right_zip, course / "class" / other)
    empty = tmp_path / "empty"
    (empty / "shapes").mkdir(parents=True)
    (empty / "shapes/area.py").write_text("")
    gradescope(course / "late", "1001", "eve@x", shutil.make_archive(str(empty), "zip", empty))
    for place in ("class", "late"):
        done = run("grade", "tiny", "--from", course / place)
        assert done.returncode == 0, done.stderr
    record = json.loads((course / "results/tiny/students.json").read_bytes())
    [ada] = [one for one in record["students"] if one["student"] == "1001"]
    [eve] = [one for one in record["students"] if one["student"] == "eve@x"]
    assert ada["submission"] != eve["submission"]
    assert ada["superseded"] == eve["superseded"] == []
    assert "eve@x typed the number 1001" in done.stderr
