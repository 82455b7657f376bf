"""Hidden checks of shapes.area."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("t1-square")
def test_square_keeps_its_argument(student, rng):
    """square(x) leaves x as it was."""
    x = rng.uniform(1.5, 3.0, size=6)
    held = student.place(x)
    check(student.shapes.area.square(held), "square(x)").close(x**2, hints={"doubled": 2 * x})
    check(student.read(held), "x after square(x)").close(x, hints={"squared in place": x**2})
    # The student's process may report anything; a further call shows the change.
    again = student.shapes.area.square(held)
    check(again, "square(x), asked again for the same x").close(
        x**2, hints={"squared in place": x**4}
    )


@pytest.mark.item("t1-row-sums", weight=2.0)
def test_row_sums_through_a_small_function(student, rng):
    """row_sums(X) is right for scaled rows and for a single row."""
    scale = student.support.scaling.Scale(3.0)
    for rows in (1, 4):
        X = np.abs(rng.normal(size=(rows, 2))) + 1.0
        got = student.shapes.area.row_sums(scale.apply(X))
        # Expected values are computed here: scale.apply() answers from the student's side.
        expected = 3.0 * X[:, 0] + 3.0 * X[:, 1]
        check(got, f"row_sums(3 X), {rows} rows").close(
            expected, hints={"one row came without its axis": expected.squeeze()}
        )
