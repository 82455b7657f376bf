"""Every mistake about notebooks and further files is found at loading, with its line."""

import shutil

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors

FILE = "assignment/noted/assignment.toml"
FAST = "fast = { STEPS = 3 }"
FILES = 'files = ["claims/*.json"]'
PACKAGE = '[[package]]\npath = "claims/"\n\n[[notebook]]'

# title: (text to replace, its replacement, what the wrong line begins with, what is said)
MISTAKES = {
    "a key is misspelt": (
        "cell_timeout_s = 20", "cel_timeout_s = 20", "cel_timeout_s",
        "unknown key 'cel_timeout_s'; did you mean 'cell_timeout_s'?"),
    "the path is missing": (
        'path = "squares.ipynb"', "", "[[notebook]]", "[[notebook]] has no 'path'"),
    "the path is that of the source": (
        'path = "squares.ipynb"', 'path = "squares.py"', 'path = "squares.py"',
        "'squares.py' is not a notebook; write a name such as"),
    "the path has a folder": (
        'path = "squares.ipynb"', 'path = "books/squares.ipynb"', "path = ",
        "'books/squares.ipynb' is not a notebook"),
    "the name is not an identifier": (
        'path = "squares.ipynb"', 'path = "my-squares.ipynb"', "path = ",
        "'my-squares.ipynb' is not a notebook"),
    "the name is a standard module's": (
        'path = "squares.ipynb"', 'path = "random.ipynb"', "path = ", "the name 'random' is taken"),
    "the name is one of the student handle's": (
        'path = "squares.ipynb"', 'path = "figures.ipynb"', "path = ",
        "the name 'figures' is taken; give the notebook another name"),
    "the name belongs to a package": (
        "[[notebook]]", '[[package]]\npath = "squares/"\n\n[[notebook]]', 'path = "squares.ipynb"',
        "the name 'squares' belongs to a package"),
    "a notebook is declared twice": (
        "[release]", '[[notebook]]\npath = "squares.ipynb"  # again\n\n[release]',
        'path = "squares.ipynb"  # again', "'squares.ipynb' is declared twice"),
    "there is no source": (
        'path = "squares.ipynb"', 'path = "circles.ipynb"', 'path = "circles.ipynb"',
        "solutions/noted/circles.py does not exist; write the notebook there as text"),
    "a time limit is zero": (
        "timeout_s = 40", "timeout_s = 0", "timeout_s = 0", "'timeout_s' is 0; write a number"),
    "a time limit is a week": (
        "timeout_s = 40", "full_timeout_s = 604800", "full_timeout_s",
        "'full_timeout_s' is 604800; write a number above 0 and at most 86400"),
    "a need is unknown": (
        "timeout_s = 40", 'needs = ["torhc"]', "needs",
        "'torhc' is not something a notebook can need; did you mean 'torch'?"),
    "a ban is on the notebook itself": (
        '["torch"]', '["squares"]', "banned_imports", "'squares' is not a name to ban; remove it"),
    "fast is a list": (
        FAST, 'fast = ["STEPS"]', "fast", "'fast' is a list; write a table: fast = { NAME = 2 }"),
    "fast gives no name": (
        FAST, 'fast = { "N STEPS" = 3 }', "fast", "'N STEPS' is not a variable name"),
    "fast gives a keyword": (
        FAST, "fast = { class = 3 }", "fast",
        "'class' is not a variable name"),
    "fast gives a list": (
        FAST, "fast = { STEPS = [3] }", "fast", "'STEPS' does not have a plain value"),
    "fast gives infinity": (
        FAST, "fast = { STEPS = inf }", "fast", "'STEPS' does not have a plain value"),
    "a split is unknown": (
        FAST, "data = { training = 1, validation = 1, test = 1 }", "data",
        "'training' is not a split of a dataset"),
    "a split is missing": (
        FAST, "data = { train = 1, test = 1 }", "data", "'data' has no 'validation'; add"),
    "a split is empty": (
        FAST, "data = { train = 1, validation = 0, test = 1 }", "data",
        "'validation' is not the size of a split; write a whole number above 0"),
    "a size is not an integer": (
        FAST, "data = { train = 0.5, validation = 1, test = 1 }", "data",
        "'train' is not the size"),
    "an item's notebook is unknown": (
        'kind = "written"\nnotebook = "squares.ipynb"',
        'kind = "written"\nnotebook = "square.ipynb"', 'notebook = "square.ipynb"',
        "unknown notebook 'square.ipynb'; did you mean 'squares.ipynb'?"),
    "an item's notebook is a list": (
        'kind = "written"\nnotebook = "squares.ipynb"',
        'kind = "written"\nnotebook = ["squares.ipynb"]', "notebook = [",
        "'notebook' is a list; write a string"),
    "the notebook ships as it is": (
        'copy = ["requirements.txt"]', 'copy = [\n"requirements.txt",\n"squares.py"]',
        '"squares.py"', "'squares.py' belongs to a notebook; remove it"),
    "a pattern is absolute": (
        FILES, 'files = ["/claims/a.json"]', "files", "'/claims/a.json' is not a file pattern"),
    "a pattern leaves the folder": (
        FILES, 'files = ["../claims/*.json"]', "files", "'../claims/*.json' is not a file pattern"),
    "a pattern goes up on its way": (
        FILES, 'files = ["claims/../*.json"]', "files", "'claims/../*.json' is not a file pattern"),
    "a pattern has a star for a folder": (
        FILES, 'files = ["*/a.json"]', "files", "'*/a.json' is not a file pattern"),
    "a pattern has two stars together": (
        FILES, 'files = ["claims/**.json"]', "files", "'claims/**.json' is not a file pattern"),
    "a pattern has another wild card": (
        FILES, 'files = ["claims/[ab].json"]', "files", "'claims/[ab].json' is not a file pattern"),
    "a pattern is in a package": (
        "[[notebook]]", PACKAGE, "files", "'claims/*.json' is in a package"),
    "a pattern is in a generated folder": (
        FILES, 'files = ["tests/*.json"]', "files",
        "'tests/*.json' matches a generated file"),
    "a pattern takes the README": (
        FILES, 'files = [\n"claims/*.json",\n"*.md"]', '"*.md"',
        "'*.md' also matches 'README.md', a file of the release"),
    "a pattern takes a notebook": (
        FILES, 'files = ["*.ipynb"]', "files", "'*.ipynb' also matches 'squares.ipynb'"),
    "a pattern takes a copied file": (
        FILES, 'files = ["req*"]', "files", "'req*' also matches 'requirements.txt'"),
}  # fmt: skip


@pytest.fixture
def complaints(course):
    """Load the assignment with a change in its spec; return the new text, and what is wrong."""

    def load(old="", new="", assignment_id="noted"):
        path = course / f"assignment/{assignment_id}/assignment.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        try:
            load_assignment(course, assignment_id)
        except AssignmentErrors as error:
            return text, [str(problem) for problem in error.problems]
        return text, []

    return load


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_at_its_line(mistake, complaints):
    old, new, beginning, said = MISTAKES[mistake]
    text, found = complaints(old, new)
    lines = [
        number for number, line in enumerate(text.split("\n"), 1) if line.startswith(beginning)
    ]
    assert len(lines) == 1
    assert any(line.startswith(f"{FILE}:{lines[0]}: {said}") for line in found), found


def test_a_right_spec_has_no_mistake(complaints):
    assert complaints()[1] == []


def test_a_notebook_with_a_mistake_does_not_make_its_name_unknown(complaints):
    _, found = complaints("timeout_s = 40", "timeout_s = -1")
    assert len(found) == 1


def test_a_spec_without_notebooks_may_not_name_one(complaints):
    _, found = complaints('id = "t1-why"', 'id = "t1-why"\nnotebook = "a.ipynb"', "tiny")
    assert "unknown notebook 'a.ipynb'; declare it with [[notebook]]" in found[0]


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


def test_a_notebook_may_say_little(complaints, course):
    complaints('timeout_s = 40\ncell_timeout_s = 20\nbanned_imports = ["torch"]\n' + FAST, "")
    (notebook,) = load_assignment(course, "noted").notebooks
    assert (notebook.timeout_s, notebook.cell_timeout_s, notebook.full_timeout_s) == (60, 30, 3600)
    assert (notebook.needs, notebook.rules.banned_imports, notebook.fast) == ((), (), {})


def test_fast_values_and_sizes_may_be_tables_of_their_own(complaints, course):
    tables = (
        '[notebook.fast]\nSTEPS = 3\nRATE = 0.5\nMODE = "short"\nPLOT = false\n'
        "[notebook.data]\ntrain = 600\nvalidation = 200\ntest = 300\n"
    )
    complaints(FAST, tables)
    (notebook,) = load_assignment(course, "noted").notebooks
    assert notebook.fast == {"STEPS": 3, "RATE": 0.5, "MODE": "short", "PLOT": False}
    assert notebook.data == {"train": 600, "validation": 200, "test": 300}


def test_an_item_needs_what_its_notebook_needs_unless_it_says_something_else(complaints, course):
    complaints(FAST, 'needs = ["torch", "mnist"]')
    complaints('id = "n1-mean"', 'id = "n1-mean"\nneeds = []')
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
