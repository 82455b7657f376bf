"""A variable that a check needs and that a later cell assigns again: the words have both cells."""

import pytest

from autograder.notebook.document import CodeCell
from autograder.notebook.reuse import words_on_reuse


def said(*sources, names=("x",)):
    cells = [CodeCell(number, source) for number, source in enumerate(sources, 1)]
    return words_on_reuse("a.ipynb", cells, names)


def test_both_cells_are_named_with_their_lines():
    assert said("n = 8\nx = [3, 2, 1]", "y = 1", "# again\nx = 0.5", names=("x", "n", "y")) == [
        (
            "`x` is assigned in cell 1 of a.ipynb (line 2: x = [3, 2, 1]) and again in cell 3 "
            "(line 2: x = 0.5); checks see the last value"
        )
    ]


@pytest.mark.parametrize(
    "later",
    [
        "x = 3",
        "x: int = 3",
        "for x in [1, 2]:\n    pass",
        "with open('a', 'w') as x:\n    pass",
        "def x():\n    return 1",
        "class x:\n    pass",
        "(y, x) = 1, 2",
        "if (x := 5):\n    pass",
        "y = x = 4",
        "[x, *y] = [1, 2, 3]",
        "%time x = 3\nx = 4",
        "%%time\nx = 3",
        "%matplotlib inline\n!ls\nx = 3",
    ],
)
def test_every_way_to_assign_again_is_seen(later):
    [words] = said("x = 'a'", later)
    assert words.startswith("`x` is assigned in cell 1 ") and " again in cell 2 (line " in words


@pytest.mark.parametrize(
    "cells",
    [
        ["x = 1"],
        ["x = 1\nx = 2"],
        ["x = []", "x = [1]"],
        ["x = dict()", "x = {'a': 1}"],
        ["x = None", "x = 3"],
        ["x = ...", "x = 3"],
        ["x: list[int]", "x = 3"],
        ["x = 1", "x += 1"],
        ["x = [1]", "x.append(2)"],
        ["x = [1]", "x[0] = 2"],
        ["x = 1", "def f():\n    x = 2\nf()"],
        ["x = 1", "y = [x for x in 'ab']"],
        ["import json as x", "import json as x"],
        ["x = 1", "del x"],
        ["x = 1", "%%bash\nx = 2"],
        ["x = 1", "no python\nx = 2"],
        ["x = 1", "#" * 300_000 + "\nx = 2"],
        ["x = 1", "x = " + "-" * 5000 + "1"],
    ],
)
def test_what_is_assigned_once_or_only_changed_is_no_such_variable(cells):
    assert said(*cells) == []


def test_nothing_is_said_of_what_the_check_does_not_ask_for():
    assert said("x = 1\ny = 1", "x = 2", names=("y",)) == []


def test_three_cells_are_the_first_and_the_last():
    [words] = said("x = 1", "x = 2", "x = 3")
    assert "in cell 1 " in words and "in cell 3 " in words and "cell 2" not in words
