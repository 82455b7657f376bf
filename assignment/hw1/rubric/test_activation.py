"""Public checks of ReLU and Sigmoid."""

import numpy as np
import pytest

from autograder.rubric import check, own_derivative
from autograder.rubric.differences import derivative

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5


# In each item forward and backward count alike, those of the hidden checks included. Backward is
# asked for the derivative of the student's own forward where forward has cost points already.


def own(student, activation, x, dZ):
    """What is right where forward has cost points: dL/dX of the student's own forward.

    Only of one that is of the same kind: ReLU goes with the size of x, and Sigmoid levels off.
    """
    forward = getattr(student.mytorch.nn, activation)().forward

    def slope():
        ends = np.array([[-61.0, -60.0, 60.0, 61.0]])
        values = forward(x), forward(2 * x), forward(ends)
        if not all(isinstance(value, np.ndarray) for value in values):
            return None
        y, doubled, (far,) = values[0], values[1], values[2].reshape(1, -1)
        if activation == "ReLU":
            is_alike = y.shape == doubled.shape and np.allclose(doubled, 2 * y)
        else:
            is_alike = far.shape == (4,) and np.allclose(far[::2], far[1::2]) and np.ptp(far) > 0
        return own_derivative(forward, x, dZ) if is_alike else None

    return slope


@pytest.mark.item("p6-relu", weight=2)
def test_relu_forward(student, rng):
    """ReLU.forward computes max(0, x)."""
    x = rng.normal(size=(5, 4))
    y = student.mytorch.nn.ReLU().forward(x)
    check(y, "Z = ReLU.forward(X)").close(
        np.maximum(0, x),
        atol=ATOL,
        hints={
            "min(0, x) instead of max(0, x)": np.minimum(0, x),
            "X was returned unchanged": x,
            "that is the absolute value": np.abs(x),
            "the mask 1[x > 0] itself was returned: multiply it by X": (x > 0).astype(float),
            "negative entries keep a hundredth: that is a leaky ReLU": np.where(x > 0, x, 0.01 * x),
        },
    )


@pytest.mark.item("p6-relu", weight=1.5)
def test_relu_backward(student, rng):
    """ReLU.backward computes dZ ⊙ 1[x > 0]."""
    x, dZ = rng.normal(size=(2, 6, 5))
    relu = student.mytorch.nn.ReLU()
    # What forward returns or raises is asked above.
    student.raises(relu.forward, x)
    check(relu.backward(dZ), "dL/dX = ReLU.backward(dZ)").close(
        np.where(x > 0, dZ, 0),
        atol=ATOL,
        hints={
            "the mask is the wrong way round: the gradient passes where x > 0": np.where(
                x < 0, dZ, 0
            ),
            "dZ was returned unchanged: no gradient passes where x <= 0": dZ,
            "the mask alone, without dZ: multiply it by dZ": (x > 0).astype(float),
            "the mask was made from dZ: it has to be made from X": np.maximum(0, dZ),
            "dZ is multiplied by ReLU(X) instead of by the mask 1[x > 0]": dZ * np.maximum(0, x),
        },
        carried={"test_relu_forward": own(student, "ReLU", x, dZ)},
    )


def sigmoid_of(x):
    """σ(x), for x that is not large."""
    return 1 / (1 + np.exp(-x))


def slope_of(x):
    """The derivative of σ at each entry of x, measured."""
    return derivative(lambda entries: sigmoid_of(entries).sum(), x)


@pytest.mark.item("p6-sigmoid", weight=1.5)
def test_sigmoid_forward(student, rng):
    """Sigmoid.forward computes 1 / (1 + e⁻ˣ)."""
    x = rng.normal(scale=3, size=(5, 4))
    y = student.mytorch.nn.Sigmoid().forward(x)
    check(y, "Z = Sigmoid.forward(X)").close(
        sigmoid_of(x),
        atol=ATOL,
        hints={
            "that is σ(-x): the sign in the exponent is wrong, it is 1 / (1 + e^-x)": sigmoid_of(
                -x
            ),
            "that is tanh(x)": np.tanh(x),
            "the 1 in the denominator is missing": np.exp(x),
            "x is halved": sigmoid_of(x / 2),
        },
    )


@pytest.mark.item("p6-sigmoid", weight=0.75)
def test_sigmoid_of_large_numbers(student):
    """Sigmoid.forward is right for |x| up to 1000, and raises no warning."""
    x = np.array([[-1000.0, -750.0, -30.0, 0.0], [0.0, 30.0, 750.0, 1000.0]])
    right = np.heaviside(x, 0.5)  # σ(-30) is 1e-13: that is 0 within the tolerance
    sigmoid = student.mytorch.nn.Sigmoid()
    student.warned()
    y = sigmoid.forward(x)
    warnings = list(dict.fromkeys(student.warned()))
    check(y, "Z = Sigmoid.forward(X) for X from -1000 to 1000").close(
        right,
        atol=1e-12,
        hints={
            "e^x overflows for large x, and inf / inf is not a number": np.where(
                x > 700, np.nan, right
            ),
        },
        carried={"the sign in the exponent is wrong": 1 - right},
    )
    hint = (
        "an exponential overflows: use e^-x only where x >= 0 and e^x only where x < 0; "
        "np.where computes both of its branches everywhere"
    )
    check(warnings, "the list of warnings from Sigmoid.forward(X)").equals([], hint=hint)


@pytest.mark.item("p6-sigmoid", weight=2)
def test_sigmoid_backward(student, rng):
    """Sigmoid.backward computes dZ ⊙ σ(x) ⊙ (1 - σ(x))."""
    x, dZ = rng.normal(size=(2, 6, 5))
    sigmoid = student.mytorch.nn.Sigmoid()
    student.raises(sigmoid.forward, x)
    y, slope = sigmoid_of(x), slope_of(x)
    check(sigmoid.backward(dZ), "dL/dX = Sigmoid.backward(dZ)").close(
        dZ * slope,
        atol=ATOL,
        hints={
            "x (1 - x) instead of σ(x) (1 - σ(x))": dZ * (x - x**2),
            "the factor 1 - σ(x) is missing": dZ * y,
            "the factor σ(x) is missing": dZ - dZ * y,
            "the sign is wrong": -dZ * slope,
            "dZ is missing: multiply by it": slope,
            "σ was applied twice: the derivative is of σ at x, not at σ(x)": dZ * slope_of(y),
            "σ(x)² instead of σ(x) (1 - σ(x))": dZ * y**2,
            "1 - σ(x)² is the derivative of tanh": dZ - dZ * y**2,
        },
        carried={"test_sigmoid_forward": own(student, "Sigmoid", x, dZ)},
    )
