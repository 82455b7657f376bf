"""Checks of Linear and of the numerical gradient."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.differences import derivative


@pytest.mark.item("g1-linear")
def test_gradients_of_linear(student, rng):
    """Both gradients of Linear are those of its forward."""
    x, upstream = rng.normal(size=(4, 3)), rng.normal(size=(4, 2))
    layer = student.layers.linear.Linear(3, 2)
    W = rng.normal(size=(2, 3))
    layer.W = W
    check(layer.forward(x), "forward(x)").close(np.einsum("nd,od->no", x, W))
    right = derivative(lambda at: np.sum(np.einsum("nd,od->no", at, W) * upstream), x)
    check(layer.backward(upstream), "dL/dx").close(right, rtol=1e-5)  # by differences
    right = derivative(lambda at: np.sum(np.einsum("nd,od->no", x, at) * upstream), W)
    check(layer.dL_dW, "dL/dW").close(right, rtol=1e-5)  # by differences


@pytest.mark.item("g1-check")
def test_numerical_gradient(student, rng):
    """The gradient of a sum of squares is 2x."""
    x = rng.normal(size=(2, 3))
    function = student.support.squares.sum_of_squares
    got = student.layers.gradient_check.numerical_gradient(function, x)
    check(got, "the gradient").close(2 * x, rtol=1e-5)  # by differences
