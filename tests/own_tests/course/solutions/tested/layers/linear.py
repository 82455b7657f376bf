"""A linear layer."""

import numpy as np


class Linear:
    """y = x Wᵀ."""

    def __init__(self, in_features: int, out_features: int) -> None:
        self.W = np.random.default_rng().normal(size=(out_features, in_features))
        self.dL_dW = np.zeros_like(self.W)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return x Wᵀ, (N, D_out).

        Args:
            x: (N, D_in).
        """
        # BEGIN SOLUTION g1-linear
        self.x = x
        return x @ self.W.T
        # END SOLUTION

    def backward(self, dL_dy: np.ndarray) -> np.ndarray:
        """Return dL/dx, (N, D_in), and keep dL/dW.

        Args:
            dL_dy: (N, D_out).
        """
        # BEGIN SOLUTION g1-linear
        self.dL_dW = dL_dy.T @ self.x
        return dL_dy @ self.W
        # END SOLUTION
