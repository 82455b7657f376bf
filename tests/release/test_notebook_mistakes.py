"""A notebook as text is refused, at its line, wherever it is not exactly what it must be."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import load_assignment
from autograder.errors import AssignmentErrors
from autograder.release import plan_release
from autograder.release.notebook_sources import read_notebook_source

COURSE = Path(__file__).parent.parent / "course"
NOTED = load_assignment(COURSE, "noted")
FILE = "solutions/noted/squares.py"
SPEC = "assignment/noted/assignment.toml"


def read(text: str):
    """Read the text of a notebook of the noted assignment."""
    return read_notebook_source(text.encode(), NOTED.notebooks[0], FILE, NOTED)


def faults(text: str) -> list[tuple[int, str]]:
    """Line and words of each mistake in the text of a notebook."""
    problems = ()
    try:
        read(text)
    except AssignmentErrors as error:
        problems = error.problems
    assert all(problem.file == FILE for problem in problems)
    return [(problem.line, f"{problem.what}; {problem.remedy}") for problem in problems]


# title: (text, lines of the mistakes, what is said of the first)
MISTAKES = {
    "there is no cell": ("""
        x = 1
        """, [1], "has no cell; begin one with '# %%'"),
    "code is code before the first cell": ("""
        # A comment may stand here.
        import numpy as np

        # %%
        x = 1
        """, [2], "is code before the first cell; write '# %%' above it"),
    "code stands behind the docstring": ('''
        """The notebook."""
        x = 1
        # %%
        ''', [2], "is code before the first cell"),
    "a cell begins without a blank": ("""
        #%%
        x = 1
        """, [1], "'#%%' is nearly the beginning of a cell; write '# %%'"),
    "a cell begins with two blanks": ("""
        # %%
        x = 1
        #  %%
        y = 2
        """, [3], "'#  %%' is nearly the beginning of a cell"),
    "a cell is a sub-cell": ("""
        # %%
        # %%%% deeper
        """, [2], "'# %%%% deeper' is nearly the beginning of a cell"),
    "a cell is a magic": ("""
        # %%
        # %%time
        x = 1
        """, [2], "'# %%time' is nearly the beginning of a cell"),
    "a cell begins as an exported one": ("""
        # %%
        # In[3]:
        x = 1
        """, [2], "'# In[3]:' is nearly the beginning of a cell"),
    "a cell begins inside a function, indented": ("""
        # %%
        def f():
            # %%
            return 1
        """, [3], "'# %%' is nearly the beginning of a cell"),
    "a cell begins inside a function, at the margin": ("""
        # %%
        def f():
            x = 1
        # %%
            return x
        """, [4], "a cell begins inside the statement of line 2"),
    "a cell begins inside an expression": ("""
        # %%
        x = [
            1,
        # %%
        ]
        """, [4], "a cell begins inside the statement of line 2; begin it before or after"),
    "a cell begins between a decorator and its function": ("""
        # %%
        @staticmethod
        # %%
        def f():
            pass
        """, [3], "a cell begins inside the statement of line 2"),
    "a cell begins inside a string": ('''
        # %%
        x = """
        # %%
        """
        ''', [3], "'# %%' is nearly the beginning of a cell"),
    "a cell begins inside a region": ("""
        # %%
        # BEGIN SOLUTION n1-mean
        x = 1

        # %%
        y = 2
        # END SOLUTION
        """, [5], "a cell begins inside the region of line 2; end the region before it"),
    "a markdown cell begins inside a region": ("""
        # %%
        # BEGIN SOLUTION n1-mean
        x = 1

        # %% [markdown]
        # Text.

        # %%
        y = 2
        # END SOLUTION
        """, [5, 8], "a cell begins inside the region of line 2"),
    "a cell begins inside a prompt": ("""
        # %%
        # BEGIN SOLUTION n1-mean
        x = 1
        # END SOLUTION
        # BEGIN PROMPT
        # %%
        # END PROMPT
        """, [6], "a cell begins inside the region of line 2"),
    "a region is never ended in its cell": ("""
        # %%
        # BEGIN SOLUTION n1-mean
        x = 1

        # %%
        y = 2
        """, [2], "'# BEGIN SOLUTION' is never ended"),
    "a marker is written nearly right": ("""
        # %%
        # begin solution n1-mean
        x = 1
        # END SOLUTION
        """, [2], "'# begin solution n1-mean' is nearly a marker"),
    "a marker in a markdown cell is written nearly right": ("""
        # %% [markdown]
        # BEGIN SOLUTON n1-mean

        # %%
        x = 1
        """, [2], "'# BEGIN SOLUTON n1-mean' is nearly a marker"),
    "a region is in a markdown cell": ('''
        # %% [markdown]
        # BEGIN SOLUTION n1-mean
        x = 1
        # END SOLUTION
        ''', [3], "a markdown cell that contains more than comments"),
    "a region solves an unknown item": ("""
        # %%
        # BEGIN SOLUTION n1-maen
        x = 1
        # END SOLUTION
        """, [2], "unknown item 'n1-maen'; did you mean 'n1-mean'?"),
    "a region solves a written item": ("""
        # %%
        # BEGIN SOLUTION n1-why
        x = 1
        # END SOLUTION
        """, [2], "item 'n1-why' is a written item, which has no code"),
    "markdown stands in quotes": ('''
        # %% [markdown]
        """
        # Title
        """
        ''', [2], "a markdown cell that contains more than comments at the margin; begin its"),
    "code stands in a markdown cell": ("""
        # %% [markdown]
        # Text.

        x = 1
        """, [4], "a markdown cell that contains more than comments"),
    "markdown is indented": ("""
        # %% [markdown]
        # Text
          # more
        """, [3], "a markdown cell that contains more than comments"),
    "markdown lacks its brackets": ("""
        # %% markdown
        # Text.
        """, [1], "a cell with the unknown option 'markdown'; write [markdown] first"),
    "markdown is abbreviated": ("""
        # %% [md]
        # Text.
        """, [1], "a cell with the unknown option 'region_name'"),
    "a cell is raw": ("""
        # %% [raw]
        # Text.
        """, [1], "a raw cell; write '# %%' or '# %% [markdown]'"),
    "a cell has a title": ("""
        # %% The data
        x = 1
        """, [1], "a cell with the unknown option 'The data'"),
    "an option is misspelt": ("""
        # %% [markdown] anwser="n1-why"
        # Text.
        """, [1], "a cell with the unknown option 'anwser'"),
    "tags are no list": ("""
        # %% tags="a"
        x = 1
        """, [1], "a cell with options that nbformat refuses: 'a' is not of type 'array'"),
    "tags lack their quotes": ("""
        # %% tags=[a]
        x = 1
        """, [1], "a cell with the unknown option 'tags=[a]'"),
    "an answer is a code cell": ("""
        # %% answer="n1-why"
        # Text.
        """, [1], "'answer' at a code cell; write # %% [markdown] answer=\"n1-why\""),
    "an answer names no item": ("""
        # %% [markdown] answer=1
        # Text.
        """, [1], "'answer' names no item"),
    "an answer is to an unknown item": ("""
        # %% [markdown] answer="n1-wy"
        # Text.
        """, [1], "'n1-wy' is not a written item; did you mean 'n1-why'?"),
    "an answer is to an auto item": ("""
        # %% [markdown] answer="n1-mean"
        # Text.
        """, [1], "'n1-mean' is not a written item"),
    "an answer is empty": ("""
        # %% [markdown] answer="n1-why"

        # %%
        x = 1
        """, [1], "a model answer without text"),
    "an answer is given twice": ("""
        # %% [markdown] answer="n1-why"
        # Text.

        # %% [markdown] answer="n1-why"
        # More text.
        """, [4], "a second answer to 'n1-why'; join it to the first, on line 1"),
    "a check is a markdown cell": ("""
        # %% [markdown] check="n1-mean"
        """, [1], "'check' at a markdown cell; write # %% check=\"n1-mean\""),
    "a check holds code": ("""
        # %% check="n1-mean"
        x = 1
        """, [1], "the cell of a check contains code"),
    "a check is of an unknown item": ("""
        # %% check="n1-men"
        """, [1], "'n1-men' is not an auto item; did you mean 'n1-mean'?"),
    "a check is of a written item": ("""
        # %% check="n1-why"
        """, [1], "'n1-why' is not an auto item"),
    "a check has two places": ("""
        # %% check="n1-mean"

        # %%
        # %% check="n1-mean"
        """, [4], "a second cell for the check of 'n1-mean'; remove it; the first is on line 1"),
    "a magic is written": ("""
        # %%
        # %matplotlib inline
        x = 1
        """, [2], "'# %matplotlib inline' looks like a magic, which would be a plain comment"),
    "a magic is written as a comment": ("""
        # %%
        x = 1
        # %load_ext autoreload
        """, [3], ("'# %load_ext autoreload' looks like a magic, which would be a plain comment "
         "here; write get_ipython().run_line_magic('load_ext', 'autoreload'), which does")),
    "a magic is written as in Jupyter": ("""
        # %%
        x = 1
        %load_ext autoreload
        """, [3], ("'%load_ext autoreload' is a magic, which is not Python; write "
         "get_ipython().run_line_magic('load_ext', 'autoreload'), which does the same, or")),
    "a magic without a word behind it": ("""
        # %%
        %reset
        """, [2], ("'%reset' is a magic, which is not Python; write "
         "get_ipython().run_line_magic('reset', ''), which does the same")),
    "a command is written as in Jupyter": ("""
        # %%
        !pip install torch
        """, [2], ("'!pip install torch' is a magic, which is not Python; write "
         "get_ipython().system('pip install torch'), which does the same")),
    "a shell command is written": ("""
        # %%
        # !pip install torch
        """, [2], "'# !pip install torch' looks like a magic"),
    "the code does not compile": ("""
        # %%
        x = (
        # %%
        """, [2], "does not compile"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_at_its_line(mistake):
    text, lines, said = MISTAKES[mistake]
    found = faults(textwrap.dedent(text).lstrip("\n"))
    assert [line for line, _ in found] == lines, found
    assert found[0][1].startswith(said)


RIGHT = {
    "a docstring and a header above the first cell": (
        '# ---\n# jupyter:\n#   kernelspec:\n# ---\n"""Text."""\n\n# %%\nx = 1\n'
    ),
    "await at the top of a cell": "# %%\nasync def f():\n    return 1\n\n\n# %%\nx = await f()\n",
    "an empty cell": "# %%\n\n# %%\nx = 1\n",
    "a per cent sign in a comment": "# %%\nx = 1  # 5 %% of all\n# 10 % are left\n",
    "a magic named in markdown": "# %% [markdown]\n# %matplotlib is a magic\n# !important\n",
    "the stub's comments named in markdown": (
        "# %% [markdown]\n# Write between `# BEGIN YOUR SOLUTION` and `# END YOUR SOLUTION`.\n"
    ),
    "comments that jupytext would run": "# %%\n# cat x\n# ls\n# copy the weights\nx = 1\n",
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT)
def test_a_notebook_may_have(text):
    assert faults(text) == []


def test_comments_stay_comments_whatever_they_begin_with():
    (cell,) = read("# %%\n# cat x\n# copy the weights\nx = 1\n").cells
    assert cell.text == "# cat x\n# copy the weights\nx = 1"


def test_blank_lines_inside_of_strings_are_kept_and_those_around_a_cell_are_not():
    text = '# %%\n\n\nx = """\n  \n"""\n\n\n\n# %%\ny = 1\n'
    assert read(text).cells[0].text == 'x = """\n  \n"""'


def test_markdown_loses_its_comment_signs_only():
    text = "# %% [markdown]\n# # Title\n#\n# - a\n#     - b $x_i^2$\n#no blank\n\n# behind a gap\n"
    (cell,) = read(text).cells
    assert cell.text == "# Title\n\n- a\n    - b $x_i^2$\nno blank\n\nbehind a gap"


@pytest.fixture
def refusal(course):
    """Change a file of the course, plan the release, and return what is refused."""

    def refuse(old: str, new: str, file: str = FILE) -> list[str]:
        text = (course / file).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (course / file).write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(AssignmentErrors) as caught:
            plan_release(load_assignment(course, "noted"))
        return [str(problem) for problem in caught.value.problems]

    return refuse


def line_of(course: Path, file: str, text: str) -> int:
    """The number of the only line that holds a text."""
    lines = (course / file).read_text(encoding="utf-8").split("\n")
    (number,) = [number for number, line in enumerate(lines, 1) if text in line]
    return number


def test_a_written_item_of_a_notebook_needs_its_answer(course, refusal):
    (problem,) = refusal('# %% [markdown] answer="n1-why"', "# %% [markdown]")
    line = line_of(course, SPEC, 'id = "n1-why"') - 1
    assert problem == (
        f"{SPEC}:{line}: no cell answers item 'n1-why'; "
        f"write '# %% [markdown] answer=\"n1-why\"' in {FILE}"
    )


WRITTEN = 'kind = "written"\nnotebook = "squares.ipynb"'


def test_an_answer_needs_an_item_of_its_notebook(course, refusal):
    (problem,) = refusal(WRITTEN, 'kind = "written"', SPEC)
    line = line_of(course, FILE, 'answer="n1-why"')
    assert problem == (
        f"{FILE}:{line}: item 'n1-why' belongs to no notebook; "
        'write notebook = "squares.ipynb" at its [[item]], or move it'
    )


def test_an_auto_item_needs_a_region(course, refusal):
    (problem,) = refusal("# BEGIN SOLUTION n1-figure", "# BEGIN SOLUTION n1-mean")
    line = line_of(course, SPEC, 'id = "n1-figure"') - 1
    assert problem.startswith(f"{SPEC}:{line}: no region solves item 'n1-figure'")


def test_a_region_needs_an_item_of_its_notebook(course, refusal):
    item = 'kind = "auto"\ntimeout_s = 10\nnotebook = "squares.ipynb"\n\n[[item]]\nid = "n1-why"'
    (problem,) = refusal(item, 'kind = "auto"\n\n[[item]]\nid = "n1-why"', SPEC)
    line = line_of(course, FILE, "# BEGIN SOLUTION n1-figure")
    assert problem.startswith(f"{FILE}:{line}: item 'n1-figure' belongs to no notebook")


def second_notebook(course: Path, text: str) -> None:
    """Declare a second notebook with that text."""
    with (course / SPEC).open("a", encoding="utf-8") as stream:
        stream.write('\n[[notebook]]\npath = "cubes.ipynb"\n')
    (course / "solutions/noted/cubes.py").write_text(text, encoding="utf-8")


def test_a_region_in_the_notebook_of_another_item_is_refused(course, refusal):
    second_notebook(course, "# %%\n# BEGIN SOLUTION n1-mean\nx = 1\n# END SOLUTION\n")
    (problem,) = refusal("A course", "The course", SPEC)
    assert problem.startswith(
        "solutions/noted/cubes.py:2: item 'n1-mean' belongs to 'squares.ipynb'"
    )


def test_an_item_that_a_module_solves_needs_a_place_for_its_check(course, refusal):
    region = "def f():\n    # BEGIN SOLUTION n1-mean\n    return 1\n    # END SOLUTION\n"
    (course / "solutions/noted/means").mkdir()
    (course / "solutions/noted/means/mean.py").write_text(region, encoding="utf-8")
    with (course / SPEC).open("a", encoding="utf-8") as stream:
        stream.write('\n[[package]]\npath = "means/"\n')
    text = (course / FILE).read_text(encoding="utf-8")
    marker = "    # BEGIN SOLUTION n1-mean\n"
    head, _, tail = text.partition(marker)
    (course / FILE).write_text(head + tail.replace("    # END SOLUTION\n", "", 1).replace(
        "    # BEGIN PROMPT\n    # One line is enough.\n    # END PROMPT\n", ""
    ), encoding="utf-8")  # fmt: skip
    (problem,) = refusal("A course", "The course", SPEC)
    assert "no cell has the check of item 'n1-mean'" in problem
    assert f"write '# %% check=\"n1-mean\"' in {FILE}" in problem
    with (course / FILE).open("a", encoding="utf-8") as stream:
        stream.write('\n# %% check="n1-mean"\n')
    assert "squares.ipynb" in plan_release(load_assignment(course, "noted"))


def test_a_check_of_an_item_with_hidden_tests_only_is_refused(course, refusal):
    public = course / "assignment/noted/rubric/test_squares.py"
    text = public.read_text(encoding="utf-8")
    first, _, rest = text.partition('@pytest.mark.item("n1-figure")')
    head = first.partition("@pytest")[0]
    public.write_text(head + '@pytest.mark.item("n1-figure")' + rest, encoding="utf-8")
    (problem,) = refusal("## A figure", '## A figure\n\n# %% check="n1-mean"\n\n# %% [markdown]\n#')
    assert "item 'n1-mean' has no public test, so no check" in problem


def test_requirements_must_name_otter_where_there_are_notebooks(refusal):
    (problem,) = refusal("otter-grader>=6.1\n", "", "solutions/noted/requirements.txt")
    assert problem.startswith(
        "solutions/noted/requirements.txt: lacks otter-grader, which the notebooks import"
    )


def test_mistakes_of_notebooks_and_modules_are_reported_at_once(course, refusal):
    second_notebook(course, "# %%\n# begin solution\n")
    (course / "solutions/noted/stray.py").write_text("x = 1\n", encoding="utf-8")
    found = refusal('answer="n1-why"', 'answer="n1-wy"')
    assert [problem.split(":")[0] for problem in found] == [
        "solutions/noted/cubes.py", FILE, "solutions/noted/stray.py",
    ]  # fmt: skip


def test_what_jupytext_reads_in_another_way_is_refused(monkeypatch):
    import jupytext

    read_text = jupytext.reads

    def reads(text, fmt):
        return read_text(text.replace("x = 1", "x = 2"), fmt=fmt)

    monkeypatch.setattr(jupytext, "reads", reads)
    assert faults("# %%\nx = 1\n") == [
        (1, "jupytext reads this cell differently; please report it with the file")
    ]
    assert faults("# %%\nx = 3\n") == []


LINES = st.sampled_from(
    ["", "# +", "# -", "# ---", "#", "# cat x", "# ls", "# ?x", "x = 1  # y", "x = '# %%'",
     'y = """a\n\n\n# b\n"""', "if x:\n    # c\n    pass", "@f\ndef g():\n    return 1", "# 5 %"]
)  # fmt: skip
BOOKS = st.lists(st.lists(LINES, max_size=5), min_size=1, max_size=4)


@given(BOOKS)
def test_code_ships_letter_for_letter(book):
    texts = ["\n".join(lines) for lines in book]
    cells = read("".join(f"# %%\n{text}\n\n" for text in texts)).cells
    assert [cell.text for cell in cells] == [text.strip("\n") for text in texts]
