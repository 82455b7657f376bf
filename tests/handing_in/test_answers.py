"""Written answers are found wherever a student has put them."""

import json

import pytest

from autograder.handing_in.answers import WRITE_HERE, find_answers
from autograder.handing_in.notebooks import read_notebook
from autograder.release import notebook_files

from .conftest import FIRST_LINE, PLACEHOLDER, code, markdown, notebook

NEW = {"id": "e6f1a2b3"}  # as Jupyter names the cells that students add


def answer_to(*cells, ids=True, item="s1-why"):
    """The answer found, and its text."""
    (answer,) = find_answers(read_notebook(notebook(*cells, ids=ids)), [item])
    return answer.status, "\n".join(answer.texts)


def test_an_answer_stands_below_the_first_line():
    assert answer_to(markdown(FIRST_LINE + "Because.\nReally.")) == (
        "answered",
        "Because.\nReally.",
    )


@pytest.mark.parametrize(
    "text", ["", "\n\n", PLACEHOLDER, PLACEHOLDER + "\n\n", "\n" + PLACEHOLDER + "\n"]
)
def test_what_the_release_says_is_no_answer(text):
    assert answer_to(markdown(FIRST_LINE + text))[0] == "not answered"


def test_the_placeholder_is_that_of_the_release():
    assert WRITE_HERE == PLACEHOLDER == notebook_files.WRITE_HERE
    assert notebook_files.ANSWER.format(item="s1-why", points="2 points", text="") == FIRST_LINE


def test_the_placeholder_may_be_left_beside_an_answer():
    assert answer_to(markdown(FIRST_LINE + PLACEHOLDER + "\nBecause."))[1] == "Because."


@pytest.mark.parametrize("kind", ["raw", "code"])
def test_the_cell_may_have_become_another_kind(kind):
    cell = code(FIRST_LINE + "Because.", None) | {"cell_type": kind}
    assert answer_to(cell) == ("answered", "Because.")
    cell["source"] = "# " + cell["source"]
    assert answer_to(cell) == ("answered", "Because.")


def test_an_answer_goes_on_in_the_cells_that_a_student_has_put_below_it():
    cells = [
        markdown(FIRST_LINE + "One."),
        markdown("Two.", id="aaaa"),
        code("print(3)", 1, "3", ) | {"id": "bbbb"},
        markdown("Three.", id="cccc"),
        markdown("Given text of the release."),
    ]  # fmt: skip
    assert answer_to(*cells) == ("answered", "One.\nTwo.\nprint(3)\nThree.")


@pytest.mark.parametrize(
    "next_cell",
    [
        markdown("## Next"),
        markdown("**Your answer to `s1-other`** (1 point)\n\nNo."),
        code('grader.check("s1-fit")'),
        code("x = 1"),
    ],
)
def test_an_answer_ends_where_the_next_thing_begins_also_without_ids(next_cell):
    cells = [markdown(FIRST_LINE + "One."), markdown("Two."), next_cell, markdown("Four.")]
    assert answer_to(*cells, ids=False) == ("answered", "One.\nTwo.")


def test_where_the_first_line_is_gone_the_cell_of_the_release_is_taken():
    assert answer_to(markdown("Because.", id="007-answer-s1-why")) == ("answered", "Because.")
    cell = markdown("Because.", metadata={"answer": "s1-why"}, id="e6f1")
    assert answer_to(cell) == ("answered", "Because.")
    colab = markdown("Because.", metadata={"id": "007-answer-s1-why"})
    assert answer_to(colab, ids=False) == ("answered", "Because.")
    assert answer_to(markdown("Because.", id="007-answer-s1-why-not"))[0] == "not found"


def test_an_answer_in_two_places_is_taken_whole():
    cells = [
        markdown(FIRST_LINE + PLACEHOLDER),
        markdown("# Appendix"),
        markdown(FIRST_LINE + "Because."),
    ]
    assert answer_to(*cells) == ("answered", "\nBecause.")


def test_a_picture_is_an_answer():
    attachments = {"image.png": {"image/png": "iVBORw0KGgo="}}
    assert answer_to(markdown(FIRST_LINE, attachments=attachments))[0] == "answered"


def test_an_item_that_is_nowhere_is_not_found():
    assert answer_to(markdown("# Title"), code("x = 1")) == ("not found", "")


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"cell_type": 3, "source": {"a": 1}, "id": [1], "metadata": 7, "outputs": 8},
        {"cell_type": "code", "source": [1, None], "execution_count": "x", "outputs": [1, None]},
        {"source": FIRST_LINE, "outputs": [{"output_type": 5, "text": 5}], "attachments": 5},
    ],
)
def test_cells_of_any_shape_are_read(cell):
    data = json.dumps({"cells": [cell]}).encode()
    (answer,) = find_answers(read_notebook(data), ["s1-why"])
    assert answer.status in ("not found", "answered")
