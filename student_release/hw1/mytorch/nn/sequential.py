"""A chain of modules."""

from mytorch.nn.module import Module


class Sequential(Module):
    """Modules one after another: Z = fₙ(… f₂(f₁(X))).

    A Sequential is a Module itself, and may be part of another one.

    Args:
        *modules: f₁, f₂, …, fₙ, in the order in which they are applied.
    """

    def __init__(self, *modules):
        self.modules = modules

    def forward(self, X):
        """Apply the modules in order, each to the output of the one before.

        Args:
            X: the input of the first module.

        Returns:
            The output of the last module.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-sequential: write Sequential.forward in mytorch/nn/sequential.py"
        )
        # END YOUR SOLUTION

    def backward(self, dZ):
        """Apply the chain rule: the modules' backward in reverse order.

        Args:
            dZ: ∂L/∂Z, of the shape of the last module's output.

        Returns:
            ∂L/∂X, of the shape of the first module's input.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-sequential: write Sequential.backward in mytorch/nn/sequential.py"
        )
        # END YOUR SOLUTION

    def get_parameters(self):
        """List the parameters of all modules, in order, in one flat list; the arrays themselves.

        Returns:
            [parameters of f₁ …, parameters of f₂ …, …]; a module without any adds nothing.
        """
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-sequential: write Sequential.get_parameters in mytorch/nn/sequential.py"
        )
        # END YOUR SOLUTION

    def get_gradients(self):
        """List the gradients of all modules, in the order of get_parameters."""
        # BEGIN YOUR SOLUTION
        raise NotImplementedError(
            "hw1/p6-sequential: write Sequential.get_gradients in mytorch/nn/sequential.py"
        )
        # END YOUR SOLUTION
