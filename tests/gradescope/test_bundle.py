"""The zip for Gradescope: what is in it, what is not, and that it is the same everywhere."""

import io
import os
import stat
import subprocess
import sys
import zipfile

import pytest

from autograder.assignment import load_assignment
from autograder.audit import load_catalogue
from autograder.errors import AutograderError
from autograder.gradescope.bundle import bundle_files, zip_bytes
from autograder.gradescope.config import Config, read_config
from autograder.gradescope.needs import datasets_of, extras_of

SOLUTION_LINE = "np.multiply(x, x)"


def bundle(folder, *options):
    command = [sys.executable, "-m", "autograder", "bundle", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def archive(course):
    assert bundle(course, "tiny").returncode == 0
    return zipfile.ZipFile(course / "dist" / "tiny" / "autograder.zip")


def text_of(archive, name):
    return archive.read(name).decode()


def test_the_scripts_are_at_the_root_and_can_be_run(archive):
    for name in ("setup.sh", "run_autograder"):
        assert stat.S_IMODE(archive.getinfo(name).external_attr >> 16) == 0o755
        assert text_of(archive, name).startswith("#!/usr/bin/env bash\n")
    assert stat.S_IMODE(archive.getinfo("bundle.json").external_attr >> 16) == 0o644


def test_it_is_the_same_from_another_checkout_at_another_time(course, archive):
    first = (course / "dist/tiny/autograder.zip").read_bytes()
    for file in course.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
        file.chmod(0o700)
    assert bundle(course, "tiny", "--out", "elsewhere").returncode == 0
    assert (course / "elsewhere/autograder.zip").read_bytes() == first


def test_a_changed_rubric_changes_it(course, archive):
    first = (course / "dist/tiny/autograder.zip").read_bytes()
    with (course / "assignment/tiny/rubric/test_area.py").open("a") as file:
        file.write("# one more line\n")
    bundle(course, "tiny")
    assert (course / "dist/tiny/autograder.zip").read_bytes() != first


def test_lines_end_as_on_unix_whatever_git_has_made_of_them(course):
    whole = bundle_files(load_assignment(course, "tiny"), Config("tiny"), ())
    rubric = course / "assignment/tiny/rubric/test_area.py"
    rubric.write_bytes(rubric.read_bytes().replace(b"\n", b"\r\n"))
    assert bundle_files(load_assignment(course, "tiny"), Config("tiny"), ()) == whole
    assert not any(b"\r\n" in content for content in whole.values())


def test_neither_solutions_nor_known_mistakes_are_in_it(course, archive):
    names = [name for name in archive.namelist() if name.startswith("course/")]
    assert not {"solutions", "catalogue"} & {part for name in names for part in name.split("/")}
    everything = "".join(archive.read(name).decode("utf-8", "replace") for name in names)
    assignment = load_assignment(course, "tiny")
    assert SOLUTION_LINE in (assignment.solutions / "shapes/area.py").read_text()
    assert SOLUTION_LINE not in everything
    mistakes = load_catalogue(assignment).mistakes
    assert mistakes and not [one.id for one in mistakes if one.title in everything]


def test_the_rubric_and_the_tool_are_in_it_whole(archive, tmp_path):
    names = set(archive.namelist())
    home = "course/assignment/tiny"
    assert {f"{home}/assignment.toml", f"{home}/rubric/test_area_hidden.py"} <= names
    assert f"{home}/rubric/support/scaling.py" in names
    assert not [name for name in names if "__pycache__" in name or "/." in name]
    archive.extractall(tmp_path)
    loaded = load_assignment(tmp_path / "course", "tiny")
    assert len(loaded.tests) == 4
    command = [
        sys.executable,
        "-P",
        "-c",
        "import autograder.gradescope.run as r; print(r.__file__)",
    ]
    done = subprocess.run(
        command, cwd="/", env={"PYTHONPATH": str(tmp_path / "tool")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(str(tmp_path))


def test_what_is_installed_follows_from_what_the_items_need(course):
    tiny, noted = load_assignment(course, "tiny"), load_assignment(course, "noted")
    assert (extras_of(tiny), datasets_of(tiny)) == ((), ())
    assert (extras_of(noted), datasets_of(noted)) == (("running",), ())
    toml = course / "assignment/tiny/assignment.toml"
    text = toml.read_text().replace("timeout_s = 10\n", 'timeout_s = 10\nneeds = ["mnist"]\n', 1)
    toml.write_text(text)
    tiny = load_assignment(course, "tiny")
    assert (extras_of(tiny), datasets_of(tiny)) == (("assignments",), ("mnist",))
    files = bundle_files(tiny, Config("tiny"), extras_of(tiny))
    lines = files["requirements.txt"].decode().splitlines()
    assert lines == ["--extra-index-url ${TORCH_INDEX}", "./tool[assignments]"]


def test_limits_that_add_up_to_more_than_gradescope_gives_are_told_of(course):
    assert bundle(course, "tiny", "--time-limit", "2").stderr == ""
    toml = course / "assignment/tiny/assignment.toml"
    toml.write_text(toml.read_text().replace("timeout_s = 10", "timeout_s = 100"))
    done = bundle(course, "tiny", "--time-limit", "3")
    assert done.returncode == 0
    assert "3 minutes, more than the 3 of --time-limit" in done.stderr
    assert bundle(course, "tiny", "--time-limit", "41").returncode == 2


def test_an_unknown_assignment_and_a_place_that_cannot_be_written_are_usage_errors(course):
    assert bundle(course, "tinny").returncode == 2
    (course / "dist").write_text("in the way")
    done = bundle(course, "tiny")
    assert done.returncode == 2
    assert "give another --out DIR" in done.stderr and "Traceback" not in done.stderr


def test_the_configuration_comes_back_as_it_was_written(tmp_path):
    config = Config("a", ("mnist",), 1200, True)
    (tmp_path / "bundle.json").write_text(config.text())
    assert read_config(tmp_path) == config


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"assignment": "a"}', "\xff"])
def test_a_configuration_that_is_none_is_told(tmp_path, text):
    (tmp_path / "bundle.json").write_text(text, encoding="latin-1")
    with pytest.raises(AutograderError, match="does not say what it grades"):
        read_config(tmp_path)


def test_a_file_that_can_be_run_is_one_that_says_how():
    archive = zipfile.ZipFile(io.BytesIO(zip_bytes({"b": b"#!/bin/sh\n", "a": b"# no\n"})))
    assert [entry.filename for entry in archive.infolist()] == ["a", "b"]
    rights = [stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()]
    assert rights == [0o644, 0o755]
