"""The loss."""

import numpy as np


def loss(w: np.ndarray) -> float:
    """Return the sum of the squares of w, (D,)."""
    # BEGIN SOLUTION f1-step
    return float(np.sum(w**2))
    # END SOLUTION
