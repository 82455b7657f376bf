"""Measure derivatives, so that a check can ask for one without holding its formula.

    right = derivative(lambda w: loss(w, X, y), w)

A release carries its checks: a formula in them is the answer. What a function is defined by may be
there, as the handout has it; what it is wrong by as well, such as the derivative of another loss.
"""

from collections.abc import Callable

import numpy as np

Array = np.ndarray


def derivative(f: Callable[[Array], Array | float], x: Array, step: float = 1e-3) -> Array:
    """Measure the derivative of a function at a point, by differences of fourth order.

    Right to about ten digits where f is smooth and x and f are of order one; exact up to rounding
    where f is a polynomial of fourth degree or less, piece by piece.

    Args:
        f: takes an array of the shape of x, returns a number or an array.
        x: the point, an array.
        step: twice as far an entry of x is moved; f must have no kink there.

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
