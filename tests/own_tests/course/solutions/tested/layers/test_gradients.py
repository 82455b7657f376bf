"""Tests of Linear by numerical gradients."""

import numpy as np
import pytest

from layers.gradient_check import numerical_gradient
from layers.linear import Linear


def layer_and_inputs():
    """Return a layer with weights, inputs for it, and a gradient from above."""
    rng = np.random.default_rng(1)
    layer = Linear(4, 2)
    layer.W = rng.normal(size=(2, 4))
    return layer, rng.normal(size=(3, 4)), rng.normal(size=(3, 2))


def test_gradient_of_inputs():
    """dL/dx is the numerical gradient."""
    layer, x, above = layer_and_inputs()
    # BEGIN SOLUTION g1-tests
    layer.forward(x)
    expected = numerical_gradient(lambda at: (layer.forward(at) * above).sum(), x)
    layer.forward(x)
    assert np.allclose(layer.backward(above), expected, rtol=1e-4, atol=1e-6)
    # END SOLUTION


@pytest.mark.parametrize("rows", [1, 3])
def test_gradient_of_weights(rows):
    """dL/dW is the numerical gradient, also for one row."""
    layer, x, above = layer_and_inputs()
    # BEGIN SOLUTION g1-tests
    x, above, weights = x[:rows], above[:rows], layer.W.copy()

    def loss(at):
        layer.W = at
        return (layer.forward(x) * above).sum()

    expected = numerical_gradient(loss, weights)
    layer.W = weights
    layer.forward(x)
    layer.backward(above)
    assert np.allclose(layer.dL_dW, expected, rtol=1e-4, atol=1e-6)
    # END SOLUTION


def test_two_passes_do_not_accumulate():
    """A second backward gives its own gradient, and leaves its argument as it was."""
    layer, x, above = layer_and_inputs()
    # BEGIN SOLUTION g1-tests
    kept = above.copy()
    layer.forward(x)
    layer.backward(above)
    once = np.array(layer.dL_dW)
    layer.forward(x)
    layer.backward(above)
    assert np.allclose(layer.dL_dW, once) and np.array_equal(above, kept)
    # END SOLUTION
