"""Every mistake in the files of an assignment is found at loading, at its line."""

import pytest

from .malformed import MALFORMED, WITH_CONSEQUENCES


def line_of(beginning: str | int, text: str) -> int:
    """The number of the only line that begins with a text."""
    if isinstance(beginning, int):
        return beginning
    before, found, after = f"\n{text}".partition(f"\n{beginning}")
    assert found and f"\n{beginning}" not in after, f"{beginning!r} is not the start of one line"
    return before.count("\n") + 1


@pytest.mark.parametrize("title", MALFORMED)
def test_a_mistake_is_reported_at_its_line(title, course, edit, complaints):
    case = MALFORMED[title]
    if case.old:
        text = edit(case.old, case.new, case.file)
    else:
        text = case.new
        (course / case.file).parent.mkdir(exist_ok=True)
        (course / case.file).write_text(text, encoding="utf-8")
    line = line_of(case.wrong, text)
    start = f"{case.file}:{line}: {case.said}" if line else f"{case.file}: {case.said}"
    found = complaints(case.assignment)
    assert any(complaint.startswith(start) for complaint in found), found
    assert (len(found) > 1) == (title in WITH_CONSEQUENCES), found


@pytest.mark.parametrize("assignment", ["tiny", "noted"])
def test_a_right_assignment_has_no_mistake(assignment, complaints):
    assert complaints(assignment) == []
