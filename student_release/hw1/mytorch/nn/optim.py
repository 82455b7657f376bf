"""The optimizer: stochastic gradient descent."""


class SGD:
    """Stochastic gradient descent, p ← p - lr · g (Robbins and Monro 1951).

    Args:
        parameters: list of arrays, as get_parameters returns it. They are kept by reference.
        lr: the learning rate.
    """

    def __init__(self, parameters, lr=0.01):
        self.parameters = list(parameters)
        self.lr = lr
        self.gradients = None

    def step(self, gradients):
        """Update every parameter in place, p ← p - lr · g, and remember the gradients.

        In place means that the array itself changes: the layer that owns it must see the new
        values. The gradients stay as they are.

        Args:
            gradients: list of arrays, one for each parameter, in the same order and shapes.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("hw1/p6-sgd: write SGD.step in mytorch/nn/optim.py")
        # END YOUR SOLUTION

    def zero_grad(self):
        """Forget the gradients of the last step.

        Parameters stay as they are, and the next step uses nothing but the gradients it is given.
        In this library backward replaces gradients and adds nothing up, so a training loop works
        without this call, too; it is there because PyTorch needs it.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError("hw1/p6-sgd: write SGD.zero_grad in mytorch/nn/optim.py")
        # END YOUR SOLUTION
