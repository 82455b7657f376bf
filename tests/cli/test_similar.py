"""The list of submissions that are alike, from the command line."""

import pytest

pytest.importorskip("copydetect", reason="copydetect is not installed (extra: similarity)")

LONG = "\n\n" + "\n".join(
    f"def helper_{number}(a, b):\n    c = [a[{number}] + b for b in range({number})]\n"
    f"    return sum(c) ** {number} - len(a) // {number + 1}\n"
    for number in range(1, 6)
)


@pytest.fixture
def submissions(run, course):
    """Three submissions, of which two are alike, and one that is damaged."""
    assert run("build", "tiny").returncode == 0
    stub = (course / "student_release/tiny/shapes/area.py").read_text()
    for name, own in (("anna", LONG), ("ben", LONG.replace("helper", "my_own")), ("clara", "")):
        folder = course / "handed-in" / name / "shapes"
        folder.mkdir(parents=True)
        (folder / "area.py").write_text(stub + own)
    (course / "handed-in" / "dora.zip").write_bytes(b"damaged")
    return course / "handed-in"


def test_a_pair_is_listed_with_the_caveat_and_a_page(run, course, submissions):
    done = run("similar", "tiny", "--from", submissions)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "100% of anna, 100% of ben",
        "4 submissions, 1 pair alike: results/tiny/similar.html",
    ]
    assert "a reason to read both submissions, and nothing more" in done.stdout
    assert done.stderr.startswith("autograder: left out: dora: ")
    page = course / "results/tiny/similar.html"
    assert "What this does not prove" in page.read_text()
    assert page.stat().st_mode & 0o077 == 0, "it names students"


def test_of_a_canvas_export_the_last_submission_of_each_student_is_compared(
    run, course, submissions
):
    """Two submissions of anna are alike, which is not listed."""
    import shutil

    export = course / "export"
    for name, canvas in (
        ("anna", "arnoldanna_11_101_work"), ("anna", "arnoldanna_11_102_work-1"),
        ("clara", "coleclara_12_103_work"),
    ):  # fmt: skip
        shutil.make_archive(str(export / canvas), "zip", submissions / name)
    done = run("similar", "tiny", "--from", export)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 submissions, 0 pairs alike: ")


def test_nothing_to_compare_and_a_missing_stub_are_usage_errors(run, submissions, course):
    done = run("similar", "tiny")
    assert done.returncode == 2 and done.stderr.startswith("autograder: nothing to compare; ")
    done = run("similar", "noted", "--from", submissions)
    assert done.returncode == 2 and "run `autograder build noted`" in done.stderr


def test_grading_never_compares(run, submissions, course):
    done = run("grade", "tiny", submissions / "anna")
    assert done.returncode == 0
    assert not (course / "results/tiny/similar.html").exists()
