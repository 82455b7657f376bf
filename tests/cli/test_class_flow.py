"""A class from the platform's export to its gradebook and its pages."""

import csv
import shutil

import pytest

from autograder.release import plan_release, solution_files, write_release


@pytest.fixture
def graded(run, course, tiny):
    """A Canvas export, graded: anna has handed in twice, ben once and late."""
    write_release(solution_files(tiny), course / "solved")
    write_release(plan_release(tiny), course / "untouched")
    for work, name in (
        ("untouched", "arnoldanna_11_101_work"), ("solved", "arnoldanna_11_102_work-1"),
        ("untouched", "bauerben_LATE_12_103_work"),
    ):  # fmt: skip
        shutil.make_archive(str(course / "export" / name), "zip", course / work)
    done = run("grade", "tiny", "--from", "export")
    assert done.returncode == 0, done.stderr
    return course / "results" / "tiny"


def test_a_class_goes_from_the_export_to_the_gradebook_and_the_pages(run, course, graded):
    sheet = course / "sheet.csv"
    assert run("gradebook", "tiny", "results/tiny", "--blank", sheet).returncode == 0
    text = sheet.read_text(encoding="utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()] == ["student", "(out of)", "11", "12"]
    sheet.write_text(text.replace("\n11,arnoldanna,,", "\n11,arnoldanna,1,"))

    done = run("gradebook", "tiny", "results/tiny", "--written", sheet, "--canvas-id", "canvas")
    assert done.returncode == 0, done.stderr
    with (graded / "gradebook-items.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["student"]: row for row in csv.DictReader(lines)}
    assert rows["11"]["t1-square"] == "2" and rows["11"]["total"] == "5", "the later one counts"
    assert rows["12"]["late"] == "yes" and rows["12"]["total"] == ""
    with (graded / "gradebook-canvas.csv").open(encoding="utf-8", newline="") as lines:
        (_, anna) = csv.DictReader(lines)
    assert (anna["Student"], anna["ID"], anna["Shapes of arrays"]) == ("arnoldanna", "11", "5")

    done = run("report", "results/tiny", "--written", sheet)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 submissions, 2 pages for students")
    pages = {page.name: page.read_text() for page in (graded / "for-students").iterdir()}
    assert set(pages) == {"11.html", "12.html"}
    assert "<strong>5</strong> of 5" in pages["11.html"]
    index = (graded / "index.html").read_text()
    assert "2 students, 2 submissions that count" in " ".join(index.split())
    assert '<span class="mark">late</span>' in index
