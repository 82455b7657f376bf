"""The contract of every layer: forward, backward, parameters, gradients."""


class Module:
    """A differentiable function y = f(x; θ) with its own backward pass.

    A loss L is computed from the outputs of the last layer. Backpropagation hands every layer
    ∂L/∂y and asks it for two things: ∂L/∂x, which is the ∂L/∂y of the layer before, and ∂L/∂θ,
    which the optimizer needs (Rumelhart, Hinton and Williams 1986).

    `forward` keeps what `backward` needs; `backward` belongs to the most recent `forward`, and may
    be called more than once. Both return new arrays and leave their arguments as they are.
    """

    def forward(self, x):
        """Compute y = f(x; θ).

        Args:
            x: (N, ...) float64, one sample a row.

        Returns:
            y, (N, ...).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def backward(self, grad_output):
        """Compute ∂L/∂x, and ∂L/∂θ on the way, for the input of the last forward.

        Args:
            grad_output: ∂L/∂y, of the shape of y.

        Returns:
            ∂L/∂x, of the shape of x.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define backward")

    def get_parameters(self):
        """List the parameters θ: the arrays themselves, so that an optimizer can update them."""
        return []

    def get_gradients(self):
        """List ∂L/∂θ of the last backward, in the order of get_parameters."""
        return []
