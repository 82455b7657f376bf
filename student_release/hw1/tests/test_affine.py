"""Public checks of the gradients of an affine model, against measured derivatives."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.differences import derivative


def draw(rng, m, n):
    """A matrix, a bias, an input and a target."""
    return rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n), rng.normal(size=m)


def half_square(A, b, x, t):
    """f(A, b) = ½ ‖A x + b - t‖²."""
    return np.sum((A @ x + b - t) ** 2) / 2


def measured(A, b, x, t):
    """The derivatives of f by A and by b."""
    by_A = derivative(lambda matrix: half_square(matrix, b, x, t), A)
    return by_A, derivative(lambda bias: half_square(A, bias, x, t), b)


@pytest.mark.item("p1-affine-gradients")
def test_gradient_of_the_matrix(student, rng):
    """∂f/∂A is right, and has the shape of A."""
    A, b, x, t = draw(rng, 3, 4)
    (right_A, right_b), zero = measured(A, b, x, t), np.zeros(3)
    gradients = student.theory.affine_gradients(A, b, x, t)
    dA, _ = check(gradients, "what affine_gradients returns").sequence(2)
    check(dA, "∂f/∂A for m = 3, n = 4").close(
        right_A,
        hints={
            "it is transposed: ∂f/∂A has the shape of A": right_A.T,
            "the sign is wrong: the error is Ax + b - t": -right_A,
            "twice too large: the ½ cancels the 2 of the square": 2 * right_A,
            "half of it: the ½ cancels the 2 of the square": right_A / 2,
            "the two gradients are swapped: ∂f/∂A comes first": right_b,
            "b is missing in the error": measured(A, zero, x, t)[0],
            "t is missing in the error": measured(A, b, x, zero)[0],
            "divided by m: f is half a sum of squares, not a mean": right_A / 3,
            "x is missing: ∂e/∂A depends on the input": np.tile(right_b[:, None], 4),
        },
    )


@pytest.mark.item("p1-affine-gradients")
def test_gradient_of_the_bias(student, rng):
    """∂f/∂b is right, and has the shape of b."""
    A, b, x, t = draw(rng, 3, 4)
    (right_A, right_b), zero = measured(A, b, x, t), np.zeros(3)
    gradients = student.theory.affine_gradients(A, b, x, t)
    _, db = check(gradients, "what affine_gradients returns").sequence(2)
    check(db, "∂f/∂b for m = 3, n = 4").close(
        right_b,
        hints={
            "the sign is wrong: the error is Ax + b - t": -right_b,
            "twice too large: the ½ cancels the 2 of the square": 2 * right_b,
            "half of it: the ½ cancels the 2 of the square": right_b / 2,
            "the two gradients are swapped: ∂f/∂b comes second": right_A,
            "b is missing in the error": measured(A, zero, x, t)[1],
            "t is missing in the error": measured(A, b, x, zero)[1],
            "divided by m: f is half a sum of squares, not a mean": right_b / 3,
            "it is a column of shape (m, 1): ∂f/∂b has the shape of b": right_b[:, None],
            "it is summed up: every entry of b has a derivative of its own": right_b.sum(),
        },
    )
