"""Hidden checks of the gradients of an affine model: other shapes, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("p1-affine-gradients")
def test_shapes(student, rng):
    """Square, wide and tall matrices, and those with one row or column."""
    for m, n in [(3, 3), (2, 7), (7, 2), (1, 4), (4, 1), (1, 1)]:
        A, b, x, t = (rng.normal(size=shape) for shape in ((m, n), m, n, m))
        e = A @ x + b - t
        gradients = student.theory.affine_gradients(A, b, x, t)
        dA, db = check(gradients, "what affine_gradients returns").sequence(2)
        check(dA, f"∂f/∂A for m = {m}, n = {n}").close(
            np.outer(e, x),
            hints={"it is transposed: ∂f/∂A has the shape of A": np.outer(x, e)},
        )
        check(db, f"∂f/∂b for m = {m}, n = {n}").close(e)


@pytest.mark.item("p1-affine-gradients", counts_with="test_gradient_of_the_bias")
def test_arguments_are_left_alone(student, rng):
    """A, b, x and t are the same after the call."""
    values = {"A": rng.normal(size=(2, 3)), "b": rng.normal(size=2)}
    values |= {"x": rng.normal(size=3), "t": rng.normal(size=2)}
    placed = {name: student.place(value) for name, value in values.items()}
    student.theory.affine_gradients(*placed.values())
    for name, value in values.items():
        check(student.read(placed[name]), f"{name} after the call").close(
            value, hints={"it was changed in place: make a new array": np.nan * value}
        )
