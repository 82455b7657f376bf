"""Hidden checks of the notebook."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("n1-mean", weight=0.5)
def test_mean_of_one_number(student, rng):
    """mean_of(values) of a single number is that number."""
    lonely_value = rng.uniform(1.0, 9.0, size=1)
    check(student.squares.mean_of(lonely_value), "mean_of of one").close(lonely_value[0])


@pytest.mark.item("n1-figure", weight=2)
def test_figure_shows_squares(student):
    """The line of squares shows the squares of 0, 1, 2, ..."""
    line_of_squares = student.figures("squares")[-1]["axes"][0]["lines"][0]
    # Not the line's own x: a line of zeros would show the squares of zeros.
    x = np.arange(len(line_of_squares["x"]))
    check(line_of_squares["x"], "the line's numbers").close(x)
    check(line_of_squares["y"], "the line's values").close(x**2, hints={"cubes": x**3})
