"""Compute numerical derivatives, so that a check need not contain the formula.

    right = derivative(lambda w: loss(w, X, y), w)

The checks are part of the release, so a formula in them would give the answer away. They may
contain a function's definition, as in the handout, and values of mistakes, such as the derivative
of another loss.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def derivative(f: Callable[[Array], Array | float], x: Array, step: float = 1e-3) -> Array:
    """Compute the derivative of a function at a point by fourth-order central differences.

    The result has about ten correct digits if f is smooth and x and f are of order one. It is exact
    up to rounding if f is piecewise a polynomial of degree four or less.

    Args:
        f: maps an array of the shape of x to a number or an array.
        x: the point, an array.
        step: each entry of x is moved by up to twice this; f must not have a kink there.

    Returns:
        An array of shape (shape of f(x)) + (shape of x): the entry [..., k] is ∂f/∂xₖ.
    """
    x = np.asarray(x, dtype=float)
    slopes = np.empty(np.shape(f(x)) + x.shape)
    for k in np.ndindex(x.shape):
        values = []
        for steps in (1, -1, 2, -2):
            moved = x.copy()
            moved[k] += steps * step
            values.append(np.asarray(f(moved), dtype=float))
        near, far = values[0] - values[1], values[2] - values[3]
        slopes[(..., *k)] = (8 * near - far) / (12 * step)
    return slopes
