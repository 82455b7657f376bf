"""The stub names its item, function and file; the solution is the source without markers."""

import pytest

SOURCE = '''\
"""Shapes."""

import numpy as np


class Square:
    """A square."""

    sides = 4  # of equal length

    def area(self, scale: float = 1.0) -> float:
        """Return the area."""
        side = self.side * scale
        # BEGIN SOLUTION t1-square
        # Square the side.
        area = (
            side
            * side
        )
        return area
        # END SOLUTION
        # BEGIN PROMPT
        # `side` is scaled already.
        #
        # END PROMPT

    def rows(self, X):
        """Return row sums."""
        # BEGIN SOLUTION t1-row-sums
        total = X.sum(axis=1)
        # END SOLUTION
        return total
'''

STUB = '''\
"""Shapes."""

import numpy as np


class Square:
    """A square."""

    sides = 4  # of equal length

    def area(self, scale: float = 1.0) -> float:
        """Return the area."""
        side = self.side * scale
        # BEGIN YOUR SOLUTION
        # `side` is scaled already.
        #
        raise NotImplementedError("tiny/t1-square: write Square.area in shapes/area.py")
        # END YOUR SOLUTION

    def rows(self, X):
        """Return row sums."""
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("tiny/t1-row-sums: write Square.rows in shapes/area.py")
        # END YOUR SOLUTION
        return total
'''

SOLUTION = '''\
"""Shapes."""

import numpy as np


class Square:
    """A square."""

    sides = 4  # of equal length

    def area(self, scale: float = 1.0) -> float:
        """Return the area."""
        side = self.side * scale
        # Square the side.
        area = (
            side
            * side
        )
        return area

    def rows(self, X):
        """Return row sums."""
        total = X.sum(axis=1)
        return total
'''


def test_the_stub_keeps_everything_but_the_regions(stub):
    assert stub(SOURCE) == STUB


def test_the_solution_keeps_everything_but_the_markers_and_prompts(parse, complete):
    assert complete(SOURCE) == SOLUTION


def test_windows_line_ends_a_byte_order_mark_and_a_missing_last_line_feed_change_nothing(stub):
    data = SOURCE.rstrip("\n").encode()
    assert stub(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")) == STUB


def test_a_stub_is_not_accepted_as_a_source(mistakes):
    found = mistakes(STUB)
    marks = [n for n, line in enumerate(STUB.split("\n"), 1) if "YOUR SOLUTION" in line]
    assert [line for line, _ in found] == marks


def test_an_unfinished_function_raises_the_stubs_words_and_the_rest_works(stub):
    source = "def f(x):\n    # BEGIN SOLUTION t1-square\n    return x\n    # END SOLUTION\n"
    names: dict = {}
    exec(stub(f"{source}\n\nANSWER = 42\n"), names)
    assert names["ANSWER"] == 42
    with pytest.raises(NotImplementedError) as caught:
        names["f"](1)
    assert str(caught.value) == "tiny/t1-square: write f in shapes/area.py"


@pytest.mark.parametrize(("depth", "name", "lines"), [
    (1, "short", 1), (3, "n" * 30, 3), (3, "n" * 45, 4),
])  # fmt: skip
def test_a_long_raise_is_written_over_several_lines(depth, name, lines, stub):
    indent = "    " * depth
    heads = [f"{'    ' * level}class C{level}:\n" for level in range(depth - 1)]
    text = (
        f"{''.join(heads)}{indent[4:]}def {name}(self):\n"
        f"{indent}# BEGIN SOLUTION t1-square\n{indent}return 1\n{indent}# END SOLUTION\n"
    )
    written = stub(text).splitlines()
    assert len(written) == depth + 2 + lines
    assert max(map(len, written)) < 100
