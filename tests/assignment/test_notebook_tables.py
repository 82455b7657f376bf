"""A notebook loads as its table says (malformed.py has the mistakes)."""

import shutil

import pytest

from autograder.assignment import load_assignment

FILE = "assignment/noted/assignment.toml"
FAST = "fast = { STEPS = 3 }"


def test_a_notebook_with_a_mistake_does_not_make_its_name_unknown(edit, complaints):
    edit("timeout_s = 40", "timeout_s = -1", FILE)
    assert len(complaints("noted")) == 1


def test_a_spec_without_notebooks_may_not_name_one(edit, complaints):
    edit('id = "t1-why"', 'id = "t1-why"\nnotebook = "a.ipynb"')
    assert "unknown notebook 'a.ipynb'; declare it with [[notebook]]" in complaints()[0]


def test_a_notebook_loads_as_its_table_says(course):
    assignment = load_assignment(course, "noted")
    (notebook,) = assignment.notebooks
    assert (notebook.path, notebook.name, notebook.source) == (
        "squares.ipynb", "squares", "squares.py",
    )  # fmt: skip
    assert (notebook.timeout_s, notebook.cell_timeout_s, notebook.full_timeout_s) == (40, 20, 3600)
    assert (notebook.rules.banned_imports, dict(notebook.fast), dict(notebook.data)) == (
        ("torch",), {"STEPS": 3}, {},
    )  # fmt: skip
    assert assignment.submission_files == ("claims/*.json",)
    assert {item.notebook for item in assignment.items} == {"squares.ipynb"}


def test_a_notebook_may_say_little(edit, course):
    edit('timeout_s = 40\ncell_timeout_s = 20\nbanned_imports = ["torch"]\n' + FAST, "", FILE)
    (notebook,) = load_assignment(course, "noted").notebooks
    assert (notebook.timeout_s, notebook.cell_timeout_s, notebook.full_timeout_s) == (60, 30, 3600)
    assert (notebook.needs, notebook.rules.banned_imports, notebook.fast) == ((), (), {})


def test_fast_values_and_sizes_may_be_tables_of_their_own(edit, course):
    tables = (
        '[notebook.fast]\nSTEPS = 3\nRATE = 0.5\nMODE = "short"\nPLOT = false\n'
        "[notebook.data]\ntrain = 600\nvalidation = 200\ntest = 300\n"
    )
    edit(FAST, tables, FILE)
    (notebook,) = load_assignment(course, "noted").notebooks
    assert notebook.fast == {"STEPS": 3, "RATE": 0.5, "MODE": "short", "PLOT": False}
    assert notebook.data == {"train": 600, "validation": 200, "test": 300}


def test_an_item_needs_what_its_notebook_needs_unless_it_says_something_else(edit, course):
    edit(FAST, 'needs = ["torch", "mnist"]', FILE)
    edit('id = "n1-mean"', 'id = "n1-mean"\nneeds = []', FILE)
    assignment = load_assignment(course, "noted")
    assert assignment.item("n1-figure").needs == ("torch", "mnist")
    assert assignment.item("n1-mean").needs == ()


def test_items_of_modules_belong_to_no_notebook(course):
    assert {item.notebook for item in load_assignment(course, "tiny").items} == {""}


def test_a_grading_image_without_solutions_still_loads_its_notebooks(course):
    shutil.rmtree(course / "solutions")
    assert len(load_assignment(course, "noted").notebooks) == 1


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("claims/n1.json", True),
        ("claims/.json", True),
        ("claims/n1.npz", False),
        ("claims/deep/n1.json", False),
        ("deep/claims/n1.json", False),
        ("Claims/n1.json", False),
        ("n1.json", False),
    ],
)
def test_a_pattern_means_files_of_one_folder(path, is_one, course):
    assert load_assignment(course, "noted").is_submission_file(path) is is_one
