"""A variable that a check needs and that a later cell assigns again: the message has both cells."""

import pytest


def asked(student, *names):
    for name in names:
        getattr(student.analysis, name)
    return student.session__.reused()


def test_both_cells_are_named_with_their_lines(hand_in):
    student = hand_in("n = 8\nlosses = [3, 2, 1]", "x = 1", "# again\nlosses = 0.5")
    assert asked(student, "losses", "n", "x") == [
        (
            "`losses` is assigned in cell 1 of analysis.ipynb (line 2: losses = [3, 2, 1]) and "
            "again in cell 3 (line 2: losses = 0.5); this check sees what cell 3 has made"
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
    ],
)
def test_every_way_to_assign_again_is_seen(hand_in, later):
    [words] = asked(hand_in("x = 'a'", later), "x")
    assert words.startswith("`x` is assigned in cell 1 ") and " again in cell 2 (line 1" in words


@pytest.mark.parametrize(
    "cells",
    [
        ["x = 1"],
        ["x = 1\nx = 2"],
        ["x = []", "x = [1]"],
        ["x = None", "x = 3"],
        ["x = ...", "x = 3"],
        ["x = 1", "x += 1"],
        ["x = [1]", "x.append(2)"],
        ["x = 1", "def f():\n    x = 2\nf()"],
        ["x = 1", "y = [x for x in 'ab']"],
        ["import json as x", "import json as x"],
        ["x = 1", "raise ValueError\nx = 2"],
    ],
)
def test_what_is_assigned_once_or_only_changed_is_no_such_variable(hand_in, cells):
    assert asked(hand_in(*cells), "x") == []


def test_nothing_is_said_of_what_the_check_does_not_ask_for(hand_in):
    assert asked(hand_in("x = 1\ny = 1", "x = 2"), "y") == []


def test_three_cells_are_the_first_and_the_last(hand_in):
    [words] = asked(hand_in("x = 1", "x = 2", "x = 3"), "x")
    assert "in cell 1 " in words and "in cell 3 " in words and "cell 2" not in words
