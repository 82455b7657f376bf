"""Public checks of Linear: its initial parameters, forward and backward."""

import numpy as np
import pytest

from autograder.rubric import check

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5


def of_shape(got, what, shape, hints=None):
    """Require finite numbers of this shape, whatever their values, and return them."""
    check(got, what).close(np.zeros(shape), atol=np.inf, hints=hints)
    return got


def has_turned_weights(student):
    """Whether the student's W is (in_features, out_features) throughout."""
    W = check(student.mytorch.nn.Linear(2, 3).get_parameters(), "get_parameters()").sequence(2)[0]
    return np.shape(W) == (2, 3)


def linear_holding(student, W, b):
    """A Linear layer into whose own arrays W and b were written, and what it then holds.

    Their shapes, and whether they are the arrays themselves, is asked in p6-linear-init. Here
    values count: W may be turned, b may have another axis, and of a layer that gives copies away
    the initial parameters are taken.
    """
    out_features, in_features = W.shape
    turned = has_turned_weights(student)
    layer = student.mytorch.nn.Linear(in_features, out_features)
    values = {"W": W.T if turned else W, "b": b}
    arrays = student.hold(layer.get_parameters)
    what = f"Linear({in_features}, {out_features})"
    before = check(student.read(arrays), f"{what}.get_parameters()").sequence(2)
    for position, (name, value) in enumerate(values.items()):
        check(before[position], f"{name} of {what}").close(
            np.zeros(value.shape),
            atol=np.inf,
            hints={"W is (out_features, in_features), not transposed": np.zeros(W.T.shape)},
            squeeze=True,
        )
        student.item(arrays, position)[...] = value.reshape(np.shape(before[position]))
    held = []
    now = check(layer.get_parameters(), f"{what}.get_parameters()").sequence(2)
    for old, new, (name, value) in zip(before, now, values.items(), strict=True):
        # Copies; with weights that are all alike, forward and backward would need no work.
        works = np.ptp(old) > 0 or np.size(old) == 1
        kept = np.array_equal(old, new) and (name == "b" or works)
        check(
            new, f"{name} after new values were written into the array of get_parameters()"
        ).close(np.reshape(old, value.shape) if kept else value, atol=ATOL, squeeze=True)
        held.append(np.reshape(new, value.shape) if kept else value)
    return layer, held[0].T if turned else held[0], held[1]


@pytest.mark.item("p6-linear-init")
def test_parameters_have_the_right_shapes(student):
    """Linear(5, 3) starts with W of shape (3, 5) and b of shape (3,), all zeros."""
    layer = student.mytorch.nn.Linear(5, 3)
    W, b = check(layer.get_parameters(), "Linear(5, 3).get_parameters()").sequence(2)
    of_shape(
        W,
        "W of Linear(5, 3)",
        (3, 5),
        hints={
            "W is transposed: it is (out_features, in_features)": np.zeros((5, 3)),
            "the order is [W, b]": np.zeros(3),
        },
    )
    check(float(np.abs(W).max()), "the largest weight of Linear(5, 3), without its sign,").above(
        0, hint="all weights are zero: they have to be drawn at random"
    )
    check(b, "b of Linear(5, 3)").close(
        np.zeros(3),
        hints={
            "b starts at zero, not at one": np.ones(3),
            "b is a row of shape (1, out_features): it has one axis only": np.zeros((1, 3)),
            "b is a column of shape (out_features, 1): it has one axis only": np.zeros((3, 1)),
            "b has one number for each input: it has one for each output": np.zeros(5),
        },
    )


def initial_weights(student, in_features, out_features):
    """The initial weights of a new layer; which of the axes comes first is asked above."""
    size = f"Linear({in_features}, {out_features})"
    layer = student.mytorch.nn.Linear(in_features, out_features)
    W, _ = check(layer.get_parameters(), f"{size}.get_parameters()").sequence(2)
    shapes = (out_features, in_features), (in_features, out_features)
    return of_shape(W, f"W of {size}", shapes[np.shape(W) == shapes[1]])


# Of the weights of another layer, whatever their scale is.
UNSCALED = "the weights are not scaled: the scale does not depend on the sizes"


@pytest.mark.item("p6-linear-init", weight=2)
def test_weights_have_the_right_variance(student):
    """The variance of the weights is 1/max(in_features, out_features)."""
    # Sizes whose inverse is not the square of a round number.
    W, other = initial_weights(student, 130, 370), initial_weights(student, 280, 190)
    # Six standard errors of the variance of as many samples: a chance failure is one in 10⁸.
    rtol = 6 * np.sqrt(2 / (130 * 370))
    check(np.var(W), "the variance of W in Linear(130, 370)").close(
        1 / 370,
        rtol=rtol,
        hints={
            # nan is no variance: where all weights are equal, those of both layers are.
            UNSCALED: np.var(other) or np.nan,
            "all weights are equal: they have to be drawn at random": 0.0,
            "1/max was taken as the standard deviation; it is the variance": 1 / 370**2,
            "1/in_features instead of 1/max(in_features, out_features)": 1 / 130,
            "2/in_features instead of 1/max(in_features, out_features)": 2 / 130,
            "2/(in_features + out_features) instead of 1/max(in_features, out_features)": 2 / 500,
            "the square root was taken once too often": 1 / np.sqrt(370),
        },
    )


@pytest.mark.item("p6-linear-forward", weight=2)
def test_output(student, rng):
    """Linear.forward computes Z = X Wᵀ + b."""
    W, b, X = rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=(5, 4))
    layer, W, b = linear_holding(student, W, b)
    check(layer.forward(X), "Z = Linear.forward(X)").close(
        X @ W.T + b,
        atol=ATOL,
        hints={
            "the bias b is missing": X @ W.T,
            "the bias b is subtracted": X @ W.T - b,
            "the bias b is added twice": X @ W.T + 2 * b,
            "Z is transposed: it is (N, out_features), one sample a row": (X @ W.T + b).T,
            "divided by the number of inputs": X @ W.T / 4 + b,
        },
    )


@pytest.mark.item("p6-linear-forward")
def test_output_of_a_square_layer(student, rng):
    """Linear.forward multiplies by the transpose of W, also where W is square."""
    W, b, X = rng.normal(size=(4, 4)), rng.normal(size=4), rng.normal(size=(4, 4))
    layer, W, b = linear_holding(student, W, b)
    check(layer.forward(X), "Z = Linear.forward(X)").close(
        X @ W.T + b,
        atol=ATOL,
        hints={
            "X W instead of X Wᵀ: W is not transposed": X @ W + b,
            "W X instead of X Wᵀ": W @ X + b,
            "the bias b is missing": X @ W.T,
            "b is added to the rows as a column": X @ W.T + b[:, None],
            "entry by entry, X ⊙ W, instead of a matrix product": X * W + b,
        },
        carried={
            "the bias b is missing": X @ W.T,
            "the bias b is subtracted": X @ W.T - b,
            "the bias b is added twice": X @ W.T + 2 * b,
            "Z is transposed": (X @ W.T + b).T,
            "divided by the number of inputs": X @ W.T / 4 + b,
        },
    )


def after_forward(student, rng, N, in_features, out_features):
    """A layer after one forward: (layer, W, X, dZ)."""
    W, b = rng.normal(size=(out_features, in_features)), rng.normal(size=out_features)
    X, dZ = rng.normal(size=(N, in_features)), rng.normal(size=(N, out_features))
    layer, W, _ = linear_holding(student, W, b)
    # Another item checks what forward returns or raises.
    student.raises(layer.forward, X)
    return layer, W, X, dZ


def gradients_after(student, layer, dZ):
    """[dW, db] after backward; whether it also returns dL/dX is asked below."""
    error = student.raises(layer.backward, dZ)
    dW, db = check(layer.get_gradients(), "Linear.get_gradients()").sequence(2)
    if error is not None and (dW is None or db is None):
        raise error
    return dW, db


@pytest.mark.item("p6-linear-backward", weight=2)
def test_gradient_of_the_weights(student, rng):
    """dL/dW = dZᵀ X."""
    layer, _, X, dZ = after_forward(student, rng, 5, 4, 3)
    dW, _ = gradients_after(student, layer, dZ)
    right = dZ.T @ X
    check(dW, "dL/dW").close(
        right,
        atol=ATOL,
        hints={
            "divided by the batch size: dZ has the 1/N of the mean in it already": right / 5,
            "transposed: dL/dW has the shape of W": right.T,
            "the sign is wrong": -right,
            "the order is [dW, db]": dZ.sum(axis=0),
        },
        carried={"W is transposed: it is": right.T},
    )


@pytest.mark.item("p6-linear-backward", weight=1.5)
def test_gradient_of_the_biases(student, rng):
    """dL/db is the sum of dZ over the batch."""
    layer, _, X, dZ = after_forward(student, rng, 5, 4, 3)
    _, db = gradients_after(student, layer, dZ)
    check(db, "dL/db").close(
        dZ.sum(axis=0),
        atol=ATOL,
        hints={
            "not summed over the batch": dZ,
            "divided by the batch size: sum over the batch, no mean": dZ.mean(axis=0),
            "summed over the outputs instead of the batch": dZ.sum(axis=1),
            "summed over the batch and over the outputs": dZ.sum(),
            "an axis too many: keepdims leaves (1, out_features)": dZ.sum(axis=0, keepdims=True),
            "only the last sample counts: all of the batch do": dZ[-1],
            "only the first sample counts: all of the batch do": dZ[0],
        },
        carried={
            "b is a row of shape": dZ.sum(axis=0, keepdims=True),
            "b is a column of shape": dZ.sum(axis=0)[:, None],
            "divided by the batch size": dZ.mean(axis=0),
            "the sign is wrong": -dZ.sum(axis=0),
            "the order is [dW, db]": dZ.T @ X,
        },
    )


@pytest.mark.item("p6-linear-backward", weight=1.5)
def test_gradient_of_the_input(student, rng):
    """Linear.backward returns dL/dX = dZ W."""
    layer, W, X, dZ = after_forward(student, rng, 4, 4, 4)
    check(layer.backward(dZ), "dL/dX = Linear.backward(dZ)").close(
        dZ @ W,
        atol=ATOL,
        hints={
            "dZ Wᵀ instead of dZ W: backward takes W as it is": dZ @ W.T,
            "divided by the batch size": dZ @ W / 4,
            "dL/dW was returned: backward returns the gradient of its input": dZ.T @ X,
            "dZ was returned unchanged": dZ,
        },
        carried={"divided by the batch size": dZ @ W / 4, "the sign is wrong": -dZ @ W},
    )
