"""Lists of imports and bans of names in a whole grading: packages, notebooks, items; additions."""

import json
import re
import shutil
from dataclasses import replace

import pytest

from autograder.assignment import load_assignment
from autograder.assignment.spec import CodeRules
from autograder.errors import AutograderError
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.requirements import ensure_installed
from autograder.grading.test_phases import worker_name
from autograder.report.whole_class.refused import refusals
from autograder.results import write_results
from autograder.results.grade_document import grade_document
from autograder.sandbox.modes import present_mode


@pytest.fixture
def with_rules(course):
    """An assignment with lines added to one of its tables."""

    def change(name, **lines):
        toml = course / "assignment" / name / "assignment.toml"
        text = toml.read_text().replace('banned_imports = ["torch"]\n', "")
        for old, new in lines.values():
            assert text.count(old) == 1
            text = text.replace(old, f"{old}\n{new}")
        toml.write_text(text)
        return load_assignment(course, name)

    return change


@pytest.fixture
def hand_in(tiny_solution, tmp_path):
    def hand_in(**modules):
        folder = tmp_path / "somebody"
        shutil.copytree(tiny_solution, folder)
        for name, text in modules.items():
            file = folder / "shapes" / f"{name}.py"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return folder

    return hand_in


AREA = "import numpy as np\n{}\ndef square(x): return x * x\ndef row_sums(X): return {}\n"
PACKAGE = ('path = "shapes/"', 'allowed_imports = ["numpy"]')
SUMS = 'id = "t1-row-sums"'


def ends(record):
    return {item.id: item.status for item in record.items if item.tests}


@pytest.mark.parametrize("module", ["scipy.optimize", "mpmath", "autograd"])
def test_a_library_that_is_not_allowed_costs_what_imports_it_and_the_rule_is_named(
    with_rules, hand_in, grade, module
):
    tiny = with_rules("tiny", package=PACKAGE)
    [record] = grade(tiny, hand_in(area=AREA.format(f"import {module}", "X.sum(1)")))
    assert ends(record) == {"t1-square": "failed", "t1-row-sums": "failed"}
    words = f"imports {module}; shapes may import numpy and the standard library only"
    assert f"shapes/area.py, line 2 {words}" in record.items[0].student_message
    assert [(one.kind, one.what) for one in refusals([record])] == [
        ("imported something that is banned", module)
    ]


def test_the_same_asked_for_while_it_runs(with_rules, hand_in, grade):
    tiny = with_rules("tiny", package=PACKAGE)
    late = "__import__('scipy.optimize').optimize and X.sum(1)"
    [record] = grade(tiny, hand_in(area=AREA.format("", late)))
    assert ends(record) == {"t1-square": "passed", "t1-row-sums": "failed"}
    assert "scipy.optimize may not be used" in record.items[1].message
    assert [one.what for one in refusals([record])] == ["scipy.optimize"]


def test_items_with_rules_of_their_own_are_judged_apart(tiny):
    items = tuple(
        replace(item, rules=CodeRules(("numpy",))) if item.id == "t1-row-sums" else item
        for item in tiny.items
    )
    square, sums = (item for item in items if item.kind == "auto" and item.notebook == "")
    assert worker_name(square) != worker_name(sums)
    assert worker_name(square) == worker_name(tiny.item("t1-row-sums"))


def test_an_items_list_comes_on_top_of_its_packages(with_rules, hand_in, grade):
    tiny = with_rules(
        "tiny",
        package=('path = "shapes/"', 'allowed_imports = ["numpy", "mpmath"]'),
        item=(SUMS, 'allowed_imports = ["numpy"]'),
    )
    [record] = grade(tiny, hand_in(area=AREA.format("import mpmath", "X.sum(1)")))
    assert ends(record) == {"t1-square": "passed", "t1-row-sums": "failed"}
    words = "line 2 imports mpmath; shapes may import numpy and the standard library only"
    assert words in record.items[1].message


def test_a_ban_in_a_library_that_is_not_installed_stops_the_run(with_rules):
    """It would ban nothing, unnoticed: `np` is what the file calls numpy."""
    tiny = with_rules("tiny", item=(SUMS, 'banned_names = ["np.einsum"]'))
    mode = present_mode()
    config = GradingConfig(
        tiny, ("t1-square",), 1, SandboxPolicy(mode), {"mode": mode, "layers": {}}
    )
    with pytest.raises(
        AutograderError, match=r"'np\.einsum', but no library 'np' is installed"
    ) as it:
        ensure_installed(config)
    assert "assignment/tiny/assignment.toml" in str(it.value)
    item = replace(tiny.item("t1-row-sums"), rules=CodeRules(banned_names=("numpy.einsum",)))
    others = tuple(one for one in tiny.items if one.id != item.id)
    ensure_installed(replace(config, assignment=replace(tiny, items=(*others, item))))


def test_an_items_banned_names_hold_while_it_is_judged(with_rules, hand_in, grade):
    tiny = with_rules("tiny", item=(SUMS, 'banned_names = ["numpy.einsum"]'))
    hidden = "getattr(np, 'ein' + 'sum')('ij->i', X)"
    area = AREA.format("", hidden).replace("x * x", "np.__dict__['einsum']('...,...->...', x, x)")
    [record] = grade(tiny, hand_in(area=area))
    assert ends(record) == {"t1-square": "passed", "t1-row-sums": "failed"}
    assert "numpy.einsum may not be used" in record.items[1].message


CELLS = (
    "import matplotlib.pyplot as plt\nimport numpy as np",
    "STEPS = 8",
    "def mean_of(values):\n    return float(MEAN)",
    (
        "plt.plot(np.arange(STEPS), np.arange(STEPS) ** 2)\n"
        "plt.title('t'); plt.xlabel('x'); plt.ylabel('y')\nplt.show()"
    ),
)
BOOK = 'path = "squares.ipynb"'


def notebook(tmp_path, mean, *further):
    pytest.importorskip("IPython")
    folder = tmp_path / "somebody"
    folder.mkdir()
    cells = [*(cell.replace("MEAN", mean) for cell in CELLS), *further]
    code = [{"cell_type": "code", "source": cell} for cell in cells]
    (folder / "squares.ipynb").write_text(json.dumps({"cells": code, "nbformat": 4}))
    return folder


def test_a_notebooks_list_holds_in_its_cells_and_while_they_run(with_rules, grade, tmp_path):
    noted = with_rules("noted", book=(BOOK, 'allowed_imports = ["matplotlib", "numpy"]'))
    late = "__import__('importlib').import_module('scipy.stats').tmean(values)"
    folder = notebook(tmp_path, late, "import mpmath\nlater = 1", "%load_ext autograd\n%run x.py")
    [record] = grade(noted, folder)
    assert ends(record) == {"n1-mean": "failed", "n1-figure": "passed"}
    assert "cannot be read" in record.items[0].message


def test_a_cell_that_imports_what_it_may_not_is_named(with_rules, grade, tmp_path):
    noted = with_rules("noted", book=(BOOK, 'allowed_imports = ["matplotlib", "numpy"]'))
    [record] = grade(
        noted, notebook(tmp_path, "np.mean(values) + mpmath.mpf(0))\nimport mpmath\n(0")
    )
    words = "squares.ipynb, cell 3, line 3 imports mpmath; squares may import matplotlib, numpy and"
    assert record.items[0].message.startswith(words)
    assert "\nBecause of this, squares.mean_of raised NameError: name 'mpmath'" in (
        record.items[0].message
    )


def test_an_import_that_a_cell_may_not_have_and_does_not_need_costs_nothing(
    with_rules, grade, tmp_path
):
    noted = with_rules("noted", book=(BOOK, 'allowed_imports = ["matplotlib", "numpy"]'))
    [record] = grade(noted, notebook(tmp_path, "np.mean(values))\nimport mpmath\n(0"))
    assert ends(record) == {"n1-mean": "passed", "n1-figure": "passed"}
    words = (
        "squares.ipynb, cell 3, line 3 imports mpmath, which may not be used there; it was skipped."
    )
    assert any(note.startswith(words) for note in record.notices)


def test_an_items_rules_run_its_notebook_once_more_by_them(with_rules, grade, tmp_path):
    noted = with_rules("noted", item=('id = "n1-mean"', 'banned_names = ["numpy.mean"]'))
    folder = notebook(tmp_path, "np.mean(values)")
    [record] = grade(noted, folder)
    assert ends(record) == {"n1-mean": "failed", "n1-figure": "passed"}
    words = "squares.ipynb, cell 3, line 2 uses numpy.mean, which may not be used anywhere in"
    assert words in record.items[0].message


ENGINE = (
    "class Value:\n    def __init__(self, data):\n        self.data = data\n" + "# more\n" * 2297
)


def test_a_library_that_was_copied_in_is_listed_for_the_instructor_alone(
    tiny, tiny_solution, hand_in, grade, tmp_path
):
    folder = hand_in(helpers="x = 1\n", area=AREA.format("from ._engine import Value", "X.sum(1)"))
    for name, text in (("__init__.py", "from .core import Value\n"), ("core.py", ENGINE[:-7])):
        (folder / "shapes" / "_engine").mkdir(exist_ok=True)
        (folder / "shapes" / "_engine" / name).write_text(text)
    (folder / "shapes" / "table.bin").write_bytes(bytes(1000))
    [record] = grade(tiny, folder)
    assert ends(record) == {"t1-square": "passed", "t1-row-sums": "passed"}  # own code is welcome
    assert record.brought == (
        "shapes/_engine/, 2,300 lines",
        "shapes/table.bin, 1,000 bytes that are not text",
        "shapes/helpers.py, 1 line",
    )
    told = grade_document("tiny", [record])["submissions"][0]
    assert told["brought_along"] == list(record.brought)
    write_results(tmp_path / "results", record)
    written = (tmp_path / "results" / record.name / "results.json").read_text()
    assert "_engine" not in written and "brought" not in written
    [whole] = grade(tiny, tiny_solution)
    assert whole.brought == ()


def test_a_library_in_a_file_of_the_release_or_in_one_line_is_listed(tiny, hand_in, grade):
    folder = hand_in(area=AREA.format("import math", "X.sum(1)"))
    area = folder / "shapes/area.py"
    before = area.read_text()
    area.write_text(before + "NAME = 1\n" * 2300)
    (folder / "shapes" / "blob.py").write_text("SOURCE = " + repr("x" * 50_000) + "\n")
    [record] = grade(tiny, folder)
    assert ends(record) == {"t1-square": "passed", "t1-row-sums": "passed"}
    [blob, grown] = record.brought
    assert blob == "shapes/blob.py, 1 line of 50,012 bytes"
    assert re.fullmatch(r"shapes/area\.py, more than it was given with, 2,2\d\d lines", grown)
    area.write_text(before + "# a solution with many words\n" * 300)
    (folder / "shapes" / "blob.py").unlink()
    [record] = grade(tiny, folder)
    assert record.brought == ()
