"""Does backward compute the gradient of what forward computes?"""

import numpy as np

from mytorch.nn import SoftmaxCrossEntropy


def gradient_check(model, x, y, epsilon=1e-5):
    """Compare a model's gradients with central differences of its loss.

    The loss is L = SoftmaxCrossEntropy of model.forward(x) and y. For one parameter array θ, let

        a = ∂L/∂θ as backward computes it, at the present values of all parameters
        nₖ = (L(θₖ + ε) - L(θₖ - ε)) / 2ε, one entry k of θ moved at a time
        error(θ) = ‖a - n‖ / (‖a‖ + ‖n‖), and 0 where both norms are 0

    with the Euclidean norm over all entries of θ. The truncation error of n is of the order of
    ε², so that right gradients give about 1e-8 and a wrong factor or sign more than 1e-2.

    Args:
        model: a module with forward, backward, get_parameters and get_gradients. Its parameters
            are moved in place, and have exactly the old values, bit for bit, on return.
        x: (N, ...), input of the model.
        y: labels, one-hot (N, C) or class indices (N,).
        epsilon: the step ε.

    Returns:
        The largest error(θ) over the parameter arrays, one number; below 1e-5 where all is right.
    """
    # BEGIN YOUR SOLUTION
    # 1. One forward and one backward: copy the analytic gradients.
    # 2. For every entry of every parameter: move it up, move it down, put it back.
    # 3. One relative error for each parameter array; return the largest.
    raise NotImplementedError(
        "hw1/p6-gradient-check: write gradient_check in mytorch/utils/gradient_check.py"
    )
    # END YOUR SOLUTION
