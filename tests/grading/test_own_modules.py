"""A student's own modules and data next to the notebook work, and do not bypass a rule."""

import json
import shutil
from dataclasses import replace

import pytest

from autograder.assignment import load_assignment
from autograder.grading.own_modules import may_be_imported
from autograder.handing_in.references import Module

pytest.importorskip("IPython")

MEAN = "def mean_of(values):\n    return {}\n"
TOTAL = "def total(values):\n    return float(sum(values))\n"


def notebook(*cells):
    code = [
        {"cell_type": "code", "source": cell, "metadata": {}, "outputs": [],
         "execution_count": None}
        for cell in cells
    ]  # fmt: skip
    return json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def noted(course):
    """The assignment whose notebook may use numpy and matplotlib only."""
    toml = course / "assignment" / "noted" / "assignment.toml"
    allowed = 'allowed_imports = ["numpy", "matplotlib"]'
    toml.write_text(toml.read_text().replace('banned_imports = ["torch"]', allowed))
    return load_assignment(course, "noted")


RIGHT = {
    "module": (
        ["from helpers import total", MEAN.format("total(values) / len(values)")],
        {"helpers.py": TOTAL},
    ),
    "module of a module": (
        ["import one", MEAN.format("one.total(values) / len(values)")],
        {"one.py": "from two.three import total\n", "two/three.py": TOTAL, "two/__init__.py": ""},
    ),
    "folder on the path": (
        ["import sys\nsys.path.append('src')\nimport helpers",
         MEAN.format("helpers.total(values) / len(values)")],
        {"src/helpers.py": TOTAL},
    ),
    "script that is run": (
        ["%run helpers.py", MEAN.format("total(values) / len(values)")],
        {"helpers.py": TOTAL},
    ),
    "data": (
        ["import numpy as np\none = np.loadtxt('data/one.csv')",
         MEAN.format("float(sum(values) / len(values) * one)")],
        {"data/one.csv": "1.0\n"},
    ),
    "data beside a module": (
        ["import helpers", MEAN.format("float(sum(values) / len(values) * helpers.ONE)")],
        {"helpers.py": "from pathlib import Path\n"
                       "ONE = float((Path(__file__).parent / 'one.csv').read_text())\n",
         "one.csv": "1.0\n"},
    ),
    "file that is written again": (
        ["open('log.txt', 'a').write('run')", MEAN.format("float(sum(values) / len(values))")],
        {"log.txt": "before\n"},
    ),
}  # fmt: skip
LATE = "def mean_of(values):\n    {}\n    return total(values) / len(values)\n"
WRONG = {
    "rules hold in modules": (
        [LATE.format("from helpers import total")],
        {"helpers.py": "import mpmath\n" + TOTAL},
        "helpers.py, line 1 imports mpmath; helpers may import numpy, matplotlib and the",
    ),
    "and in those that they import": (
        [LATE.format("from one import total")],
        {"one.py": "from two import total\n", "two.py": "import scipy\n" + TOTAL},
        "two.py, line 1 imports scipy; two may import numpy, matplotlib and the",
    ),
    "and in scripts": (
        [LATE.format("total = __import__('runpy').run_path('helpers.py')['total']")],
        {"helpers.py": "import mpmath\n" + TOTAL},
        "mpmath may not be used in this assignment's code",
    ),
    "what is not referred to is not there": (
        [LATE.format("total = __import__('help' + 'ers').total")],
        {"helpers.py": TOTAL},
        "helpers may not be used",
    ),
}


@pytest.fixture
def graded(noted, grade, tmp_path):
    """Grade several submissions at once; returns the item of the mean by name."""

    def graded(cases):
        for name, (cells, files, *_) in cases.items():
            for path, text in {"squares.ipynb": notebook("STEPS = 8", *cells), **files}.items():
                file = tmp_path / "handed" / name / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
        folders = [tmp_path / "handed" / name for name in cases]
        records = grade(noted, *folders, items=["n1-mean"])
        return {record.name: record for record in records}

    return graded


def test_what_lies_beside_the_notebook_can_be_used(graded):
    records = graded(RIGHT)
    assert {name: records[name].items[0].status for name in RIGHT} == dict.fromkeys(RIGHT, "passed")


def test_rules_hold_for_it(graded):
    records = graded(WRONG)
    assert {name: records[name].score for name in WRONG} == dict.fromkeys(WRONG, 0.0)
    for name, (_, _, words) in WRONG.items():
        assert words in records[name].items[0].message, name


def test_a_package_and_its_helper_have_the_same_rules(course, grade, tiny_solution, tmp_path):
    toml = course / "assignment" / "tiny" / "assignment.toml"
    toml.write_text(
        toml.read_text().replace('banned_imports = ["torch"]', 'allowed_imports = ["numpy"]')
    )
    tiny = load_assignment(course, "tiny")
    area = "import helpers\n\n\ndef square(x):\n    return helpers.square(x)\n"
    for name, first in (("right", "import numpy as np"), ("wrong", "import mpmath")):
        shutil.copytree(tiny_solution, tmp_path / name)
        (tmp_path / name / "shapes" / "area.py").write_text(area)
        helper = f"{first}\n\n\ndef square(x):\n    return x * x\n"
        (tmp_path / name / "helpers.py").write_text(helper)
    right, wrong = grade(tiny, tmp_path / "right", tmp_path / "wrong", items=["t1-square"])
    assert (right.score, wrong.score) == (2.0, 0.0)
    words = "helpers.py, line 1 imports mpmath; helpers may import numpy and the standard library"
    assert words in wrong.items[0].message
    assert right.brought[0].startswith("helpers.py, 5 lines")


@pytest.mark.parametrize(
    "name",
    ["numpy", "matplotlib", "torch", "sklearn", "scipy", "IPython", "support", "squares", "json",
     "autograder", "msgpack", "pytest", "rubric_support_scaling", "_sysconfigdata_x", "__main__"],
)  # fmt: skip
def test_no_module_has_the_name_of_something_else(noted, name):
    kept, notices = may_be_imported(noted, {name: Module("", ("squares.ipynb",))})
    assert kept == {}
    [notice] = notices
    assert notice.startswith(f"`{name}` next to the notebooks is not imported: a library, or a ")


def test_modules_that_ship_are_among_them(noted):
    shipping = replace(noted, copy=("requirements.txt", "tools.py", "more/deep.py"))
    kept, notices = may_be_imported(shipping, {})
    assert (sorted(kept), notices) == (["more", "tools"], [])


def test_other_names_are_kept(noted):
    modules = {"helpers": Module("", ("squares.ipynb",)), "Squares": Module("src", ())}
    assert may_be_imported(noted, modules) == (modules, [])
