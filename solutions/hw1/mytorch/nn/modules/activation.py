"""Activations: functions of one number, applied to every entry of an array."""

import numpy as np

from mytorch.nn.module import Module


class ReLU(Module):
    """The rectified linear unit, y = max(0, x) (Nair and Hinton 2010)."""

    def forward(self, x):
        """Compute y = max(0, x), entry by entry.

        Args:
            x: any shape.

        Returns:
            y, of the shape of x.
        """
        # BEGIN SOLUTION p6-relu
        self.positive = x > 0
        return np.maximum(0, x)
        # END SOLUTION

    def backward(self, dy):
        """Compute dx = dy ⊙ 1[x > 0]; at x = 0, where ReLU has a kink, the gradient is 0.

        Args:
            dy: ∂L/∂y, of the shape of x.

        Returns:
            dx = ∂L/∂x, of the same shape.
        """
        # BEGIN SOLUTION p6-relu
        return dy * self.positive
        # END SOLUTION


class Sigmoid(Module):
    """The logistic function, σ(x) = 1 / (1 + e⁻ˣ)."""

    def forward(self, x):
        """Compute y = σ(x), entry by entry, without overflow for any x.

        e⁻ˣ overflows in float64 below x ≈ -709. Where x is negative, the same number is
        eˣ / (1 + eˣ), and there eˣ cannot overflow.

        Args:
            x: any shape, ±inf included.

        Returns:
            y, of the shape of x, in [0, 1]; no warning is raised on the way.
        """
        # BEGIN SOLUTION p6-sigmoid
        # e^-|x| is at most 1; it stands for e^-x where x >= 0 and for e^x elsewhere.
        small = np.exp(-np.abs(x))
        self.y = np.where(x >= 0, 1, small) / (1 + small)
        return self.y
        # END SOLUTION
        # BEGIN PROMPT
        # np.where computes both of its branches for every entry, and both can warn.
        # END PROMPT

    def backward(self, dy):
        """Compute dx = dy ⊙ σ(x) ⊙ (1 - σ(x)).

        Args:
            dy: ∂L/∂y, of the shape of x.

        Returns:
            dx = ∂L/∂x, of the same shape.
        """
        # BEGIN SOLUTION p6-sigmoid
        return dy * self.y * (1 - self.y)
        # END SOLUTION
