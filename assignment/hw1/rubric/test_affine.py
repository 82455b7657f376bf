"""Public checks of the gradients of an affine model."""

import numpy as np
import pytest

from autograder.rubric import check


def draw(rng, m, n):
    """A matrix, a bias, an input and a target."""
    return rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n), rng.normal(size=m)


@pytest.mark.item("p1-affine-gradients")
def test_gradient_of_the_matrix(student, rng):
    """∂f/∂A is right, and has the shape of A."""
    A, b, x, t = draw(rng, 3, 4)
    e = A @ x + b - t
    gradients = student.theory.affine_gradients(A, b, x, t)
    dA, _ = check(gradients, "what affine_gradients returns").sequence(2)
    check(dA, "∂f/∂A for m = 3, n = 4").close(
        np.outer(e, x),
        hints={
            "it is transposed: ∂f/∂A has the shape of A": np.outer(x, e),
            "the sign is wrong: the error is Ax + b - t": -np.outer(e, x),
            "twice too large: the ½ cancels the 2 of the square": 2 * np.outer(e, x),
            "half of it: the ½ cancels the 2 of the square": np.outer(e, x) / 2,
            "the two gradients are swapped: ∂f/∂A comes first": e,
            "b is missing in the error": np.outer(A @ x - t, x),
            "t is missing in the error": np.outer(A @ x + b, x),
            "divided by m: f is half a sum of squares, not a mean": np.outer(e, x) / 3,
            "x is missing: ∂e/∂A depends on the input": np.outer(e, np.ones(4)),
        },
    )


@pytest.mark.item("p1-affine-gradients")
def test_gradient_of_the_bias(student, rng):
    """∂f/∂b is right, and has the shape of b."""
    A, b, x, t = draw(rng, 3, 4)
    e = A @ x + b - t
    gradients = student.theory.affine_gradients(A, b, x, t)
    _, db = check(gradients, "what affine_gradients returns").sequence(2)
    check(db, "∂f/∂b for m = 3, n = 4").close(
        e,
        hints={
            "the sign is wrong: the error is Ax + b - t": -e,
            "twice too large: the ½ cancels the 2 of the square": 2 * e,
            "half of it: the ½ cancels the 2 of the square": e / 2,
            "the two gradients are swapped: ∂f/∂b comes second": np.outer(e, x),
            "b is missing in the error": A @ x - t,
            "t is missing in the error": A @ x + b,
            "divided by m: f is half a sum of squares, not a mean": e / 3,
            "it is a column of shape (m, 1): ∂f/∂b has the shape of b": e[:, None],
            "it is summed up: every entry of b has a derivative of its own": e.sum(),
        },
    )
