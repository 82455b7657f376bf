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


Q, A = "To which number?", FIRST_LINE + PLACEHOLDER
GIVEN = [
    markdown("# Report", id="001-markdown"),
    markdown("## Why", id="002-markdown"),
    markdown(Q, id="003-markdown"),
    markdown(A, id="004-answer-s1-why"),
    markdown("## Next", id="005-markdown"),
    code("x = 1  # the release's", None) | {"id": "006-code"},
]
TITLE = "Why so large?"
MINE = "It is the mean."
OWN = markdown(MINE, **NEW)


def changed(change):
    """The release's notebook with a change."""
    cells = [dict(cell) for cell in GIVEN]
    change(cells)
    return cells


def without_ids(cells):
    cells[:] = [{key: value for key, value in cell.items() if key != "id"} for cell in cells]


def found(cells, given=True):
    release = read_notebook(notebook(*[dict(cell) for cell in GIVEN], ids=False)) if given else ()
    data = notebook(*cells, ids=False)
    (answer,) = find_answers(read_notebook(data), ["s1-why"], release, {"s1-why": TITLE})
    return answer


TWO = [OWN, markdown("So.", id="n2")]
ELSEWHERE = {
    "above the cell": lambda cells: cells.insert(3, OWN),
    "below the cell": lambda cells: cells.insert(4, OWN),
    "below under a heading": lambda cells: cells.insert(4, markdown(f"### Answer\n{MINE}", **NEW)),
    "two cells above": lambda cells: cells.__setitem__(slice(3, 3), TWO),
    "raw cell below": lambda cells: cells.insert(4, OWN | {"cell_type": "raw"}),
    "code cell below": lambda cells: cells.insert(4, code(f"# {MINE}", 1) | NEW),
    "first line gone": lambda cells: cells[3].update(source=MINE),
    "cell replaced": lambda cells: cells.__setitem__(3, OWN),
    "at the end, by the item": lambda cells: cells.append(markdown(f"s1-why: {MINE}", **NEW)),
    "at the top, by the title": lambda cells: cells.insert(0, markdown(f"{TITLE} {MINE}", **NEW)),
}  # fmt: skip


@pytest.mark.parametrize("ids", [True, False], ids=["with ids", "without"])
@pytest.mark.parametrize("name", ELSEWHERE)
def test_an_answer_in_a_cell_of_ones_own_is_found(name, ids):
    cells = changed(ELSEWHERE[name])
    if not ids:
        if name == "code cell below":
            pytest.skip("it may be the release's next cell; it is shown with the rest")
        without_ids(cells)
    answer = found(cells)
    assert answer.status == "answered"
    assert MINE in "\n".join(answer.texts)


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("ids", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[2].update(source=f"{Q}\n\n{MINE}"),  # into the question's cell
        lambda cells: cells[4].update(source=f"{MINE}\n## Next"),  # into the next heading
        lambda cells: cells.append(OWN),  # at the end
        lambda cells: cells.insert(0, OWN),  # at the top
        lambda cells: (cells.pop(3), cells.append(OWN)),  # its cell was deleted
        lambda cells: (cells.pop(2), cells.pop(2), cells.append(OWN)),  # and the question
    ],
)
def test_what_no_program_can_place_is_shown_and_never_called_no_answer(change, ids, given):
    cells = changed(change)
    if not ids:
        without_ids(cells)
    answer = found(cells, given)
    assert answer.status in ("elsewhere", "not found", "answered")
    if given or ids or cells[0]["source"] != MINE:  # a text above the heading may be the release's
        asked = answer.question.source if answer.question else ""
        shown = [asked, *answer.texts, *(cell.source for cell in answer.rest)]
        assert MINE in "\n".join(shown)


@pytest.mark.parametrize("ids", [True, False])
def test_only_the_release_itself_is_not_answered(ids):
    cells = changed(lambda cells: None)
    if not ids:
        without_ids(cells)
    assert found(cells).status == "not answered"
    assert found(cells, given=False).status == "elsewhere"


def test_the_question_goes_with_the_answer():
    answer = found(changed(lambda cells: cells.insert(3, OWN)))
    assert answer.question is not None and answer.question.source == Q
    full = found(changed(lambda cells: cells[3].update(source=FIRST_LINE + MINE)))
    assert (full.question.source, full.rest) == (Q, ())


def test_the_answer_to_one_question_is_not_taken_for_that_to_the_next():
    other = FIRST_LINE.replace("s1-why", "s1-how") + PLACEHOLDER
    cells = [markdown(Q), markdown(A, id="002-answer-s1-why"), OWN,
             markdown(other, id="003-answer-s1-how")]  # fmt: skip
    one, two = find_answers(read_notebook(notebook(*cells)), ["s1-why", "s1-how"])
    assert (one.status, one.texts[-1]) == ("answered", MINE)
    assert two.status == "elsewhere"
    assert OWN["source"] in [cell.source for cell in two.rest]
