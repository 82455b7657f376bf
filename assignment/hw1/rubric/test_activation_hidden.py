"""Hidden checks of ReLU and Sigmoid: kinks, extremes, repeated calls, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check, own_derivative

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5


# In each item forward and backward count alike, those of the public checks included. In the checks
# of backward, what forward returns or raises is asked elsewhere: it is called through
# student.raises.


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


def leaky(x):
    """ReLU where a hundredth of negative entries is kept."""
    return np.where(x > 0, x, 0.01 * x)


@pytest.mark.item("p6-relu", weight=0.5)
def test_relu_of_other_shapes(student, rng):
    """ReLU.forward works for arrays of any shape, for views, and where x is 0."""
    for shape in [(1, 1), (7,), (2, 3, 4)]:
        x = rng.normal(size=shape)
        x.flat[3::4] = 0.0
        relu = student.mytorch.nn.ReLU()
        check(relu.forward(x), f"Z for X of shape {shape}").close(
            np.maximum(0, x), atol=ATOL, carried={"negative entries keep a hundredth": leaky(x)}
        )
    wide = rng.normal(size=(5, 8))
    view = student.hold(student.support.modules.every_second_column, wide)
    narrow = wide[:, ::2]
    y = student.mytorch.nn.ReLU().forward(view)
    check(y, "Z for a view X").close(
        np.maximum(0, narrow),
        atol=ATOL,
        carried={"negative entries keep a hundredth": leaky(narrow)},
    )


@pytest.mark.item("p6-relu", weight=0.5)
def test_relu_leaves_x_alone(student, rng):
    """ReLU.forward does not change the array it is given."""
    x = rng.normal(size=(4, 5))
    placed = student.place(x)
    y = student.mytorch.nn.ReLU().forward(placed)
    carried = {"negative entries keep a hundredth": leaky(x)}
    check(y, "Z").close(np.maximum(0, x), atol=ATOL, carried=carried)
    check(student.read(placed), "X after ReLU.forward(X)").close(
        x,
        atol=ATOL,
        hints={"negative entries of X itself were set to 0: make a new array": np.maximum(0, x)},
    )
    # The student's process may report anything; a further call shows the change.
    again = student.mytorch.nn.ReLU().forward(placed)
    check(again, "Z of another ReLU, for the same X").close(
        np.maximum(0, x), atol=ATOL, carried=carried
    )


@pytest.mark.item("p6-relu", weight=0.5)
def test_relu_at_zero(student, rng):
    """At x = 0 the gradient of ReLU is 0, whatever the shape of x."""
    for shape in [(4, 6), (7,), (2, 3, 4)]:
        x, dZ = rng.normal(size=(2, *shape))
        x[..., ::2] = 0.0
        relu = student.mytorch.nn.ReLU()
        student.raises(relu.forward, x)
        check(relu.backward(dZ), f"dL/dX = ReLU.backward(dZ) for X of shape {shape}").close(
            np.where(x > 0, dZ, 0),
            atol=ATOL,
            hints={
                "the gradient at x = 0 is 0: the mask is x > 0, not x >= 0": np.where(
                    x >= 0, dZ, 0
                ),
                "the gradient at x = 0 is 0, not a half": dZ * np.heaviside(x, 0.5),
            },
            carried={"negative entries keep a hundredth": dZ * np.where(x > 0, 1, 0.01)},
        )


@pytest.mark.item("p6-relu", weight=0.5)
def test_relu_uses_the_last_forward_of_its_own(student, rng):
    """Backward belongs to the last forward of the same object, as often as it is called."""
    x, dZ = rng.normal(size=(3, 4, 5)), rng.normal(size=(2, 4, 5))
    relu, other = student.mytorch.nn.ReLU(), student.mytorch.nn.ReLU()
    student.raises(relu.forward, x[0])
    student.raises(relu.forward, x[1])
    student.raises(other.forward, x[2])
    for time, grad in zip(["first", "second"], dZ, strict=True):
        right = np.where(x[1] > 0, grad, 0)
        check(relu.backward(grad), f"dL/dX of the {time} backward").close(
            right,
            atol=ATOL,
            hints={
                "the first forward was used": np.where(x[0] > 0, grad, 0),
                "another ReLU's forward was used": np.where(x[2] > 0, grad, 0),
            },
            carried={"test_relu_forward": own(student, "ReLU", x[1], grad)},
        )


@pytest.mark.item("p6-relu", weight=0.5)
def test_relu_leaves_dz_alone(student, rng):
    """ReLU.backward does not change the array it is given."""
    x, dZ = rng.normal(size=(2, 4, 5))
    placed = student.place(dZ)
    relu = student.mytorch.nn.ReLU()
    student.raises(relu.forward, x)
    dx = relu.backward(placed)
    check(dx, "dL/dX").close(
        np.where(x > 0, dZ, 0),
        atol=ATOL,
        carried={"test_relu_forward": own(student, "ReLU", x, dZ)},
    )
    check(student.read(placed), "dZ after ReLU.backward(dZ)").close(
        dZ, atol=ATOL, hints={"dZ itself was masked: make a new array": np.where(x > 0, dZ, 0)}
    )
    # The student's process may report anything; a further call shows the change.
    other = student.mytorch.nn.ReLU()
    student.raises(other.forward, -x)
    check(other.backward(placed), "dL/dX of another ReLU, for the same dZ").close(
        np.where(x < 0, dZ, 0),
        atol=ATOL,
        carried={"test_relu_forward": own(student, "ReLU", -x, dZ)},
    )


def sigmoid_of(x):
    """σ(x), stable for all x."""
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1.0) / (1 + small)


@pytest.mark.item("p6-sigmoid", weight=0.25)
def test_sigmoid_beyond_a_thousand(student, rng):
    """Sigmoid is 0 or 1 far out and at ±inf, without a warning, and 1/2 at 0."""
    far = rng.uniform(1e3, 1e6, size=4)
    x = np.concatenate([-far, [-np.inf, 0.0, np.inf], far])
    sigmoid = student.mytorch.nn.Sigmoid()
    student.warned()
    y = sigmoid.forward(x)
    warnings = list(dict.fromkeys(student.warned()))
    right = np.where(x > 0, 1.0, np.where(x < 0, 0.0, 0.5))
    check(y, "Z = Sigmoid.forward(X) for |x| beyond 1000").close(
        right, atol=1e-12, carried={"the sign in the exponent is wrong": 1 - right}
    )
    check(warnings, "the list of warnings from Sigmoid.forward(X)").equals(
        [], hint="an exponential overflows, or inf is divided by inf"
    )


@pytest.mark.item("p6-sigmoid", weight=0.25)
def test_sigmoid_gradient_of_large_numbers(student, rng):
    """Far out the gradient of Sigmoid is 0."""
    x = np.array([[-1000.0, -40.0, 0.0], [40.0, 800.0, 1000.0]])
    dZ = rng.normal(size=(2, 3))
    sigmoid = student.mytorch.nn.Sigmoid()
    student.raises(sigmoid.forward, x)
    right = dZ * np.where(x == 0, 0.25, 0.0)
    check(sigmoid.backward(dZ), "dL/dX = Sigmoid.backward(dZ)").close(
        right,
        atol=1e-9,
        carried={
            "e^x overflows for large x": np.where(x > 700, np.nan, right),
            "test_sigmoid_forward": own(student, "Sigmoid", x, dZ),
        },
    )


@pytest.mark.item("p6-sigmoid", weight=0.5)
def test_sigmoid_of_other_shapes(student, rng):
    """Sigmoid.forward works for arrays of any shape."""
    for shape in [(1, 1), (7,), (2, 3, 4)]:
        x = rng.normal(size=shape)
        y = student.mytorch.nn.Sigmoid().forward(x)
        check(y, f"Z for X of shape {shape}").close(
            sigmoid_of(x), atol=ATOL, carried={"the sign in the exponent is wrong": sigmoid_of(-x)}
        )


@pytest.mark.item("p6-sigmoid", weight=0.25)
def test_sigmoid_gradient_of_other_shapes(student, rng):
    """Sigmoid.backward works for arrays of any shape."""
    for shape in [(1, 1), (7,), (2, 3, 4)]:
        x, dZ = rng.normal(size=shape), rng.normal(size=shape)
        sigmoid, y = student.mytorch.nn.Sigmoid(), sigmoid_of(x)
        student.raises(sigmoid.forward, x)
        check(sigmoid.backward(dZ), f"dL/dX for X of shape {shape}").close(
            dZ * y * (1 - y),
            atol=ATOL,
            carried={"test_sigmoid_forward": own(student, "Sigmoid", x, dZ)},
        )


@pytest.mark.item("p6-sigmoid", weight=0.5)
def test_sigmoid_uses_the_last_forward_of_its_own(student, rng):
    """Backward belongs to the last forward of the same object, as often as it is called."""
    x, dZ = rng.normal(size=(3, 4, 5)), rng.normal(size=(2, 4, 5))
    sigmoid, other = student.mytorch.nn.Sigmoid(), student.mytorch.nn.Sigmoid()
    student.raises(sigmoid.forward, x[0])
    student.raises(sigmoid.forward, x[1])
    student.raises(other.forward, x[2])
    y = sigmoid_of(x)
    slope = y * (1 - y)
    for time, grad in zip(["first", "second"], dZ, strict=True):
        dx = sigmoid.backward(grad)
        check(dx, f"dL/dX of the {time} backward").close(
            grad * slope[1],
            atol=ATOL,
            hints={
                "the first forward was used": grad * slope[0],
                "another Sigmoid's forward was used": grad * slope[2],
            },
            carried={"test_sigmoid_forward": own(student, "Sigmoid", x[1], grad)},
        )
