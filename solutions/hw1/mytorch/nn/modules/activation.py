"""Activations: functions of one number, applied to every entry of an array."""

import numpy as np

from mytorch.nn.module import Module


class ReLU(Module):
    """The rectified linear unit, Z = max(0, X) (Nair and Hinton 2010)."""

    def forward(self, X):
        """Compute Z = max(0, X), entry by entry.

        Args:
            X: any shape.

        Returns:
            Z, of the shape of X.
        """
        # BEGIN SOLUTION p6-relu
        self.positive = X > 0
        return np.maximum(0, X)
        # END SOLUTION

    def backward(self, dZ):
        """Compute dX = dZ ⊙ 1[X > 0]; where X = 0, at the kink of ReLU, the gradient is 0.

        Args:
            dZ: ∂L/∂Z, of the shape of X.

        Returns:
            dX = ∂L/∂X, of the same shape.
        """
        # BEGIN SOLUTION p6-relu
        return dZ * self.positive
        # END SOLUTION


class Sigmoid(Module):
    """The logistic function, Z = σ(X), with σ(x) = 1 / (1 + e⁻ˣ) for each entry x."""

    def forward(self, X):
        """Compute Z = σ(X), entry by entry, without overflow for any X.

        e⁻ˣ overflows in float64 below x ≈ -709. Where x is negative, the same number is
        eˣ / (1 + eˣ), and there eˣ cannot overflow.

        Args:
            X: any shape, ±inf included.

        Returns:
            Z, of the shape of X, in [0, 1]; no warning is raised on the way.
        """
        # BEGIN SOLUTION p6-sigmoid
        # e^-|x| is at most 1; it is e^-x where x >= 0, and e^x elsewhere.
        small = np.exp(-np.abs(X))
        self.Z = np.where(X >= 0, 1, small) / (1 + small)
        return self.Z
        # END SOLUTION
        # BEGIN PROMPT
        # np.where computes both of its branches for every entry, and both can warn.
        # END PROMPT

    def backward(self, dZ):
        """Compute dX = dZ ⊙ σ(X) ⊙ (1 - σ(X)).

        Args:
            dZ: ∂L/∂Z, of the shape of X.

        Returns:
            dX = ∂L/∂X, of the same shape.
        """
        # BEGIN SOLUTION p6-sigmoid
        return dZ * self.Z * (1 - self.Z)
        # END SOLUTION
