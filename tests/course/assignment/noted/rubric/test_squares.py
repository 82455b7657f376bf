"""Public checks of the notebook."""

import pytest

from autograder.rubric import check


@pytest.mark.item("n1-mean")
def test_mean_of_some_numbers(student, rng):
    """mean_of(values) is their sum divided by their number."""
    values = rng.uniform(1.0, 9.0, size=5)
    got = student.squares.mean_of(values)
    check(got, "mean_of(values)").close(values.mean(), hints={"the sum": values.sum()})


@pytest.mark.item("n1-figure")
def test_figure_has_its_title_and_labels(student):
    """The figure says what it shows, and what its axes are."""
    figures = student.figures("squares")
    assert figures, "squares.ipynb draws no figure"
    axes = figures[-1]["axes"][0]
    for part in ("title", "xlabel", "ylabel"):
        assert axes[part], f"the figure of squares has no {part}"


@pytest.mark.item("n1-figure")
def test_figure_has_one_point_for_each_step(student):
    """The line of squares has as many points as there are steps."""
    lines = [line for axes in student.figures("squares")[-1]["axes"] for line in axes["lines"]]
    assert lines, "the figure of squares has no line"
    assert len(lines[0]["x"]) == student.squares.STEPS, "the line has not one point for each step"
