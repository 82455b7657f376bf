"""Small modules and models that the checks put beside your code.

They let every item be checked apart from the others: Sequential without your Linear, SGD without
your gradients, gradient_check without your layers.
"""

import contextlib
import copy

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

    def backward(self, grad_output):
        """Compute grad_output ⊙ v."""
        return grad_output * self.v


class Roll(Part):
    """Moves every column one place to the right, and the last one to the front."""

    def forward(self, x):
        """Move the columns to the right."""
        return np.roll(x, 1, axis=1)

    def backward(self, grad_output):
        """Move the columns back to the left."""
        return np.roll(grad_output, -1, axis=1)


class Square(Part):
    """The square of every entry: y = x²."""

    def forward(self, x):
        """Compute x²."""
        self.slope = 2 * x
        return x**2

    def backward(self, grad_output):
        """Compute grad_output ⊙ 2x."""
        return grad_output * self.slope


class Holder:
    """Holds parameters and gradients, and hands on what comes in."""

    def __init__(self, parameters, gradients):
        self.parameters = [np.array(parameter) for parameter in parameters]
        self.gradients = [np.array(gradient) for gradient in gradients]

    def forward(self, x):
        """Return x as it came."""
        return x

    def backward(self, grad_output):
        """Return grad_output as it came."""
        return grad_output

    def get_parameters(self):
        """List the arrays held as parameters, in a new list."""
        return list(self.parameters)

    def get_gradients(self):
        """List the arrays held as gradients, in a new list."""
        return list(self.gradients)


class Model:
    """Logits P ⊙ x + r, with the vector r laid out in rows: parameters P (N, C) and r (N·C,).

    Every entry of the output has parameters of its own, so that the gradients need no sums. They
    are multiplied by `factors`: 1 where they shall be right.
    """

    def __init__(self, P, r, factors):
        self.parameters = [np.array(P), np.array(r)]
        self.factors = [np.array(factor) for factor in factors]
        self.start = [parameter.copy() for parameter in self.parameters]
        self.first_grad_output = None
        self.largest_step = 0.0

    def forward(self, x):
        """Compute P ⊙ x + r, and remember how far the parameters have been moved."""
        P, r = self.parameters
        for now, start in zip(self.parameters, self.start, strict=True):
            self.largest_step = max(self.largest_step, float(np.abs(now - start).max()))
        self.x = x
        return P * x + r.reshape(P.shape)

    def backward(self, grad_output):
        """Compute grad_output ⊙ P, and the gradients grad_output ⊙ x and grad_output."""
        grad_output = np.array(grad_output)
        if self.first_grad_output is None:
            self.first_grad_output = grad_output
        self.gradients = [grad_output * self.x, grad_output.ravel()]
        return grad_output * self.parameters[0]

    def get_parameters(self):
        """List [P, r], the arrays themselves."""
        return list(self.parameters)

    def get_gradients(self):
        """List the gradients, each times its factor."""
        return [factor * g for factor, g in zip(self.factors, self.gradients, strict=True)]


class QuadraticLoss:
    """Stands in for SoftmaxCrossEntropy: the mean of (logits - labels)² over all entries."""

    def __init__(self):
        self.distance = None

    def forward(self, logits, y):
        """Compute the mean of (logits - labels)²."""
        one_hot = y if np.ndim(y) == 2 else np.arange(logits.shape[1]) == np.reshape(y, (-1, 1))
        self.distance = logits - one_hot
        return float((self.distance**2).mean())

    def backward(self):
        """Compute its gradient with respect to the logits."""
        return 2 * self.distance / self.distance.size


@contextlib.contextmanager
def quadratic(loss_class):
    """For a while, let every object of a class work like a QuadraticLoss."""
    names = ["__init__", "forward", "backward"]
    own = {name: vars(loss_class)[name] for name in names if name in vars(loss_class)}
    for name in names:
        setattr(loss_class, name, vars(QuadraticLoss)[name])
    try:
        yield
    finally:
        for name in names:
            if name in own:
                setattr(loss_class, name, own[name])
            else:
                delattr(loss_class, name)


def call_gradient_check(gradient_check, loss_class, model, x, y, **options):
    """Call gradient_check with your own loss, and again with a QuadraticLoss in its place.

    A mistake in your loss does not cost gradient_check anything: one of the two has to be right.

    Returns:
        What was seen in each of the calls that ended without an exception.

    Raises:
        Exception: what the second call raised, where both did.
    """
    seen = []
    first, second = copy.deepcopy(model), copy.deepcopy(model)
    with contextlib.suppress(Exception):
        seen.append(_trial(gradient_check, first, x, y, options))
    try:
        with quadratic(loss_class):
            seen.append(_trial(gradient_check, second, x, y, options))
    except Exception:
        if not seen:
            raise
    return seen


def _trial(gradient_check, model, x, y, options):
    answer = gradient_check(model, np.array(x), np.array(y), **options)
    return {
        "answer": answer,
        "parameters": model.parameters,
        "largest_step": model.largest_step,
        "first_grad_output": model.first_grad_output,
    }
