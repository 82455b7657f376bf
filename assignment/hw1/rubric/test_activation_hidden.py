"""Hidden checks of ReLU and Sigmoid: kinks, extremes, repeated calls, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5


@pytest.mark.item("p6-relu")
def test_relu_at_zero(student, rng):
    """At x = 0 both ReLU and its gradient are 0."""
    x, dy = rng.normal(size=(4, 6)), rng.normal(size=(4, 6))
    x[:, ::2] = 0.0
    relu = student.mytorch.nn.ReLU()
    check(relu.forward(x), "y = ReLU.forward(x)").close(np.maximum(0, x), atol=ATOL)
    check(relu.backward(dy), "dL/dx = ReLU.backward(dy)").close(
        np.where(x > 0, dy, 0),
        atol=ATOL,
        hints={
            "the gradient at x = 0 is 0: the mask is x > 0, not x >= 0": np.where(x >= 0, dy, 0),
            "the gradient at x = 0 is 0, not a half": dy * np.heaviside(x, 0.5),
        },
    )


@pytest.mark.item("p6-relu")
def test_relu_of_other_shapes(student, rng):
    """ReLU works for arrays of any shape, and for views."""
    for shape in [(1, 1), (7,), (2, 3, 4)]:
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        relu = student.mytorch.nn.ReLU()
        check(relu.forward(x), f"y for x of shape {shape}").close(np.maximum(0, x), atol=ATOL)
        check(relu.backward(dy), f"dL/dx for x of shape {shape}").close(
            np.where(x > 0, dy, 0), atol=ATOL
        )
    wide = rng.normal(size=(5, 8))
    view = student.hold(student.support.modules.every_second_column, wide)
    y = student.mytorch.nn.ReLU().forward(view)
    check(y, "y for a view x").close(np.maximum(0, wide[:, ::2]), atol=ATOL)


@pytest.mark.item("p6-relu")
def test_relu_uses_the_last_forward_of_its_own(student, rng):
    """Backward belongs to the last forward of the same object, as often as it is called."""
    x, dy = rng.normal(size=(3, 4, 5)), rng.normal(size=(2, 4, 5))
    relu, other = student.mytorch.nn.ReLU(), student.mytorch.nn.ReLU()
    relu.forward(x[0])
    relu.forward(x[1])
    other.forward(x[2])
    for time, grad in zip(["first", "second"], dy, strict=True):
        right = np.where(x[1] > 0, grad, 0)
        check(relu.backward(grad), f"dL/dx of the {time} backward").close(
            right,
            atol=ATOL,
            hints={
                "the first forward was used": np.where(x[0] > 0, grad, 0),
                "another ReLU's forward was used": np.where(x[2] > 0, grad, 0),
            },
        )


@pytest.mark.item("p6-relu")
def test_relu_leaves_its_arguments_alone(student, rng):
    """Neither forward nor backward changes the array it is given."""
    x, dy = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    placed_x, placed_dy = student.place(x), student.place(dy)
    relu = student.mytorch.nn.ReLU()
    y, dx = relu.forward(placed_x), relu.backward(placed_dy)
    check(y, "y").close(np.maximum(0, x), atol=ATOL)
    check(dx, "dL/dx").close(np.where(x > 0, dy, 0), atol=ATOL)
    check(student.read(placed_x), "x after ReLU.forward(x)").close(
        x,
        atol=ATOL,
        hints={"negative entries of x itself were set to 0: make a new array": np.maximum(0, x)},
    )
    check(student.read(placed_dy), "dy after ReLU.backward(dy)").close(
        dy, atol=ATOL, hints={"dy itself was masked: make a new array": np.where(x > 0, dy, 0)}
    )
    # What became of x and dy is told by the student's side; what is made of them next is not.
    other = student.mytorch.nn.ReLU()
    other.forward(-x)
    check(other.backward(placed_dy), "dL/dx of another ReLU, for the same dy").close(
        np.where(x < 0, dy, 0), atol=ATOL
    )


def sigmoid_of(x):
    """σ(x), stable for all x."""
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1.0) / (1 + small)


@pytest.mark.item("p6-sigmoid")
def test_sigmoid_beyond_a_thousand(student, rng):
    """Sigmoid is 0 or 1 far out and at ±inf, without a warning, and 1/2 at 0."""
    far = rng.uniform(1e3, 1e6, size=4)
    x = np.concatenate([-far, [-np.inf, 0.0, np.inf], far])
    sigmoid = student.mytorch.nn.Sigmoid()
    student.warned()
    y = sigmoid.forward(x)
    warnings = list(dict.fromkeys(student.warned()))
    right = np.where(x > 0, 1.0, np.where(x < 0, 0.0, 0.5))
    check(y, "y = Sigmoid.forward(x) for |x| beyond 1000").close(right, atol=1e-12)
    check(warnings, "the list of warnings from Sigmoid.forward(x)").equals(
        [], hint="an exponential overflows, or inf meets inf"
    )


@pytest.mark.item("p6-sigmoid")
def test_sigmoid_gradient_of_large_numbers(student, rng):
    """Far out the gradient of Sigmoid is 0."""
    x = np.array([[-1000.0, -40.0, 0.0], [40.0, 800.0, 1000.0]])
    dy = rng.normal(size=(2, 3))
    sigmoid = student.mytorch.nn.Sigmoid()
    sigmoid.forward(x)
    right = dy * np.where(x == 0, 0.25, 0.0)
    check(sigmoid.backward(dy), "dL/dx = Sigmoid.backward(dy)").close(right, atol=1e-12)


@pytest.mark.item("p6-sigmoid")
def test_sigmoid_of_other_shapes(student, rng):
    """Sigmoid works for arrays of any shape."""
    for shape in [(1, 1), (7,), (2, 3, 4)]:
        x, dy = rng.normal(size=shape), rng.normal(size=shape)
        sigmoid, y = student.mytorch.nn.Sigmoid(), sigmoid_of(x)
        check(sigmoid.forward(x), f"y for x of shape {shape}").close(y, atol=ATOL)
        check(sigmoid.backward(dy), f"dL/dx for x of shape {shape}").close(
            dy * y * (1 - y), atol=ATOL
        )


@pytest.mark.item("p6-sigmoid")
def test_sigmoid_uses_the_last_forward_of_its_own(student, rng):
    """Backward belongs to the last forward of the same object, as often as it is called."""
    x, dy = rng.normal(size=(3, 4, 5)), rng.normal(size=(2, 4, 5))
    sigmoid, other = student.mytorch.nn.Sigmoid(), student.mytorch.nn.Sigmoid()
    sigmoid.forward(x[0])
    sigmoid.forward(x[1])
    other.forward(x[2])
    y = sigmoid_of(x)
    slope = y * (1 - y)
    for time, grad in zip(["first", "second"], dy, strict=True):
        dx = sigmoid.backward(grad)
        check(dx, f"dL/dx of the {time} backward").close(
            grad * slope[1],
            atol=ATOL,
            hints={
                "the first forward was used": grad * slope[0],
                "another Sigmoid's forward was used": grad * slope[2],
            },
        )
