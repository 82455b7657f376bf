"""The contract of every layer: forward, backward, parameters, gradients."""


class Module:
    """A differentiable function Z = f(X; θ) with its own backward pass.

    A loss L is computed from the outputs of the last layer. Backpropagation hands every layer
    ∂L/∂Z and asks it for two things: ∂L/∂X, which is the ∂L/∂Z of the layer before, and ∂L/∂θ,
    which the optimizer needs (Rumelhart, Hinton and Williams 1986).

    `forward` keeps what `backward` needs; `backward` belongs to the most recent `forward`, and may
    be called more than once. Both return new arrays and leave their arguments as they are.
    """

    def forward(self, X):
        """Compute Z = f(X; θ).

        Args:
            X: (N, ...) float64, one sample a row.

        Returns:
            Z, (N, ...).
        """
        raise NotImplementedError(f"{type(self).__name__} does not define forward")

    def backward(self, dZ):
        """Compute ∂L/∂X, and ∂L/∂θ on the way, for the input of the last forward.

        Args:
            dZ: ∂L/∂Z, of the shape of Z.

        Returns:
            ∂L/∂X, of the shape of X.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define backward")

    def get_parameters(self):
        """List the parameters θ: the arrays themselves, so that an optimizer can update them."""
        return []

    def get_gradients(self):
        """List ∂L/∂θ of the last backward, in the order of get_parameters."""
        return []
