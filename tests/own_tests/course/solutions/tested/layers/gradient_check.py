"""Numerical gradients."""

from collections.abc import Callable

import numpy as np


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, epsilon: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences, in the shape of x."""
    # BEGIN SOLUTION g1-check
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = epsilon
        gradient[place] = (f(x + step) - f(x - step)) / (2 * epsilon)
    return gradient
    # END SOLUTION
