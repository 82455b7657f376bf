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
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-relu: write ReLU.forward in mytorch/nn/modules/activation.py"
        )
        # END YOUR SOLUTION

    def backward(self, dZ):
        """Compute dX = dZ ⊙ 1[X > 0]; where X = 0, at the kink of ReLU, the gradient is 0.

        Args:
            dZ: ∂L/∂Z, of the shape of X.

        Returns:
            dX = ∂L/∂X, of the same shape.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-relu: write ReLU.backward in mytorch/nn/modules/activation.py"
        )
        # END YOUR SOLUTION


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
        # BEGIN YOUR SOLUTION
        # np.where computes both of its branches for every entry, and both can warn.
        raise NotImplementedError(
            "hw1/p6-sigmoid: write Sigmoid.forward in mytorch/nn/modules/activation.py"
        )
        # END YOUR SOLUTION

    def backward(self, dZ):
        """Compute dX = dZ ⊙ σ(X) ⊙ (1 - σ(X)).

        Args:
            dZ: ∂L/∂Z, of the shape of X.

        Returns:
            dX = ∂L/∂X, of the same shape.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-sigmoid: write Sigmoid.backward in mytorch/nn/modules/activation.py"
        )
        # END YOUR SOLUTION
