"""The files of a rubric are read from their source alone (malformed.py has the mistakes)."""

import pytest

FOLDER = "assignment/tiny/rubric"


@pytest.mark.parametrize("name", ["helper.py", "conftest.py", "data.npz", "Test_x.py", "deep"])
def test_what_is_neither_a_test_file_nor_support_has_no_place_in_a_rubric(name, course, complaints):
    if name == "deep":
        (course / FOLDER / name).mkdir()
    else:
        (course / FOLDER / name).touch()
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/{name}: has no place in a rubric")


def test_a_hidden_module_in_support_is_refused_because_support_ships(course, complaints):
    (course / FOLDER / "support" / "secrets_hidden.py").touch()
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/support/secrets_hidden.py: is hidden")


def test_a_support_module_that_does_not_parse_is_reported(course, complaints):
    (course / FOLDER / "support" / "bad.py").write_text("x = (\n", encoding="utf-8")
    (complaint,) = complaints()
    assert complaint.startswith(f"{FOLDER}/support/bad.py:1: does not parse")


def test_caches_beside_the_tests_are_no_mistake(course, complaints):
    (course / FOLDER / "__pycache__").mkdir()
    (course / FOLDER / ".pytest_cache").mkdir()
    assert complaints() == []


def test_an_item_with_hidden_tests_only_is_complete(course, complaints):
    (course / FOLDER / "test_area.py").unlink()
    assert complaints() == []


def test_helper_functions_in_a_test_file_are_no_tests(course, complaints):
    path = course / FOLDER / "test_area.py"
    text = path.read_text(encoding="utf-8") + "\n\ndef draw(rng):\n    return rng.normal()\n"
    path.write_text(text, encoding="utf-8")
    assert complaints() == []
