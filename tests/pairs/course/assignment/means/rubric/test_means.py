"""Public checks."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("p1-mean")
def test_mean_of_some_numbers(student, rng):
    """The mean of some numbers is right."""
    values = rng.normal(size=6)
    got = student.means.averages.mean(values)
    check(got, "mean(values)").close(np.average(values), hints={"the sum": np.sum(values)})


@pytest.mark.item("p1-median")
def test_median_of_an_odd_number_of_values(student, rng):
    """The median of seven values is the fourth of them in order."""
    values = rng.normal(size=7)
    right = np.quantile(values, 0.5)
    got = student.means.averages.median(values)
    check(got, "median(values)").close(right, hints={"the mean": np.average(values)})
