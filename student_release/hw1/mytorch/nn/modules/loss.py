"""The loss of a classifier: softmax and cross-entropy, taken together."""

import numpy as np


class SoftmaxCrossEntropy:
    """Cross-entropy of the softmax of the logits, mean over the N samples, in nats.

    For one sample with logits z and one-hot label y:

        ŷ = softmax(z), ŷₖ = e^zₖ / Σⱼ e^zⱼ
        L = -Σₖ yₖ log ŷₖ
        ∂L/∂z = ŷ - y

    It ends the chain: it takes two inputs, and its backward starts the backward pass of a model.
    """

    def forward(self, logits, y):
        """Compute the loss, mean over N, in nats.

        Softmax does not change when a number is subtracted from all logits of a sample. With the
        largest one subtracted, no exponential overflows, and

            log ŷₖ = (zₖ - max z) - log Σⱼ e^(zⱼ - max z)

        needs no logarithm of a probability, so that log 0 cannot occur: the loss is right for
        all finite logits, 1000 nats for the logits (1000, 0) and class 1.

        Args:
            logits: (N, C).
            y: the labels, either one-hot (N, C) or class indices (N,) from 0 to C - 1.

        Returns:
            The loss, one number.
        """
        # BEGIN YOUR SOLUTION
        # Shapes: logits (N, C); y (N, C) or (N,). Keep what backward will need.
        raise NotImplementedError(
            "hw1/p6-loss-forward: write SoftmaxCrossEntropy.forward in mytorch/nn/modules/loss.py"
        )
        # END YOUR SOLUTION

    def backward(self):
        """Compute ∂L/∂logits = (ŷ - y) / N for the logits and labels of the last forward.

        The 1/N comes from the mean in forward; it is the only one in the library.

        Returns:
            ∂L/∂logits, (N, C).
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-loss-backward: write SoftmaxCrossEntropy.backward "
            "in mytorch/nn/modules/loss.py"
        )
        # END YOUR SOLUTION
