"""What a check has accepted is noted for the student, once for each item, by public checks only."""

from autograder.assignment import load_assignment

HEAD = "import numpy as np\nimport pytest\nfrom autograder.rubric import check\n"
PUBLIC = '''

def share(student):
    return student.shapes.area.square(np.array([0.5]))


@pytest.mark.item("t1-square")
def test_first(student):
    """The square of a half."""
    check(share(student), "the first").number(per_cent=True).close(25)


@pytest.mark.item("t1-square")
def test_second(student):
    """The square of a half."""
    check(share(student), "the second").number(per_cent=True).close(25)


@pytest.mark.item("t1-square")
def test_unit(student):
    """The square of a half."""
    check(share(student), "the third").number().close(25, hints={"a fraction": 0.25})


@pytest.mark.item("t1-row-sums")
def test_sums(student):
    """The square of a half."""
    check(share(student), "the fourth").number(per_cent=True).above(20)
'''
HIDDEN = '''

@pytest.mark.item("t1-row-sums")
def test_hidden(student):
    """The square of a half."""
    got = student.shapes.area.square(np.array([0.75]))
    check(got, "the hidden one").number(per_cent=True).close(56.25)
'''


def test_what_was_accepted_is_noted_once_for_each_item(grade, course, tiny_solution):
    rubric = course / "assignment/tiny/rubric"
    (rubric / "test_area.py").write_text(HEAD + PUBLIC)
    (rubric / "test_area_hidden.py").write_text(HEAD + HIDDEN)
    [record] = grade(load_assignment(course, "tiny"), tiny_solution)
    items = {item.id: item for item in record.items}
    read = "per cent were expected, so it was read as 25 %"
    assert (items["t1-square"].status, items["t1-square"].score) == ("partial", 1.33)
    assert items["t1-square"].student_message == (
        "the third is wrong: got 0.25, expected 25\n  hint: a fraction\n"
        f"note: the first is a fraction, 0.25; {read}"
    )
    assert (items["t1-row-sums"].status, items["t1-row-sums"].score) == ("passed", 2.0)
    assert items["t1-row-sums"].message == f"note: the fourth is a fraction, 0.25; {read}"
