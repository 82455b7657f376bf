"""Areas and sums."""

import numpy as np


def square(x: np.ndarray) -> np.ndarray:
    """Square each entry.

    Args:
        x: an array of any shape.

    Returns:
        x * x, in an array of its own.
    """
    # BEGIN SOLUTION t1-square
    # np.multiply makes a fresh array, so that x stays as it is.
    return np.multiply(x, x)
    # END SOLUTION


def row_sums(X: np.ndarray) -> np.ndarray:
    """Add up each row.

    Args:
        X: (N, D).

    Returns:
        (N,): the sum over D.
    """
    N, D = X.shape
    # BEGIN SOLUTION t1-row-sums
    sums_of_rows = X @ np.ones(D, dtype=X.dtype)
    return sums_of_rows.reshape(N)
    # END SOLUTION
    # BEGIN PROMPT
    # X has N rows of D entries; no loop is needed.
    # END PROMPT
