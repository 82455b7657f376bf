"""The leak scan finds every planted secret, with its line in the release and in the source."""

import json

import pytest

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors
from autograder.release import leaks_in, plan_release
from autograder.release.leaks import scan_release
from autograder.release.secret_lines import Secrets, collect_secrets, find_line
from autograder.release.tool_file import tool_file, tool_modules

SOLUTION = "solutions/tiny/shapes/area.py"
HIDDEN = "assignment/tiny/rubric/test_area_hidden.py"
LINE = "sums_of_rows = X @ np.ones(D, dtype=X.dtype)"


@pytest.fixture
def leaks(load):
    """Plan the release, and return what the build refuses it for."""

    def plan() -> list[str]:
        try:
            plan_release(load())
        except AssignmentErrors as error:
            return [str(problem) for problem in error.problems]
        return []

    return plan


def place_of(course, file: str, text: str) -> str:
    """`file:line` of the only line that holds a text."""
    lines = (course / file).read_text(encoding="utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return f"{file}:{number}"


def test_an_innocent_release_is_not_refused(leaks):
    assert leaks() == []


@pytest.mark.parametrize("planted", [
    f"Hint: `{LINE}`",
    f"    {LINE}  # as above",
    f"# {LINE}",
    "sums_of_rows=X@np.ones(D,dtype=X.dtype)",
    "sums_of_rows = X @ np.ones(\n    D, dtype=X.dtype\n)",
    f"we write {LINE} here",
])  # fmt: skip
def test_a_solution_line_in_the_handout_is_found_however_it_is_written(planted, add, course, leaks):
    before = (course / "assignment/tiny/handout.md").read_text(encoding="utf-8").count("\n")
    add("assignment/tiny/handout.md", planted + "\n")
    (leak,) = leaks()
    assert leak.startswith(f"student_release/tiny/handout.md:{before + 1}: a solution's line ships")
    assert f"`{LINE}` of {place_of(course, SOLUTION, LINE)}" in leak


@pytest.mark.parametrize("file", [
    "assignment/tiny/rubric/test_area.py",
    "assignment/tiny/rubric/support/scaling.py",
    "solutions/tiny/shapes/__init__.py",
    "solutions/tiny/requirements.txt",
])  # fmt: skip
def test_a_solution_line_in_a_comment_of_any_shipped_file_is_found(file, add, leaks):
    add(file, f"# {LINE}\n")
    assert len(leaks()) == 1
    assert "a solution's line ships" in leaks()[0]


def test_a_comment_of_a_solution_is_a_secret_too(add, leaks):
    add(
        "assignment/tiny/handout.md", "np.multiply makes a fresh array, so that x stays as it is.\n"
    )
    (leak,) = leaks()
    assert "a solution's line ships: `np.multiply makes a fresh array" in leak


def test_a_solution_line_that_also_stands_outside_of_regions_is_shared(add, edit, leaks):
    edit(SOLUTION, "    N, D = X.shape\n", f"    N, D = X.shape\n    {LINE}\n")
    add("assignment/tiny/handout.md", f"{LINE}\n")
    assert leaks() == []


def test_a_short_line_tells_nothing(add, edit, leaks):
    edit(SOLUTION, "    return np.multiply(x, x)", "    y = x\n    return np.multiply(x, x)")
    add("assignment/tiny/handout.md", "y = x\n")
    assert leaks() == []


def test_a_longer_name_that_holds_a_secret_line_is_another_thing(add, leaks):
    add("assignment/tiny/handout.md", "unreturn np.multiply(x, x)\n")
    assert leaks() == []


def test_a_line_of_a_hidden_test_in_a_public_module_is_found(add, course, leaks):
    line = "X = np.abs(rng.normal(size=(rows, 2))) + 1.0"
    add("assignment/tiny/rubric/support/scaling.py", f"# {line}\n")
    (leak,) = leaks()
    assert leak.startswith("student_release/tiny/tests/support/scaling.py:")
    assert f"a hidden test's line ships: `{line}` of {place_of(course, HIDDEN, line)}" in leak


def test_a_line_that_public_and_hidden_tests_share_is_no_secret(add, course, leaks):
    text = (course / HIDDEN).read_text(encoding="utf-8")
    shared = "x = rng.uniform(1.5, 3.0, size=6)"
    assert shared in text
    add("assignment/tiny/rubric/test_area.py", f"# {shared}\n")
    add("assignment/tiny/handout.md", f"{shared}\n")
    assert leaks() == []


def test_the_name_of_a_hidden_file_is_found(add, leaks):
    add("assignment/tiny/handout.md", "See test_area_hidden for more.\n")
    (leak,) = leaks()
    assert "names the hidden test file 'test_area_hidden.py'; take the name out" in leak


@pytest.mark.parametrize("marker", [
    "# BEGIN SOLUTION t1-square", "# end solution", "### BEGIN SOLUTION", "# END_PROMPT",
])  # fmt: skip
@pytest.mark.parametrize("file", ["requirements.txt", "handout.md", "test_area.py"])
def test_a_marker_that_is_left_in_a_shipped_file_is_found(marker, file, add, course, leaks):
    folder = {"requirements.txt": "solutions/tiny", "test_area.py": "assignment/tiny/rubric"}
    path = f"{folder.get(file, 'assignment/tiny')}/{file}"
    line = (course / path).read_text(encoding="utf-8").count("\n") + 1
    add(path, f"{marker}\n")
    (leak,) = leaks()
    assert f"/{file}:{line}: holds the marker '{marker}'" in leak


def test_marker_words_in_prose_of_the_handout_are_no_leak(add, leaks):
    add(
        "assignment/tiny/handout.md", "## Solution format\n\nWrite after `# BEGIN YOUR SOLUTION`.\n"
    )
    assert leaks() == []


def notebook(source: list[str], **cell: object) -> bytes:
    """A notebook of one code cell."""
    document = {
        "cells": [
            {"cell_type": "code", "source": source, "outputs": [], "execution_count": None, **cell}
        ],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1).encode()


@pytest.fixture
def secrets(parse):
    """What a release of a small source may not hold."""
    source = parse(
        "def f(x):\n    # BEGIN SOLUTION t1-square\n"
        "    return {'quoted \u00e9': x * x}\n    # END SOLUTION\n"
    )
    hidden = {"rubric/test_a_hidden.py": "expected = 12345.678901\n"}
    return collect_secrets([source], hidden, [], [])


def test_a_clean_notebook_is_no_leak(secrets):
    assert scan_release({"a.ipynb": notebook(["x = 1\n", "print(x)"])}, secrets, "r") == []


@pytest.mark.parametrize("cell", [
    {"outputs": [{"output_type": "stream", "text": "16\n"}]}, {"execution_count": 3},
])  # fmt: skip
def test_a_notebook_with_outputs_is_refused(cell, secrets):
    (problem,) = scan_release({"a.ipynb": notebook(["x = 1"], **cell)}, secrets, "r")
    assert str(problem) == "r/a.ipynb: cell 1 holds outputs; clear the notebook's outputs"


@pytest.mark.parametrize("source", [
    ["x = 1\n", "return {'quoted \u00e9': x * x}"],
    ["return {'quoted \u00e9':\n", "    x * x}\n"],
])  # fmt: skip
def test_a_solution_in_a_cell_is_found_behind_jsons_escapes(source, secrets):
    problems = scan_release({"a.ipynb": notebook(source)}, secrets, "r")
    assert len(problems) == 1
    assert "a solution's line ships: `return {'quoted \u00e9': x * x}`" in problems[0].what


def test_a_marker_in_a_cell_is_found(secrets):
    (problem,) = scan_release({"a.ipynb": notebook(["# BEGIN SOLUTION x"])}, secrets, "r")
    assert "holds the marker '# BEGIN SOLUTION x'" in problem.what


def test_a_hidden_expected_value_in_json_is_found(secrets):
    data = json.dumps({"note": ["expected = 12345.678901"]}).encode()
    (problem,) = scan_release({"tests/assignment.json": data}, secrets, "r")
    assert "a hidden test's line ships" in problem.what


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "cannot be searched for leaks: it is a 7z archive"),
        ("a.pyc", b"", "cannot be searched for leaks: it is compiled code"),
        ("a.zip", b"PK", "cannot be searched for leaks: it is not a zip"),
        ("a.txt", b"\xff\xfe", "byte 0xff is not UTF-8"),
        ("a.txt", b"a\x00b", "control character '\\x00'"),
        ("a.ipynb", b"{", "is not JSON, so it cannot be searched for leaks"),
        ("a.py", b"x = (\n", "is not Python, so it cannot be searched"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(path, data, said, secrets):
    (problem,) = scan_release({path: data}, secrets, "r")
    assert problem.file == f"r/{path}"
    assert problem.what == said


def test_a_path_can_leak_a_name_too():
    secrets = Secrets(names=["test_a_hidden"])
    (problem,) = scan_release({"tests/test_a_hidden.py": b""}, secrets, "r")
    assert "names the hidden test file" in problem.what


@pytest.mark.parametrize(
    ("secret", "text", "line"),
    [
        ("a = b + c", "x\na=b+c\n", 2),
        ("a = b + c", "x\ny; a =\n  b\n+ c\n", 2),
        ("a = b + c", "a = b + cd\n", 0),
        ("a = b + c", "aa = b + c\n", 0),
        ("(a, b)", "f(a, b)g\n", 1),
    ],
)
def test_a_line_is_found_whatever_its_blanks_and_only_as_a_whole(secret, text, line):
    assert find_line(secret, text) == line


@pytest.fixture
def noted_leaks(course):
    """Add text to a file, plan the release of the notebook's assignment; what is refused."""

    def plan(file: str, text: str) -> list[str]:
        with (course / file).open("a", encoding="utf-8") as stream:
            stream.write(text)
        try:
            plan_release(load_assignment(course, "noted"))
        except AssignmentErrors as error:
            return [str(problem) for problem in error.problems]
        return []

    return plan


NOTED_HANDOUT = "assignment/noted/handout.md"
NOTEBOOK = "solutions/noted/squares.py"


def test_the_notebooks_release_is_clean(noted_leaks):
    assert noted_leaks(NOTED_HANDOUT, "More words.\n") == []


@pytest.mark.parametrize(("text", "what", "place"), [
    ("total_of_values = np.sum(values, dtype=np.float64)", "a solution's line", "np.sum"),
    ("numbers_to_square = np.arange(STEPS)", "a solution's line", "numbers_to_square = np"),
    ("To their mean $\\bar x$: the derivative $2 \\sum_i (c - x_i)$ is zero there only.",
     "a line that only instructors may read", "To their mean"),
])  # fmt: skip
@pytest.mark.parametrize("file", [NOTED_HANDOUT, "assignment/noted/rubric/test_squares.py"])
def test_what_only_the_complete_notebook_holds_is_found_in_other_files(
    text, what, place, file, course, noted_leaks
):
    (leak,) = noted_leaks(file, f"# {text}\n")
    assert f"{what} ships: `" in leak
    assert place_of(course, NOTEBOOK, place) in leak


@pytest.mark.parametrize("cell", [
    "\n# %% [markdown]\n# We write `total_of_values = np.sum(values, dtype=np.float64)`.\n",
    "\n# %%\n# total_of_values = np.sum(values,\n# dtype=np.float64)\n",
    "\n# %%\nhint = 'numbers_to_square = np.arange(STEPS)'\n",
])  # fmt: skip
def test_a_solution_line_in_another_cell_of_the_notebook_is_shared_code(cell, noted_leaks):
    # Its author wrote it where students read it: that is a decision, as in modules.
    assert noted_leaks(NOTEBOOK, cell) == []


def test_a_file_of_the_complete_solution_never_ships_under_another_name(course, noted_leaks):
    spec = course / "assignment/noted/assignment.toml"
    text = spec.read_text(encoding="utf-8")
    spec.write_text(text.replace('"requirements.txt"]', '"requirements.txt", "data.json"]'))
    data = (course / "solutions/noted/claims/n1.json").read_text(encoding="utf-8")
    (leak,) = noted_leaks("solutions/noted/data.json", data)
    assert leak == (
        "student_release/noted/data.json: is 'claims/n1.json' of the complete solution, which "
        "never ships; take it out of what ships"
    )


def test_a_file_of_the_complete_solution_is_found_by_its_path_alone():
    secrets = Secrets(files={"claims/a.npz": b"1"})
    problems = scan_release({"claims/a.npz": b"2"}, secrets, "r")
    assert "is 'claims/a.npz' of the complete solution" in problems[0].what


@pytest.mark.parametrize("source", [
    ["x = 1\n", "# begin solution\n"], ["# BEGIN SOLUTON x"], "y = 2  # end solution",
])  # fmt: skip
def test_what_is_nearly_a_marker_in_a_code_cell_is_found(source, secrets):
    (problem,) = scan_release({"a.ipynb": notebook(source)}, secrets, "r")
    assert problem.what.startswith("cell 1 holds the marker '# ")


def test_the_stub_comments_and_magics_in_a_cell_are_no_leak(secrets):
    source = ["# BEGIN YOUR SOLUTION\n", "%matplotlib inline\n", "!ls (\n", "# END YOUR SOLUTION"]
    assert scan_release({"a.ipynb": notebook(source)}, secrets, "r") == []


def test_a_solution_in_a_module_of_the_tools_file_is_found_with_its_line(load):
    modules = tool_modules() | {"autograder/rubric/more.py": f"\n\n{LINE}\n".encode()}
    release = plan_release(load()) | {"autograder.pyz": tool_file(modules)}
    found = [(problem.file, problem.line) for problem in leaks_in(load(), release)]
    assert ("student_release/tiny/autograder.pyz/autograder/rubric/more.py", 3) in found
