"""docs/assignment-toml.md has every key that assignment.toml may have, and no other."""

import re
from pathlib import Path

import pytest

from autograder.assignment import inherited, notebooks
from autograder.assignment.reading import SINGLE_TABLES, TABLE_ARRAYS
from autograder.assignment.spec import KINDS, NEEDS, VISIBILITIES

PAGE = Path(__file__).parents[2] / "docs" / "assignment-toml.md"
HEADINGS = {f"[{name}]": keys for name, keys in SINGLE_TABLES.items()}
HEADINGS |= {f"[[{name}]]": keys for name, keys in TABLE_ARRAYS.items()}


@pytest.fixture(scope="module")
def documented():
    """The rows of each table of the page: heading -> key -> (value, default)."""
    found = {}
    for section in re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]:
        heading = re.match(r"`(\[+\w+\]+)`", section)[1]
        rows = re.findall(r"^\| `(\w+)` \| (.+) \|(.*)\|$", section, re.MULTILINE)
        assert len({key for key, _, _ in rows}) == len(rows), heading
        found[heading] = {key: (value, default.strip()) for key, value, default in rows}
    return found


def test_every_table_has_its_section_and_every_section_its_table(documented):
    assert documented.keys() == HEADINGS.keys()


@pytest.mark.parametrize("heading", sorted(HEADINGS))
def test_every_key_is_documented_and_every_documented_key_exists(documented, heading):
    assert sorted(documented[heading]) == sorted(HEADINGS[heading])


def words(text):
    return set(re.findall(r'`"([\w-]+)"`', text))


def test_the_words_that_a_key_may_have_are_those_of_the_code(documented):
    item = documented["[[item]]"]
    assert words(item["kind"][0]) == set(KINDS)
    assert words(item["visibility"][0]) == set(VISIBILITIES)
    assert words(documented["[[notebook]]"]["needs"][0]) == set(NEEDS)


def test_the_default_time_limits_are_those_of_the_code(documented):
    notebook = documented["[[notebook]]"]
    for key, default in (
        ("timeout_s", notebooks.TIMEOUT_S),
        ("cell_timeout_s", notebooks.CELL_TIMEOUT_S),
        ("full_timeout_s", notebooks.FULL_TIMEOUT_S),
    ):
        assert float(notebook[key][1]) == default
    assert f"at most {notebooks.LONGEST_FULL_TIMEOUT_S:.0f}" in notebook["full_timeout_s"][0]
    assert float(documented["[defaults]"]["timeout_s"][1]) == inherited.DEFAULT_TIMEOUT_S
    assert f"at most {inherited.LONGEST_TIMEOUT_S:.0f}" in documented["[[item]]"]["timeout_s"][0]
