"""The line index finds each table and key, whatever stands between them."""

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.assignment.toml_lines import LineIndex

# Values with bait in them: what looks like a key or a table, and is part of a value.
VALUES = st.sampled_from([
    "1", "-2.5e3", "true", "1979-05-27 07:32:00", "nan", '"plain"', "'literal \\'", '"a = 1 # no"',
    '"quote \\" inside"', '"ends in backslash \\\\"',
    '"""\n[[item]]\nid = "bait"\n"""', "'''\nid = 'bait'\n# \" '''", '"""ends in quotes"""""',
    "[]", "[1, 2]", '[\n  "a", # ] [[item]]\n  "b",\n]', '[[1, 2],\n [3]]', "{}",
    '{ a = 1, b = { c = "}" } }', '[{ id = "x" },\n{ id = "y" }]', "'''\r\nkey = 1\r\n'''",
])  # fmt: skip
BLANKS = st.sampled_from(["", "\n", "# id = 1\n", "\n# [table]\n\n", "  \t\n"])
KEYS = st.sampled_from(["{}", '"{}"', "'{}'", '"quoted {} = ] # \\" "'])


@st.composite
def documents(draw):
    """A TOML document, and the line of each table and key in it, by tomllib's names."""
    text, lines = draw(BLANKS), {}
    path = ()
    for number in range(draw(st.integers(1, 8))):
        kind = draw(st.sampled_from(["table", "array", "key", "dotted"]))
        line = text.count("\n") + 1
        if kind == "table":
            path = (f"table{number}",)
            text += f"[ {path[0]} ]  # comment\n"
        elif kind == "array":
            index = sum(known[0] == "item" and len(known) == 2 for known in lines)
            path = ("item", index)
            text += "[[item]]\n"
        else:
            key = draw(KEYS).format(f"key{number}")
            (name,) = tomllib.loads(f"{key} = 1")
            if kind == "dotted":
                key, full = f"d{number} . {key}", (*path, f"d{number}", name)
            else:
                full = (*path, name)
            text += f"{key} ={draw(VALUES)}\n"
            lines[full] = line
        if kind in ("table", "array"):
            lines[path] = line
        text += draw(BLANKS)
    return text, lines


@settings(max_examples=150, deadline=None)
@given(documents())
def test_each_table_and_key_has_the_line_it_was_written_on(document):
    text, lines = document
    tomllib.loads(text)
    index = LineIndex(text)
    assert {path: index.of(*path) for path in lines} == lines


def test_elements_of_an_array_have_lines_of_their_own():
    index = LineIndex('needs = [\n  "a",  # first\n\n  "b", "c",\n]\nafter = 1\n')
    assert [index.of("needs", number) for number in range(3)] == [2, 4, 4]
    assert index.of("after") == 6


def test_a_path_that_is_not_written_has_the_line_of_what_is_around_it():
    index = LineIndex('[[item]]\nid = "a"\n\n[[item]]\nid = "b"\n')
    assert index.of("item", 1, "points") == 4
    assert index.of("nothing") == 1
