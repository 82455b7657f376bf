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
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("hw1/p6-relu: write ReLU.forward in mytorch/nn/modules/activation.py")
        # END YOUR SOLUTION

    def backward(self, dy):
        """Compute dx = dy ⊙ 1[x > 0]; at x = 0, where ReLU has a kink, the gradient is 0.

        Args:
            dy: ∂L/∂y, of the shape of x.

        Returns:
            dx = ∂L/∂x, of the same shape.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("hw1/p6-relu: write ReLU.backward in mytorch/nn/modules/activation.py")
        # END YOUR SOLUTION


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
        # BEGIN YOUR SOLUTION
        # np.where computes both of its branches for every entry, and both can warn.
        raise NotImplementedError("hw1/p6-sigmoid: write Sigmoid.forward in mytorch/nn/modules/activation.py")
        # END YOUR SOLUTION

    def backward(self, dy):
        """Compute dx = dy ⊙ σ(x) ⊙ (1 - σ(x)).

        Args:
            dy: ∂L/∂y, of the shape of x.

        Returns:
            dx = ∂L/∂x, of the same shape.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("hw1/p6-sigmoid: write Sigmoid.backward in mytorch/nn/modules/activation.py")
        # END YOUR SOLUTION
