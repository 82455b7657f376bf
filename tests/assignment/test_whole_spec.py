"""All mistakes in assignment.toml are reported at once (malformed.py has one of each)."""

import pytest

FILE = "assignment/tiny/assignment.toml"


def test_all_mistakes_are_reported_at_once_in_the_order_of_their_lines(edit, complaints):
    edit('id = "tiny"', 'id = "TINY"')
    edit("timeout_s = 10", "timeout_s = -1")
    edit('kind = "written"', 'kind = "oral"')
    edit('"""square(x) squares each entry."""', "", "assignment/tiny/rubric/test_area.py")
    found = complaints()
    words = (
        "'TINY' is not an id",
        "'timeout_s' is -1",
        "'oral' is not a valid kind",
        "has no docstring",
    )
    positions = [next(n for n, text in enumerate(found) if word in text) for word in words]
    assert positions == sorted(positions)
    assert len(found) == len(words)


@pytest.mark.parametrize(
    ("broken", "line"),
    [('title = "Shapes', 5), ('title = Shapes"', 5), ('id = "again"\ntitle = ""', 5)],
)
def test_what_is_no_toml_is_reported_with_its_line(broken, line, edit, complaints):
    edit('title = "Shapes of arrays"', broken)
    (complaint,) = complaints()
    assert complaint.startswith(f"{FILE}:{line}: invalid TOML")


def test_a_list_that_is_never_closed_is_reported(edit, complaints):
    edit('kind = "written"', 'kind = "written"\nneeds = [')
    (complaint,) = complaints()
    assert complaint.startswith(f"{FILE}:4")
    assert "invalid TOML" in complaint


def test_a_spec_that_is_not_utf_8_is_reported_with_its_line(course, complaints):
    path = course / FILE
    path.write_bytes(path.read_bytes().replace(b"Shapes of", "Fl\u00e4chen".encode("latin-1")))
    assert complaints() == [f"{FILE}:5: byte 0xe4 is not UTF-8; save the file as UTF-8"]


def test_an_empty_spec_lacks_its_three_tables(course, complaints):
    (course / FILE).write_text("", encoding="utf-8")
    found = [complaint for complaint in complaints() if complaint.startswith(f"{FILE}:")]
    assert found == [
        f"{FILE}:1: the table [assignment] is missing; add [assignment]",
        f"{FILE}:1: the table [[problem]] is missing; add [[problem]]",
        f"{FILE}:1: the table [[item]] is missing; add [[item]]",
    ]


def test_points_add_up_in_decimals(edit, complaints):
    edit("points = 2", "points = 0.1")
    edit("points = 2", "points = 0.1")
    edit("points = 1", "points = 0.1")
    edit("points = 5", "points = 0.3")
    assert complaints() == []
