"""What counts as a student's code."""

import json
import shutil

import pytest

from autograder.assignment import load_assignment
from autograder.errors import UsageError
from autograder.release import plan_release, write_release
from autograder.similarity import code_of, stub_of
from autograder.submission import find_submissions


def code_at(assignment, path):
    return code_of(assignment, find_submissions([path])[0])


def test_modules_are_read_from_folders_and_zips_but_not_what_was_given(
    tiny, tiny_solution, tmp_path
):
    code = code_at(tiny, tiny_solution)
    assert [path for path, _ in code.files] == ["shapes/area.py"]
    archive = shutil.make_archive(str(tmp_path / "work"), "zip", tiny_solution)
    assert code_at(tiny, archive).files == code.files


def test_of_notebooks_the_code_cells_are_read(course, tmp_path):
    noted = load_assignment(course, "noted")
    cells = [
        {"cell_type": "markdown", "source": ["An essay"], "metadata": {}},
        {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "outputs": [{"text": "printed"}],
         "metadata": {}, "execution_count": 1},
        {"cell_type": "code", "source": "z = 3\r\n", "outputs": [], "metadata": {},
         "execution_count": 2},
    ]  # fmt: skip
    (tmp_path / "anna").mkdir()
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (tmp_path / "anna" / "squares.ipynb").write_text(json.dumps(notebook))
    code = code_at(noted, tmp_path / "anna")
    assert code.files == (("squares.ipynb", "x = 1\ny = 2\n\nz = 3\n\n"),)


@pytest.mark.parametrize("content", ["{", "", "[]"])
def test_a_notebook_that_is_none_is_left_out_with_a_notice(course, tmp_path, content):
    noted = load_assignment(course, "noted")
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "squares.ipynb").write_text(content)
    code = code_at(noted, tmp_path / "anna")
    assert code.files == ()
    assert len(code.notices) == 1 and code.notices[0].startswith("anna: squares.ipynb is ")


def test_a_submission_that_cannot_be_read_is_left_out_with_a_notice(tiny, tmp_path):
    (tmp_path / "anna.zip").write_bytes(b"no zip")
    code = code_at(tiny, tmp_path / "anna.zip")
    assert code.files == () and code.notices[0].startswith("anna: ")


def test_a_file_that_nobody_has_typed_is_left_out(tiny, tmp_path):
    folder = tmp_path / "anna" / "shapes"
    folder.mkdir(parents=True)
    (folder / "area.py").write_text("x = 1\n" * 100_000)
    code = code_at(tiny, tmp_path / "anna")
    assert code.files == () and "is longer than" in code.notices[0]


def test_the_stub_is_the_release_that_students_got(course):
    assignment = load_assignment(course, "tiny")
    with pytest.raises(UsageError, match="run `autograder build tiny`"):
        stub_of(assignment)
    write_release(plan_release(assignment), assignment.release_folder)
    ((path, text),) = stub_of(assignment).files
    assert path == "shapes/area.py" and "NotImplementedError" in text
