"""run_autograder as Gradescope runs it, on a folder in place of /autograder."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

import pytest

from autograder.audit import apply_entry, load_catalogue
from autograder.release import solution_files, write_release

from . import stand_in
from .stand_in import items, metadata

# It never ends for the hidden test's matrices: all public tests come before the first hidden one.
LOOPS = """

def row_sums(X):
    while X.shape[1] == 2:
        pass
    return X.sum(axis=1)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A stand-in for /autograder with the tiny assignment installed; do not write to it."""
    base = tmp_path_factory.mktemp("gradescope") / "autograder"
    course = stand_in.Path(__file__).parent.parent / "course"
    command = [sys.executable, "-m", "autograder", "bundle", "tiny", "--out", str(base)]
    subprocess.run(command, cwd=course, check=True, capture_output=True)
    stand_in.unpack(base / "autograder.zip", base)
    stand_in.own_python(base)
    command = [sys.executable, "-m", "autograder.gradescope.install"]
    subprocess.run(command, cwd=base / "source", check=True)
    return base


@pytest.fixture
def base(installed, tmp_path):
    shutil.copytree(installed, tmp_path / "autograder")
    return tmp_path / "autograder"


def local_items(record):
    return {
        item.id: (item.status, None if item.status == "awaiting_manual" else item.score)
        for item in record.items
    }


def test_scores_and_words_are_those_of_local_grading(
    base, grade, tiny, tiny_solution, tiny_release, tmp_path
):
    paths = [tiny_solution, tiny_release]
    for entry in load_catalogue(tiny).mistakes:
        folder = tmp_path / entry.id
        write_release(apply_entry(entry, solution_files(tiny)), folder)
        paths.append(folder)
    assert len(paths) > 3
    there = [stand_in.grade(base, path) for path in paths]
    [seed] = {document["extra_data"]["seed"] for document, _ in there}
    for (document, printed), record in zip(there, grade(tiny, *paths, seed=seed), strict=True):
        assert {item: found[:2] for item, found in items(document).items()} == local_items(record)
        for item in record.items:
            if item.student_message:
                assert items(document)[item.id][2] == item.student_message.strip()
        assert document["score"] == record.score
        assert '"schema": "autograder.grade/1"' in printed


def test_isolation_versions_seed_and_device_are_in_the_results(base, tiny_solution):
    document, _ = stand_in.grade(base, tiny_solution)
    extra = document["extra_data"]
    assert extra["isolation"]["mode"] == "gradescope"
    assert extra["isolation"]["layers"]["seccomp"] == "active"
    assert extra["versions"]["device"] == "cpu"
    assert extra["versions"]["autograder"]
    assert extra["seed_from"] == "this installation's key and the submission's number"
    again, _ = stand_in.grade(base, tiny_solution)
    assert again["extra_data"]["seed"] == extra["seed"]
    other, _ = stand_in.grade(base, tiny_solution, metadata(id=123457))
    assert other["extra_data"]["seed"] != extra["seed"]


def test_hidden_tests_results_and_metadata_are_closed_to_others(base, tiny_solution):
    stand_in.grade(base, tiny_solution)
    for name in ("source", "results", "submission"):
        assert stat.S_IMODE((base / name).stat().st_mode) == 0o700
    assert stat.S_IMODE((base / "submission_metadata.json").stat().st_mode) == 0o600


def test_what_hidden_tests_find_is_for_instructors_only(base, submission):
    handed_in = submission()
    area = handed_in / "shapes/area.py"
    area.write_text(area.read_text() + "\n\ndef square(x):\n    x *= x\n    return x\n")
    document, printed = stand_in.grade(base, handed_in)
    assert "test_square_keeps_its_argument" in printed
    assert "test_square_keeps_its_argument" not in json.dumps(document)
    assert document["stdout_visibility"] == "hidden"


def wait_for(base, ready):
    """Wait until the results say so; they must be valid at every moment."""
    until = time.monotonic() + stand_in.SECONDS
    while time.monotonic() < until:
        if (base / "results" / "results.json").exists():
            document = stand_in.read_results(base)
            if ready(document):
                return document
        time.sleep(0.01)
    raise AssertionError("it did not come about")


def first_is_graded(document):
    return any("score" in entry for entry in document.get("tests", ()))


@pytest.fixture
def half_way(base, submission):
    """A run whose first item is graded, and whose second never ends."""
    handed_in = submission()
    area = handed_in / "shapes/area.py"
    area.write_text(area.read_text() + LOOPS)
    stand_in.hand_in(base, handed_in, metadata())
    process = stand_in.start(base, start_new_session=True)
    try:
        yield process, wait_for(base, first_is_graded)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_results_are_written_after_every_item(half_way):
    _, document = half_way
    assert items(document)["t1-square"][:2] == ("passed", 2.0)
    *_, score, words = items(document)["t1-row-sums"]
    assert score is None and words.startswith("Not graded yet.")
    assert document["score"] == 2.0


def test_a_kill_loses_nothing_that_was_graded(base, half_way):
    process, _ = half_way
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert items(stand_in.read_results(base))["t1-square"][:2] == ("passed", 2.0)


def test_whoever_asks_it_to_end_gets_results_that_say_so(base, half_way):
    process, _ = half_way
    process.terminate()
    printed, _ = process.communicate(timeout=30)
    assert "time limit exceeded" in printed
    found = items(stand_in.read_results(base))
    assert found["t1-square"][:2] == ("passed", 2.0)
    assert found["t1-row-sums"][1] is None
    assert "the time for one submission was up" in found["t1-row-sums"][2]


def test_it_ends_before_gradescope_ends_it(base, submission):
    configuration = json.loads((base / "source/bundle.json").read_text())
    configuration["time_limit_s"] = 48  # 45 of them are held back
    (base / "source/bundle.json").write_text(json.dumps(configuration))
    handed_in = submission()
    area = handed_in / "shapes/area.py"
    area.write_text(area.read_text() + LOOPS)
    document, _ = stand_in.grade(base, handed_in)
    found = items(document)
    assert found["t1-square"][:2] == ("passed", 2.0)
    assert "the time for one submission was up" in found["t1-row-sums"][2]
    assert "not a mistake" not in document["output"]


def test_what_public_tests_have_found_is_told_where_hidden_ones_were_not_run(base, submission):
    hidden = base / "source/course/assignment/tiny/rubric/test_area_hidden.py"
    hidden.write_text(hidden.read_text().replace("import numpy", "import time\nimport numpy"))
    waits = '    """square(x) leaves x as it was."""\n'
    assert waits in hidden.read_text()
    hidden.write_text(hidden.read_text().replace(waits, f"{waits}    time.sleep(600)\n"))
    handed_in = submission()
    area = handed_in / "shapes/area.py"
    area.write_text(area.read_text() + "\n\ndef row_sums(X):\n    return X.sum(0)\n")
    stand_in.hand_in(base, handed_in, metadata())
    process = stand_in.start(base, start_new_session=True)
    try:
        wait_for(base, lambda document: json.dumps(document).count("Checks that were run") == 2)
        process.terminate()
        process.communicate(timeout=stand_in.SECONDS)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    document = stand_in.read_results(base)
    for item in ("t1-square", "t1-row-sums"):
        _, score, words = items(document)[item]
        assert score is None and words.startswith("Not graded: the time for one submission was up")
    assert "passed: 1" in items(document)["t1-square"][2]
    assert "passed: 0" in items(document)["t1-row-sums"][2]
    assert "row_sums(X)" in items(document)["t1-row-sums"][2]
    assert "not a mistake" not in document["output"]


def test_valid_results_stand_there_before_python_starts(base, tiny_solution):
    (base / "grader/bin/python").write_text("#!/bin/sh\nexit 1\n")
    stand_in.hand_in(base, tiny_solution, metadata())
    process = stand_in.start(base)
    process.communicate(timeout=30)
    assert "not a mistake of yours" in stand_in.read_results(base)["output"]


def test_nobody_reads_half_of_the_results_that_stand_there_first(base, tiny_solution):
    """The file is replaced, never written in place: what stood there before stays as it was."""
    (base / "grader/bin/python").write_text("#!/bin/sh\nexit 1\n")
    stand_in.hand_in(base, tiny_solution, metadata())
    (base / "results").mkdir(exist_ok=True)
    before = base / "results/results.json"
    before.write_text("of the run before")
    with before.open() as reader:
        stand_in.start(base).communicate(timeout=30)
        assert reader.read() == "of the run before"
    assert "not a mistake of yours" in stand_in.read_results(base)["output"]


@pytest.mark.parametrize("missing", ["bundle.json", "course/assignment/tiny/assignment.toml"])
def test_a_bundle_that_is_not_whole_is_ours_to_blame(base, tiny_solution, missing):
    (base / "source" / missing).unlink()
    document, printed = stand_in.grade(base, tiny_solution)
    assert "not a mistake of yours" in document["output"]
    assert "autograder: nothing more could be graded" in printed
    assert "Traceback" not in printed


def test_a_rubric_that_breaks_off_is_ours_to_blame(base, tiny_solution):
    rubric = base / "source/course/assignment/tiny/rubric/test_area.py"
    rubric.write_text(rubric.read_text().replace("import pytest", "import pytest\nimport nothing"))
    document, _ = stand_in.grade(base, tiny_solution)
    assert "because of an error in the grader" in document["output"]
    assert items(document)["t1-square"][1] is None


@pytest.fixture
def measuring(base):
    """A bundle whose rubric notes figures, one of them in an item that is not shown."""
    home = base / "source/course/assignment/tiny"
    for name in ("test_area.py", "test_area_hidden.py"):
        text = (home / "rubric" / name).read_text()
        text = text.replace("(student, rng):", "(student, rng, measured):")
        text = text.replace('"""Public', '"""Noting. Public')
        text = text.replace(
            "    check(student.shapes.area.square(", '    measured("Accuracy (%)", 91.256)\n'
            "    check(student.shapes.area.square(", 1,
        )  # fmt: skip
        text = text.replace(
            "    check(student.shapes.area.row_sums(", '    measured("Secret (%)", 12.5)\n'
            "    check(student.shapes.area.row_sums(", 1,
        )  # fmt: skip
        (home / "rubric" / name).write_text(text)
    toml = (home / "assignment.toml").read_text()
    toml = toml.replace('title = "Sum of each row"', 'title = "Sum"\nvisibility = "hidden"')
    (home / "assignment.toml").write_text(toml)
    return base


@pytest.mark.parametrize("asked", [True, False])
def test_figures_of_what_everybody_sees_are_on_the_leaderboard_when_asked_for(
    measuring, tiny_solution, asked
):
    configuration = json.loads((measuring / "source/bundle.json").read_text())
    (measuring / "source/bundle.json").write_text(
        json.dumps(configuration | {"leaderboard": asked})
    )
    document, _ = stand_in.grade(measuring, tiny_solution)
    assert document["score"] == 4.0
    entry = {"name": "Accuracy (%)", "value": 91.26, "order": "desc"}
    assert document.get("leaderboard") == ([entry] if asked else None)
    assert "Secret" not in json.dumps(document)


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "The submission is empty."), ("notes.txt", "The submission has no folder `shapes/`")],
)
def test_a_submission_that_holds_nothing_is_told(base, tmp_path, name, words):
    folder = tmp_path / "handed in"
    folder.mkdir()
    if name:
        (folder / name).write_text("hello")
    document, _ = stand_in.grade(base, folder)
    assert document["score"] == 0
    assert words in items(document)["t1-square"][2]


def test_a_repository_is_graded_where_the_package_lies_in_it(base, tiny_solution, tmp_path):
    repository = tmp_path / "repository"
    shutil.copytree(tiny_solution, repository / "homework")
    (repository / ".git").mkdir()
    (repository / ".git/config").write_text("[core]\n")
    document, _ = stand_in.grade(base, repository, metadata(submission_method="GitHub"))
    assert document["score"] == 4.0
    assert document["extra_data"]["submission"]["method"] == "GitHub"


@pytest.mark.parametrize("about", ["", "[]", '{"users": 3}'])
def test_metadata_of_another_form_change_no_score(base, tiny_solution, about):
    stand_in.hand_in(base, tiny_solution, about)
    process = stand_in.start(base)
    process.communicate(timeout=stand_in.SECONDS)
    document = stand_in.read_results(base)
    assert document["score"] == 4.0
    assert document["extra_data"]["seed_from"] == "drawn for this run alone"
