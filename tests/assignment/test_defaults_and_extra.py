"""Items inherit from their problem and from [defaults]; extra credit is above the points."""

import pytest

from autograder.assignment import extra_points_of, load_assignment

HEAD = "[[problem]]"
ITEM = '\n[[item]]\nid = "t1-bonus"\nproblem = "t1"\ntitle = "More"\npoints = 2\nkind = "written"\n'
SPEC = "assignment/tiny/assignment.toml"


@pytest.fixture
def add(course):
    """Add a text to the end of the tiny assignment's spec."""

    def add_text(text):
        file = course / SPEC
        file.write_text(file.read_text() + text)

    return add_text


def test_an_item_takes_what_it_does_not_say_from_its_problem_and_then_from_the_defaults(
    course, edit
):
    text = (course / SPEC).read_text()
    assert text.count('kind = "auto"') == 2 and "timeout_s = 10" in text
    edit('kind = "auto"', "")
    edit(HEAD, '[defaults]\nkind = "auto"\ntimeout_s = 7\n\n[[problem]]')
    items = {item.id: item for item in load_assignment(course, "tiny").items}
    assert items["t1-square"].kind == "auto" and items["t1-square"].timeout_s == 10
    assert (items["t1-why"].kind, items["t1-why"].timeout_s) == ("written", 7)
    edit(HEAD, f"{HEAD}\ntimeout_s = 8")
    assert load_assignment(course, "tiny").item("t1-why").timeout_s == 8


def test_a_notebook_is_inherited_and_an_item_can_do_without(course):
    file = course / "assignment/noted/assignment.toml"
    text = file.read_text().replace('notebook = "squares.ipynb"\n', "")
    file.write_text(text.replace(HEAD, '[defaults]\nnotebook = "squares.ipynb"\n\n[[problem]]', 1))
    noted = load_assignment(course, "noted")
    assert {item.notebook for item in noted.items} == {"squares.ipynb"}
    file.write_text(file.read_text().replace('id = "n1-why"', 'id = "n1-why"\nnotebook = ""'))
    assert load_assignment(course, "noted").item("n1-why").notebook == ""


def test_extra_credit_is_not_part_of_the_points(course, add):
    before = load_assignment(course, "tiny").points
    add(f"{ITEM}extra = true\n")
    tiny = load_assignment(course, "tiny")
    assert tiny.item("t1-bonus").extra
    assert (tiny.points, extra_points_of(tiny.items)) == (before, 2)


def test_all_items_of_an_extra_problem_are_extra(course, add):
    problem = '\n[[problem]]\nid = "t2"\ntitle = "More"\npoints = 2\nextra = true\n'
    add(problem + ITEM.replace('"t1"', '"t2"'))
    assert load_assignment(course, "tiny").item("t1-bonus").extra


def test_mistakes_are_said_where_they_are(course, add, edit, complaints):
    add(ITEM)
    (said,) = complaints()
    assert "'t1' has 5 points, its items have 7; change one of them" in said
    add("extra = true\n")
    edit("points = 5", "points = 6")
    (said,) = complaints()
    assert "'t1' has 6 points, its items have 5 without extra credit" in said
    edit("points = 6", "points = 2\nextra = true")
    add(ITEM.replace("t1-bonus", "t1-more") + "extra = false\n")
    assert any("the item is no extra credit, but its problem is" in one for one in complaints())


@pytest.mark.parametrize(
    ("defaults", "what"),
    [
        ('kind = "autp"', "'autp' is not a valid kind; did you mean 'auto'?"),
        ("timeout_s = 0", "'timeout_s' is 0; write a number above 0 and at most 3600"),
        ('notebook = "a.ipynb"', "unknown notebook 'a.ipynb'; declare it with [[notebook]]"),
        ("points = 2", "unknown key 'points'; [defaults] knows kind, notebook, timeout_s"),
    ],
)
def test_a_mistake_in_the_defaults_is_said_once_at_its_line(edit, complaints, defaults, what):
    text = edit(HEAD, f"[defaults]\n{defaults}\n\n{HEAD}")
    line = text.split("\n").index(defaults) + 1
    assert complaints() == [f"{SPEC}:{line}: {what}"]


def test_the_need_exec_is_gone(edit, complaints):
    edit('kind = "auto"', 'kind = "auto"\nneeds = ["exec"]')
    (said,) = complaints()
    assert "'exec' is not something an item can need" in said
