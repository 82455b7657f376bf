"""Notebooks are made from text: valid, without outputs, always the same, with cells of our own."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.notebook.cells import is_generated
from autograder.release import plan_release, solution_files

COURSE = Path(__file__).parent.parent / "course"
BOOK = "squares.ipynb"
FILE = "solutions/noted/squares.py"


def cells(files: dict[str, bytes]) -> list[dict]:
    """The cells of the notebook among some files, each source as one text."""
    return nbformat.reads(files[BOOK].decode(), as_version=4).cells


def sources(files: dict[str, bytes]) -> list[str]:
    return [cell.source for cell in cells(files)]


@pytest.fixture(scope="session")
def released():
    return plan_release(load_assignment(COURSE, "noted"))


@pytest.fixture(scope="session")
def complete():
    return solution_files(load_assignment(COURSE, "noted"))


@pytest.fixture
def build(course):
    """Change the notebook's text, and return the files that students get, and the complete ones."""

    def build(old: str, new: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
        path = course / FILE
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        assignment = load_assignment(course, "noted")
        return plan_release(assignment), solution_files(assignment)

    return build


@pytest.mark.parametrize("which", ["released", "complete"])
def test_a_notebook_is_valid_and_has_no_outputs(which, request):
    files = request.getfixturevalue(which)
    data = files[BOOK]
    document = json.loads(data)
    nbformat.validate(document, version=4, version_minor=5)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    assert code
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert document["metadata"]["kernelspec"]["name"] == "python3"
    assert b"\r" not in data
    assert data.endswith(b"}\n")
    # nbformat writes it in the same way, so that saving it unchanged changes nothing.
    assert nbformat.writes(nbformat.reads(data.decode(), as_version=4)) + "\n" == data.decode()


@pytest.mark.parametrize("which", ["released", "complete"])
def test_ids_of_cells_are_unique_short_and_say_what_the_cell_is(which, request):
    ids = [cell.id for cell in cells(request.getfixturevalue(which))]
    assert len(set(ids)) == len(ids)
    assert all(0 < len(name) <= 64 for name in ids)
    assert ids[:3] == ["001-markdown", "002-setup", "003-code"]
    assert "007-check-n1-mean" in ids
    assert "009-answer-n1-why" in ids


def test_the_complete_notebook_has_the_cells_of_the_released_one(released, complete):
    assert [cell.id for cell in cells(released)] == [cell.id for cell in cells(complete)]


def test_a_long_id_of_an_item_does_not_make_a_cells_id_too_long(course):
    long = "n1-" + "very-" * 20 + "long"
    for file in (FILE, "assignment/noted/assignment.toml"):
        path = course / file
        path.write_text(path.read_text().replace("n1-why", long), encoding="utf-8")
    plan = plan_release(load_assignment(course, "noted"))
    nbformat.validate(json.loads(plan[BOOK]))
    assert max(len(cell.id) for cell in cells(plan)) > 60


def test_the_first_code_cell_sets_up_the_checks(released, complete):
    for files in (released, complete):
        first = next(cell for cell in cells(files) if cell.cell_type == "code")
        assert first.source == (
            "import sys\n"
            'sys.path.insert(0, "autograder.pyz")\n'
            "import otter\n"
            "from autograder import live\n"
            "live.watch()\n"
            'grader = otter.Notebook("squares.ipynb", tests_dir="tests/otter")'
        )
        assert is_generated(first.source)


def test_a_stub_names_item_function_and_notebook(released):
    made = sources(released)
    assert any(
        source.endswith(
            "    # BEGIN YOUR SOLUTION\n"
            "    # One line is enough.\n"
            '    raise NotImplementedError("noted/n1-mean: write mean_of in squares.ipynb")\n'
            "    # END YOUR SOLUTION"
        )
        for source in made
    )
    assert (
        "# BEGIN YOUR SOLUTION\n"
        'raise NotImplementedError("noted/n1-figure: write its cell in squares.ipynb")\n'
        "# END YOUR SOLUTION"
    ) in made


def test_a_check_stands_directly_behind_the_last_region_of_its_item(released):
    made = sources(released)
    for item in ("n1-mean", "n1-figure"):
        check = made.index(f'grader.check("{item}")')
        assert f"noted/{item}: write" in made[check - 1]
    assert sum(source.startswith("grader.check") for source in made) == 2


def test_a_check_stands_where_the_text_wants_it(build):
    plan, _ = build(
        "# %% [markdown]\n# ## A figure", '# %% check="n1-mean"\n\n# %% [markdown]\n# ##'
    )
    made = sources(plan)
    assert made.count('grader.check("n1-mean")') == 1
    assert "*Write here" in made[made.index('grader.check("n1-mean")') - 1]
    assert "" not in made


def test_an_item_with_hidden_tests_only_has_no_check(course):
    rubric = course / "assignment/noted/rubric"
    (rubric / "test_squares.py").rename(rubric / "test_squares_all_hidden.py")
    plan = plan_release(load_assignment(course, "noted"))
    assert not any("grader.check" in source for source in sources(plan))
    assert not any(path.startswith("tests/n1-") for path in plan)


def test_checks_of_items_that_one_cell_solves_follow_each_other(build):
    plan, _ = build(
        'plt.title("Squares',
        '# END SOLUTION\n# BEGIN SOLUTION n1-mean\nplt.title("Squares',
    )
    made = sources(plan)
    assert made[-2:] == ['grader.check("n1-mean")', 'grader.check("n1-figure")']


def test_an_answer_cell_is_easy_to_find(released):
    (answer,) = [cell for cell in cells(released) if "Your answer" in cell.source]
    assert answer.cell_type == "markdown"
    assert answer.source == (
        "**Your answer to `n1-why`** (1 point, read by a person)\n\n"
        "*Write here; replace this line.*"
    )


def test_the_complete_notebook_holds_the_model_answer_below_the_same_line(complete):
    (answer,) = [cell for cell in cells(complete) if "Your answer" in cell.source]
    assert answer.source == (
        "**Your answer to `n1-why`** (1 point, read by a person)\n\n"
        "To their mean $\\bar x$: the derivative $2 \\sum_i (c - x_i)$ is zero there only."
    )


def test_the_points_of_an_answer_are_written_as_they_are_read(course):
    path = course / "assignment/noted/assignment.toml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("points = 6", "points = 7.5").replace("points = 1\n", "points = 2.5\n")
    path.write_text(text, encoding="utf-8")
    plan = plan_release(load_assignment(course, "noted"))
    assert any("(2.5 points, read by a person)" in source for source in sources(plan))


def test_cells_without_a_region_ship_as_they_are(released, complete):
    text = (COURSE / FILE).read_text(encoding="utf-8")
    for files in (released, complete):
        made = sources(files)
        assert "STEPS = 8" in made
        assert "import matplotlib.pyplot as plt\nimport numpy as np" in made
        assert made[0].startswith("# Means and squares\n\nWrite between")
    assert "STEPS = 8" in text


def test_tags_reach_the_notebook_and_marks_of_the_text_do_not(released):
    (tagged,) = [cell for cell in cells(released) if cell.metadata.get("tags")]
    assert (tagged.source, tagged.metadata) == ("STEPS = 8", {"tags": ["parameters"]})
    allowed = {"tags", "deletable", "editable"}
    assert all(set(cell.metadata) <= allowed for cell in cells(released))


def test_the_complete_notebook_has_no_markers_and_no_prompts(complete):
    text = complete[BOOK].decode()
    assert "SOLUTION" not in text
    assert "PROMPT" not in text
    assert "One line is enough" not in text
    assert "total_of_values = np.sum" in text


def test_what_stands_above_the_first_cell_ships_nowhere(released, complete):
    for files in (released, complete):
        assert "ships nowhere" not in files[BOOK].decode()


@pytest.mark.parametrize("which", ["released", "complete"])
def test_every_code_cell_compiles_by_itself(which, request):
    for cell in cells(request.getfixturevalue(which)):
        if cell.cell_type == "code":
            ast.parse(cell.source)


def test_jupytext_reads_the_complete_notebook_as_the_text_it_came_from(complete):
    text = (COURSE / FILE).read_text(encoding="utf-8")
    back = jupytext.writes(nbformat.reads(complete[BOOK].decode(), 4), fmt="py:percent")
    code = [line for line in text.split("\n") if line and not line.startswith(("#", '"', " " * 4))]
    assert [line for line in code if line not in back] == []


def test_the_complete_solution_is_what_a_student_would_hand_in(complete):
    assert list(complete) == ["claims/n1.json", BOOK]


def test_files_of_the_complete_solution_only_may_be_binary(course):
    (course / "solutions/noted/claims/n1.json").write_bytes(b"\x00\xff")
    assignment = load_assignment(course, "noted")
    assert solution_files(assignment)["claims/n1.json"] == b"\x00\xff"
    assert "claims/n1.json" not in plan_release(assignment)


def test_the_release_holds_what_students_need_and_nothing_else(released):
    assert released.keys() >= {
        "README.md", "handout.md", "pytest.ini", "requirements.txt", "autograder.pyz", BOOK,
        "tests/assignment.json", "tests/test_squares.py", "tests/otter/n1-figure.py",
        "tests/otter/n1-mean.py",
    }  # fmt: skip
    assert not [path for path in released if path.startswith("claims/") or "hidden" in path]
    assert "squares.py" not in released


def test_the_local_checks_are_told_the_notebooks(released):
    told = json.loads(released["tests/assignment.json"])
    assert told["notebooks"] == {
        "squares": {
            "path": BOOK,
            "timeout_s": 40.0,
            "cell_timeout_s": 20.0,
            "full_timeout_s": 3600.0,
            "allowed_imports": None,
            "banned_imports": ["torch"],
            "banned_names": [],
            "fast": {"STEPS": 3},
            "data": {},
        }
    }
    assert told["submission_files"] == ["claims/*.json"]
    assert {item["id"]: item["notebook"] for item in told["items"]} == {
        "n1-mean": BOOK, "n1-figure": BOOK, "n1-why": BOOK,
    }  # fmt: skip


def test_the_readme_says_where_to_write_in_notebooks(released):
    readme = released["README.md"].decode()
    assert f"| `{BOOK}` | yours: write between `# BEGIN YOUR SOLUTION`" in readme
    assert "in the cells that begin with *Your answer to*" in readme
    assert f"| `n1-mean` | Mean of some numbers | 3 | 1 | `mean_of` in `{BOOK}` |" in readme
    assert f"| `n1-figure` | A figure of squares | 2 | 2 | `{BOOK}` |" in readme
    assert f"| 1 | read by a person | its cell in `{BOOK}` |" in readme
    assert 'The cell `grader.check("...")` below a' in readme
    assert f"the notebook `{BOOK}` and the files `claims/*.json`" in readme


def test_the_same_bytes_come_out_twice_in_other_processes():
    script = (
        "import sys, hashlib, pathlib\n"
        "from autograder.assignment import load_assignment\n"
        "from autograder.release import plan_release, solution_files\n"
        "noted = load_assignment(pathlib.Path(sys.argv[1]), 'noted')\n"
        "for files in (plan_release(noted), solution_files(noted)):\n"
        "    print(hashlib.sha256(repr(files).encode()).hexdigest())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-W", "error", "-c", script, str(COURSE)],
            env={"PYTHONHASHSEED": seed, "PATH": "", "TZ": zone},
            capture_output=True, check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(outputs) == 1


def test_windows_line_ends_change_nothing(course, released):
    path = course / FILE
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert plan_release(load_assignment(course, "noted"))[BOOK] == released[BOOK]
