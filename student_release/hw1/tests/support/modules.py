"""Small modules and models that the checks use with your code.

They let every item be checked apart from the others: Sequential without your Linear, SGD without
your gradients, gradient_check without your layers.
"""

import numpy as np


def every_second_column(x):
    """A view of x that does not lie in memory without gaps."""
    return np.array(x)[:, ::2]


class Part:
    """A module without parameters."""

    def get_parameters(self):
        """List no parameters."""
        return []

    def get_gradients(self):
        """List no gradients."""
        return []


class Columns(Part):
    """Every column of x times a number of its own: y = x ⊙ v."""

    def __init__(self, v):
        self.v = np.array(v)

    def forward(self, x):
        """Compute x ⊙ v."""
        return x * self.v

    def backward(self, dZ):
        """Compute dZ ⊙ v."""
        return dZ * self.v


class Scales(Columns):
    """Columns whose numbers v are parameters."""

    def get_parameters(self):
        """List [v], the array itself."""
        return [self.v]


class Roll(Part):
    """Moves every column one place to the right, and the last one to the front."""

    def forward(self, x):
        """Move the columns to the right."""
        return np.roll(x, 1, axis=1)

    def backward(self, dZ):
        """Move the columns back to the left."""
        return np.roll(dZ, -1, axis=1)


class Square(Part):
    """The square of every entry: y = x²."""

    def forward(self, x):
        """Compute x²."""
        self.slope = 2 * x
        return x**2

    def backward(self, dZ):
        """Compute dZ ⊙ 2x."""
        return dZ * self.slope


class Holder:
    """Holds parameters and gradients, and hands on what comes in."""

    def __init__(self, parameters, gradients):
        self.parameters = [np.array(parameter) for parameter in parameters]
        self.gradients = [np.array(gradient) for gradient in gradients]

    def forward(self, x):
        """Return x unchanged."""
        return x

    def backward(self, dZ):
        """Return dZ unchanged."""
        return dZ

    def get_parameters(self):
        """List the arrays held as parameters, in a new list."""
        return list(self.parameters)

    def get_gradients(self):
        """List the arrays held as gradients, in a new list."""
        return list(self.gradients)


RIPPLE = 1e-5


class Model:
    """Logits P' ⊙ x + r', with the vector r' laid out in rows: parameters P (N, C) and r (N·C,).

    P' = gain (P - centre), and r' likewise. Every logit has parameters of its own, so that the
    gradients need no sums: they are ∂L/∂logits times the slopes (N, C) and (N·C,) that a check
    hands in, which may be wrong.

    With ripples, P' + RIPPLE sin(P' / RIPPLE) takes the place of P'. They cannot be seen, but a
    small step up or down finds other slopes than a large one.
    """

    def __init__(self, P, r, slopes, centre=0.0, gain=1.0, ripples=False):
        self.parameters = [np.array(P), np.array(r)]
        self.slopes = [np.array(slope) for slope in slopes]
        self.centre, self.gain, self.ripples = centre, gain, ripples

    def inner(self):
        """Compute P' and r'."""
        values = [self.gain * (parameter - self.centre) for parameter in self.parameters]
        if self.ripples:
            values = [value + RIPPLE * np.sin(value / RIPPLE) for value in values]
        return values

    def forward(self, x):
        """Compute P' ⊙ x + r'."""
        P, r = self.inner()
        return P * x + r.reshape(P.shape)

    def backward(self, dZ):
        """Compute the gradients of P and r, and return dZ ⊙ P'."""
        dZ = np.array(dZ)
        self.gradients = [dZ * self.slopes[0], dZ.ravel() * self.slopes[1]]
        return dZ * self.inner()[0]

    def get_parameters(self):
        """List [P, r], the arrays themselves."""
        return list(self.parameters)

    def get_gradients(self):
        """List the gradients of P and r."""
        return list(self.gradients)


class BentModel(Model):
    """Logits (sin P' ⊙ x) M + sin r': a parameter moves all logits of its sample."""

    def __init__(self, P, r, slopes, M):
        super().__init__(P, r, slopes, ripples=True)
        self.M = np.array(M)

    def forward(self, x):
        """Compute (sin P' ⊙ x) M + sin r'."""
        P, r = self.inner()
        return (np.sin(P) * x) @ self.M + np.sin(r).reshape(P.shape)

    def backward(self, dZ):
        """Compute the gradients of P and r, and return that of x."""
        dZ = np.array(dZ)
        behind = dZ @ self.M.T
        self.gradients = [behind * self.slopes[0], dZ.ravel() * self.slopes[1]]
        return behind * np.sin(self.inner()[0])


class QuarticLoss:
    """Stands in for SoftmaxCrossEntropy: the mean of w ⊙ (logits - labels)⁴ over all entries."""

    w = 1.0

    def __init__(self):
        self.distance = None

    def forward(self, logits, y):
        """Compute the mean of w ⊙ (logits - labels)⁴."""
        one_hot = y if np.ndim(y) == 2 else np.arange(logits.shape[1]) == np.reshape(y, (-1, 1))
        self.distance = logits - one_hot
        return float((self.w * self.distance**4).mean())

    def backward(self):
        """Compute its gradient with respect to the logits."""
        return 4 * self.w * self.distance**3 / self.distance.size


class StandInLoss:
    """Until `undo` is called, every object of a class of losses works like a QuarticLoss."""

    NAMES = ("w", "__init__", "forward", "backward")

    def __init__(self, loss_class, w):
        self.loss_class = loss_class
        self.own = {name: vars(loss_class)[name] for name in self.NAMES if name in vars(loss_class)}
        for name in self.NAMES:
            setattr(loss_class, name, np.array(w) if name == "w" else vars(QuarticLoss)[name])

    def undo(self):
        """Give the class its own methods back."""
        for name in self.NAMES:
            if name in self.own:
                setattr(self.loss_class, name, self.own[name])
            else:
                delattr(self.loss_class, name)
