"""From the solution of a notebook to the page that a person grades."""

import json
import subprocess
import sys

import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry
from autograder.audit.catalogue import CatalogueEntry
from autograder.planted.changes import FileChange
from autograder.release import plan_release, solution_files, write_release


@pytest.fixture
def noted(course):
    return load_assignment(course, "noted")


def without(noted, how):
    """The complete solution with one change to its notebook."""
    entry = CatalogueEntry("e", "", (), "", (FileChange("squares.py", how),), "")
    return apply_entry(entry, solution_files(noted))


def test_written_answers_go_from_the_submission_to_the_pages(run, course, noted):
    write_release(solution_files(noted), course / "anna")
    model = r"To their mean $\bar x$: the derivative $2 \sum_i (c - x_i)$ is zero there only."
    blank = {"find": model, "replace": "*Write here; replace this line.*"}
    write_release(without(noted, blank), course / "ben")
    write_release(without(noted, {"delete_cell": "Your answer to"}), course / "clara")
    (course / "dora").mkdir()
    done = run("grade", "noted", "anna", "ben", "clara", "dora", "--items", "n1-why")
    assert done.returncode == 0, done.stderr
    kept = json.loads((course / "results/noted/anna/written.json").read_text())
    assert kept["answers"][0]["cells"][0]["text"] == model
    done = run("report", "results/noted")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("4 submissions, 4 pages for students, 1 written question")
    assert done.stdout.endswith(": results/noted/index.html\n")
    pages = {
        name: (course / f"results/noted/{name}/written.html").read_text()
        for name in ("anna", "ben", "clara", "dora")
    }
    assert "To their mean <math" in pages["anna"] and "____ of 1 point<" in pages["anna"]
    assert "nothing is written in the cell for this answer" in pages["ben"]
    assert "the cell for this answer is not in the notebook" in pages["clara"]
    assert "squares.ipynb was not handed in" in pages["dora"]


@pytest.fixture
def graded(run, course, noted):
    """The results of anna, who has solved it, for the written item only."""
    write_release(solution_files(noted), course / "anna")
    assert run("grade", "noted", "anna", "--items", "n1-why").returncode == 0
    return course / "results" / "noted"


def test_points_given_by_hand_are_on_the_students_page(run, course, graded):
    (course / "sheet.csv").write_text("student,n1-why\nanna,0.75\n")
    done = run("report", "results/noted", "--only", "students", "--written", "sheet.csv")
    assert (done.returncode, done.stderr) == (0, "")
    page = (graded / "for-students/anna.html").read_text()
    assert "Means and squares: <bdi>anna</bdi>" in page, "the title is that of assignment.toml"
    assert "graded by a person" in page and "<strong>0.75</strong> of 1" in page
    assert not (graded / "index.html").exists() and not (graded / "written.html").exists()


def test_mistakes_in_points_given_by_hand_are_told(run, course, graded):
    (course / "sheet.csv").write_text("student,n1-why\nanna,7\n")
    done = run("report", "results/noted", "--written", "sheet.csv")
    assert done.returncode == 1
    assert done.stderr.startswith("autograder: sheet.csv:2: anna, n1-why: 7 points are out of ")


def test_outside_of_the_course_pages_are_made_and_sheets_refused(graded, tmp_path):
    command = [sys.executable, "-m", "autograder", "report", str(graded), "--only", "class"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "<title>noted: the class</title>" in (graded / "index.html").read_text()
    done = subprocess.run(
        [*command, "--written", "x.csv"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and "its assignment is not known here" in done.stderr


def test_the_page_of_the_class_leads_to_written_answers(run, course, graded):
    done = run("report", "results/noted", "--no-pdf")
    assert (done.returncode, done.stderr) == (0, "")
    page = (graded / "index.html").read_text()
    for link in ("written.html", "by-question/n1-why.html", "anna/written.html",
                 "for-students/anna.html"):  # fmt: skip
        assert f'href="{link}"' in page and (graded / link).is_file()
    assert not (graded / "anna/written.pdf").exists()


def test_a_folder_without_results_is_a_usage_error(run, course):
    (course / "empty").mkdir()
    done = run("report", "empty")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("autograder: no graded submissions were found; empty; ")


def test_the_release_of_a_notebook_can_be_handed_in(run, course, noted):
    """Untouched: everything there is to say is said, and the zip is made."""
    assert run("build", "noted").returncode == 0
    release = course / "student_release" / "noted"
    command = [sys.executable, "hand_in.py", "--no-checks"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [line[4:] for line in done.stdout.splitlines() if line.startswith("  ! ")]
    missing, not_run, not_written = found
    assert missing == "claims/*.json is missing; the notebooks write it when they are run"
    assert not_run.startswith("squares.ipynb was not run, or saved without its outputs; ")
    assert not_written == "squares.ipynb: the answer to n1-why is not written yet"
    assert (release / "submission.zip").is_file() and (release / "receipt.json").is_file()


@pytest.mark.slow
def test_a_finished_notebook_is_handed_in_without_a_complaint(course, noted):
    """Jupyter runs it, hand_in.py looks at what Jupyter has saved and runs the public checks."""
    release = course / "work"
    write_release(plan_release(noted) | solution_files(noted), release)
    jupyter = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run([*jupyter, "squares.ipynb"], cwd=release, check=True, capture_output=True)
    command = [sys.executable, "hand_in.py"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "  ! " not in done.stdout, done.stdout
    assert "  the checks: " in done.stdout and "no warnings" in done.stdout
