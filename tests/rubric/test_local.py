"""On a student's machine notebooks run as in grading: short, on small data, once."""

import json
import os
import sys

import numpy as np
import pytest

from autograder.datasets import Dataset, write_prepared
from autograder.rubric.local import local_server
from autograder.rubric.student import StudentConnection, StudentProxy

CELLS = (
    "EPOCHS = 30",
    "from autograder import datasets\ndata = datasets.mnist()",
    "import os\nplace, folder = os.environ['AUTOGRADER_DATA'], os.getcwd()",
    "with open('runs.txt', 'a') as file:\n    file.write('once')",
    "from shapes import area",
)


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A release with a notebook, and data for it."""
    cells = [{"cell_type": "code", "source": source} for source in CELLS]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    described = {
        "packages": {"shapes": {"path": "shapes", "banned_imports": []}},
        "notebooks": {
            "analysis": {
                "path": "analysis.ipynb",
                "fast": {"EPOCHS": 2},
                "data": {"train": 8, "validation": 4, "test": 4},
                "full_timeout_s": 3600.0,
            }
        },
    }
    folder = tmp_path / "release"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "assignment.json").write_text(json.dumps(described))
    (folder / "analysis.ipynb").write_text(json.dumps(notebook))
    (folder / "shapes").mkdir()
    (folder / "shapes" / "__init__.py").write_text("def area(side):\n    return side**2\n")
    images, labels = np.zeros((40, 28, 28), np.uint8), np.arange(40) % 2
    splits = (images, labels) * 3
    write_prepared(Dataset("mnist", "stand-in", *splits, ("a", "b")), tmp_path / "data")
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path / "data"))
    return folder


@pytest.fixture
def student(release):
    server = local_server(release, seed=1)
    yield StudentProxy(StudentConnection(server.handle, release))
    sys.meta_path.remove(server.finder)
    sys.modules.pop("shapes", None)


def test_a_notebook_runs_short_and_on_small_data(student):
    assert student.analysis.EPOCHS == 2
    assert student.analysis.data.kind == "reduced"
    assert len(student.analysis.data.train_labels) == 8


def test_the_settings_are_as_they_were(student, tmp_path):
    assert student.analysis.place != os.environ["AUTOGRADER_DATA"] == str(tmp_path / "data")
    assert not os.path.exists(student.analysis.place)


def test_nothing_is_written_beside_the_students_files(student, release):
    assert student.analysis.folder != str(release)
    names = {path.name for path in release.iterdir()}
    assert names == {"tests", "analysis.ipynb", "shapes"}


def test_it_runs_once(student):
    for _ in range(2):
        assert student.analysis.area(3) == 9
        student.figures("analysis")
    with open(f"{student.analysis.folder}/runs.txt") as file:
        assert file.read() == "once"


def test_a_folder_without_a_release_has_no_workbench(tmp_path):
    assert local_server(tmp_path, seed=1) is None


@pytest.mark.parametrize(
    ("helper", "words"),
    [
        ("def total(x): return sum(x)\n", ""),
        ("import mpmath\ndef total(x): return sum(x)\n", "helpers.py, line 1 imports mpmath; "),
    ],
)
def test_own_modules_and_data_are_as_in_grading(release, monkeypatch, helper, words):
    described = json.loads((release / "tests/assignment.json").read_text())
    described["notebooks"]["analysis"]["allowed_imports"] = ["numpy"]
    described["packages"]["shapes"]["allowed_imports"] = ["numpy"]
    (release / "tests/assignment.json").write_text(json.dumps(described))
    cells = ["def f():\n    from own_helpers import total\n    return total([1, 2])",
             "text = open('data/x.csv').read()"]  # fmt: skip
    notebook = {"nbformat": 4, "cells": [{"cell_type": "code", "source": one} for one in cells]}
    (release / "analysis.ipynb").write_text(json.dumps(notebook))
    (release / "data").mkdir()
    (release / "data/x.csv").write_text("1\n")
    (release / "own_helpers.py").write_text(helper)
    (release / "shapes/area.py").write_text("import own_helpers\n")
    server = local_server(release, seed=1)
    try:
        student = StudentProxy(StudentConnection(server.handle, release))
        assert student.analysis.text == "1\n"
        if words:
            with pytest.raises(BaseException, match=words):
                student.analysis.f()
        else:
            assert student.analysis.f() == 3
    finally:
        sys.meta_path.remove(server.finder)
        for name in ("shapes", "own_helpers"):
            sys.modules.pop(name, None)
