"""The linear layer: Z = X Wᵀ + b."""

import numpy as np

from mytorch.nn.module import Module


class Linear(Module):
    """A fully connected layer, Z = X Wᵀ + b.

    Args:
        in_features: number of inputs of a sample.
        out_features: number of outputs of a sample.

    Attributes:
        W: (out_features, in_features) float64, the weights.
        b: (out_features,) float64, the biases.
        dW: ∂L/∂W of the last backward, of the shape of W; None before the first.
        db: ∂L/∂b of the last backward, of the shape of b; None before the first.
    """

    def __init__(self, in_features, out_features):
        """Draw W from the normal distribution N(0, 1/max(in_features, out_features)); b = 0.

        The second number is the variance, not the standard deviation. With m inputs of variance
        1, a variance of 1/m keeps that of the outputs at 1 (LeCun et al. 1998, "Efficient
        BackProp", §4.6). Backward multiplies by Wᵀ, where out_features takes the place of m, and
        the larger of the two keeps both directions from growing.
        """
        self.in_features = in_features
        self.out_features = out_features
        self.dW = None
        self.db = None
        # BEGIN YOUR SOLUTION
        # Create self.W and self.b. np.random has what you need; it takes a standard deviation.
        raise NotImplementedError(
            "hw1/p6-linear-init: write Linear.__init__ in mytorch/nn/modules/linear.py"
        )
        # END YOUR SOLUTION

    def forward(self, X):
        """Compute Z = X Wᵀ + b: row i is zᵢ = W xᵢ + b.

        Args:
            X: (N, in_features).

        Returns:
            Z, (N, out_features).

        Raises:
            ValueError: X is not (N, in_features).
        """
        if X.ndim != 2 or X.shape[1] != self.in_features:
            raise ValueError(
                f"Linear.forward: X has shape {X.shape}, expected (N, {self.in_features}) "
                f"as in_features={self.in_features}"
            )
        # BEGIN YOUR SOLUTION
        # Keep what backward will need.
        raise NotImplementedError(
            "hw1/p6-linear-forward: write Linear.forward in mytorch/nn/modules/linear.py"
        )
        # END YOUR SOLUTION

    def backward(self, dZ):
        """Compute the three gradients, with the sums over the N samples of the batch.

            dW = dZᵀ X        dWⱼₖ = Σᵢ dZᵢⱼ Xᵢₖ
            db = Σᵢ dZᵢ       the sum of the rows of dZ
            dX = dZ W

        This has no factor 1/N: a loss that is a mean has it in dZ already. dW and db replace those
        of the call before; they do not add up.

        Args:
            dZ: ∂L/∂Z, (N, out_features).

        Returns:
            dX = ∂L/∂X, (N, in_features).
        """
        # BEGIN YOUR SOLUTION
        # Set self.dW and self.db, and return dX.
        raise NotImplementedError(
            "hw1/p6-linear-backward: write Linear.backward in mytorch/nn/modules/linear.py"
        )
        # END YOUR SOLUTION

    def get_parameters(self):
        """List [W, b], the arrays themselves."""
        return [self.W, self.b]

    def get_gradients(self):
        """List [dW, db] of the last backward."""
        return [self.dW, self.db]
