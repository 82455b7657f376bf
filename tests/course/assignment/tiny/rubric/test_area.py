"""Public checks of shapes.area."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("t1-square")
def test_square_of_an_array(student, rng):
    """square(x) squares each entry."""
    x = rng.uniform(1.5, 3.0, size=(3, 4))
    hints = {"doubled": 2 * x, "left as it was": x}
    check(student.shapes.area.square(x), "square(x)").close(x**2, hints=hints)


@pytest.mark.item("t1-row-sums")
def test_row_sums_of_a_matrix(student, rng):
    """row_sums(X) has one sum for each row."""
    X = rng.normal(size=(3, 5))
    got = student.shapes.area.row_sums(X)
    hints = {"summed over columns": X.sum(0), "sums of absolute values": np.abs(X).sum(1)}
    check(got, "row_sums(X)").close(X.sum(1), hints=hints)
