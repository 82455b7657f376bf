"""From graded submissions and a sheet that a person fills in to the gradebook."""

import csv

import pytest

from autograder.release import plan_release, solution_files, write_release


@pytest.fixture
def graded(run, course, tiny):
    """The results of anna, who has solved it, and of ben, who has not begun."""
    write_release(solution_files(tiny), course / "anna")
    write_release(plan_release(tiny), course / "ben")
    assert run("grade", "tiny", "anna", "ben").returncode == 0
    return course / "results" / "tiny"


def read(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_sheet_is_made_filled_in_and_merged(run, course, graded):
    done = run("gradebook", "tiny", "results/tiny", "--blank", "sheet.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "sheet.csv: 2 students, 1 item to grade by hand\n"
    sheet = course / "sheet.csv"
    text = sheet.read_text(encoding="utf-8-sig")
    sheet.write_text(text.replace("anna,anna,,", "anna,anna,0.75,"))

    done = run("gradebook", "tiny", "results/tiny", "--written", "sheet.csv")
    assert done.returncode == 0
    assert "of 1 student are not known yet (ben)" in done.stderr
    assert done.stdout.startswith("2 students, 1 complete: results/tiny/\n")
    anna, ben = read(graded / "gradebook-items.csv")
    assert (anna["t1-square"], anna["t1-why"], anna["total"]) == ("2", "0.75", "4.75")
    assert (ben["t1-square"], ben["t1-why"], ben["total"]) == ("0", "", "")
    assert [row["Shapes of arrays"] for row in read(graded / "gradebook-moodle.csv")] == ["4.75"]


def test_mistakes_in_a_sheet_stop_it_before_anything_is_written(run, course, graded):
    (course / "sheet.csv").write_text("student,t1-why\nana,1\nben,2\n")
    done = run("gradebook", "tiny", "results/tiny", "--written", "sheet.csv", "--out", "book")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "autograder: sheet.csv:2: unknown student 'ana'; did you mean 'anna'?",
        "sheet.csv:3: ben, t1-why: 2 points are out of range; write points from 0 to 1",
    ]
    assert not (course / "book").exists()


def test_a_folder_without_results_is_a_usage_error(run, course):
    done = run("gradebook", "tiny", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("autograder: no graded submissions were found; nowhere; ")
