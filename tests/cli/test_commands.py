"""The commands, as a person or a script runs them: output, files, exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.results import validate_results


@pytest.fixture
def solution(run):
    done = run("build", "tiny", "--solution", "--out", run.course / "complete")
    assert done.returncode == 0, done.stderr
    return run.course / "complete"


def test_list_shows_what_there_is(run):
    done = run("list")
    assert done.stdout.splitlines() == [
        "noted: Means and squares (3 items, 5 points by tests, 1 by hand)",
        "tiny: Shapes of arrays (3 items, 4 points by tests, 1 by hand)",
    ]
    assert done.returncode == 0


def test_build_writes_the_release_and_check_finds_it_current(run):
    assert run("build", "--check").returncode == 1
    assert run("build").returncode == 0
    assert (run.course / "student_release" / "tiny" / "shapes" / "area.py").is_file()
    again = run("build", "tiny")
    assert "nothing to change" in again.stdout
    assert run("build", "--check").returncode == 0


@pytest.mark.parametrize("change", ["edited", "deleted", "added", "solution changed"])
def test_build_check_names_what_is_stale_and_writes_nothing(run, change):
    run("build", "tiny")
    release = run.course / "student_release" / "tiny"
    area = release / "shapes" / "area.py"
    source = run.course / "solutions" / "tiny" / "shapes" / "area.py"
    if change == "edited":
        area.write_text(area.read_text() + "# hello\n")
    elif change == "deleted":
        area.unlink()
    elif change == "added":
        (release / "notes.txt").write_text("x")
    else:
        source.write_text(source.read_text().replace("Square each entry.", "Square every entry."))
    before = {path: path.read_bytes() for path in release.rglob("*") if path.is_file()}
    done = run("build", "tiny", "--check")
    assert done.returncode == 1
    name = "notes.txt" if change == "added" else "shapes/area.py"
    assert f"student_release/tiny/{name}" in done.stderr
    assert "run `autograder build tiny`" in done.stderr
    assert before == {path: path.read_bytes() for path in release.rglob("*") if path.is_file()}


def test_a_mistake_in_the_sources_is_told_with_file_and_line_and_nothing_is_written(run):
    area = run.course / "solutions" / "tiny" / "shapes" / "area.py"
    area.write_text(area.read_text().replace("# END SOLUTION", "# END SOLUTON", 1))
    done = run("build", "tiny")
    assert done.returncode == 1
    assert "solutions/tiny/shapes/area.py:" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (run.course / "student_release").exists()


def test_grade_prints_a_table_and_writes_results(run, solution):
    done = run("grade", "tiny", solution)
    assert done.returncode == 0, done.stderr
    assert "t1-square" in done.stdout and "complete" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines()[:10])
    results = run.course / "results" / "tiny"
    assert json.loads((results / "grade.json").read_text())["submissions"][0]["score"] == 4.0
    gradescope = (results / "complete" / "results.json").read_bytes()
    assert [finding for finding in validate_results(gradescope) if finding.level == "error"] == []


def test_grade_json_is_one_document_and_nothing_else(run, solution):
    done = run(
        "grade", "tiny", solution, "--json", "--seed", "7", "--out", run.course / "elsewhere"
    )
    document = json.loads(done.stdout)
    assert document["schema"] == "autograder.grade/1"
    assert document["assignment"] == "tiny"
    [submission] = document["submissions"]
    assert submission["name"] == "complete"
    assert (submission["score"], submission["possible"], submission["seed"]) == (4.0, 4.0, 7)
    assert set(submission["isolation"]) == {"mode", "layers"}
    assert [item["status"] for item in submission["items"]] == [
        "passed", "passed", "awaiting_manual",
    ]  # fmt: skip
    assert done.stderr == ""
    assert (run.course / "elsewhere" / "complete" / "results.json").is_file()


def test_grade_from_a_folder_takes_every_folder_and_zip(run, solution):
    incoming = run.course / "incoming"
    shutil.copytree(solution, incoming / "ada")
    shutil.make_archive(str(incoming / "grace"), "zip", solution)
    (incoming / "notes.txt").write_text("not a submission")
    done = run("grade", "tiny", "--from", incoming, "--jobs", "2", "--json")
    submissions = json.loads(done.stdout)["submissions"]
    assert [(one["name"], one["score"]) for one in submissions] == [("ada", 4.0), ("grace", 4.0)]


def test_grade_items_takes_globs(run, solution):
    done = run("grade", "tiny", solution, "--items", "t1-s*,t1-why", "--json")
    [submission] = json.loads(done.stdout)["submissions"]
    assert [item["id"] for item in submission["items"]] == ["t1-square", "t1-why"]
    assert submission["possible"] == 2.0


def test_a_path_that_is_not_there_does_not_stop_the_others(run, solution):
    done = run("grade", "tiny", "nowhere.zip", solution, "--json")
    assert done.returncode == 2
    scores = {one["name"]: one["score"] for one in json.loads(done.stdout)["submissions"]}
    assert scores == {"nowhere": 0.0, "complete": 4.0}
    assert "nowhere.zip" in done.stderr


def test_a_grader_error_is_a_finding(run, solution):
    rubric = run.course / "assignment" / "tiny" / "rubric" / "test_area.py"
    rubric.write_text(rubric.read_text().replace("    X = rng", "    no_such_name\n    X = rng"))
    done = run("grade", "tiny", solution)
    assert done.returncode == 1
    assert "the grader failed on the items marked grader_error" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grade", "tinny", "x"], "did you mean 'tiny'"),
        (["grade", "tiny", "x", "--items", "t1-sqare"], "did you mean 't1-square'"),
        (["grade", "tiny"], "nothing to grade"),
        (["grade", "tiny", "--from", "nowhere"], "nowhere"),
        (["grade", "tiny", "x", "--jobs", "0"], "--jobs"),
        (["build", "tinny"], "did you mean 'tiny'"),
        (["build", "tiny", "--solution"], "--out"),
        (["bild"], "bild"),
    ],
)
def test_usage_errors_exit_with_2_and_one_clear_message(run, arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_outside_of_a_course_the_message_says_so(run, tmp_path):
    done = run("list", cwd=tmp_path)
    assert done.returncode == 2
    assert "assignment" in done.stderr and "Traceback" not in done.stderr


def test_results_that_cannot_be_written_are_told(run, solution):
    blocked = run.course / "blocked"
    blocked.write_text("a file where a folder should be")
    done = run("grade", "tiny", solution, "--out", blocked)
    assert done.returncode == 1
    assert "blocked" in done.stderr and "Traceback" not in done.stderr


def test_names_of_submissions_cannot_act_on_the_terminal(run, solution):
    evil = run.course / "\x1b[31mevil\x07"
    shutil.copytree(solution, evil)
    done = run("grade", "tiny", evil)
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout
    assert "evil" in done.stdout


def test_help_is_there_for_every_command(run):
    for command in ("list", "build", "grade"):
        done = run(command, "--help")
        assert done.returncode == 0 and done.stdout.startswith("Usage: autograder " + command)


def test_the_module_runs_like_the_command():
    done = subprocess.run(
        [Path(sys.executable).parent / "autograder", "--version"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith("autograder, version ")


@pytest.fixture
def temporary():
    """A folder for temporary files that workers of another id can come into."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@pytest.mark.parametrize("command", ["grade", "audit"])
def test_ctrl_c_ends_in_one_sentence(run, solution, temporary, tmp_path, command):
    """The signal goes to everything that a terminal has started, and nothing is left behind."""
    words = ["tiny", str(solution)] if command == "grade" else ["tiny"]
    # A shell's background jobs ignore the signal, and so would what they start.
    heed = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    code = f"{heed}; runpy.run_module('autograder', run_name='__main__')"
    with subprocess.Popen(
        [sys.executable, "-c", code, command, *words, "--out", str(tmp_path / "out")],
        cwd=run.course, env=os.environ | {"TMPDIR": str(temporary)}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        while process.poll() is None and not list(temporary.glob("autograder-judge-*")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.startswith("autograder: stopped") and errors.count("\n") == 1
    assert not list(temporary.iterdir())
