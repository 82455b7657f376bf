"""Hidden checks of Linear: distribution of the weights, other shapes, repeated calls."""

import numpy as np
import pytest

from autograder.rubric import check

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5

SIZE = 400 * 150


def parameter(student, layer, position):
    """The layer's own array at a place of get_parameters(), to read and to write into."""
    return student.item(student.hold(layer.get_parameters), position)


def of_shape(got, what, shape):
    """Require finite numbers of this shape, whatever their values, and return them."""
    check(got, what).close(np.zeros(shape), atol=np.inf)
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
    return layer, *written(student, layer, W, b, turned)


def written(student, layer, W, b, turned):
    """What a layer holds when W and b were written into its own arrays."""
    values = {"W": W.T if turned else W, "b": b}
    arrays = student.hold(layer.get_parameters)
    before = check(student.read(arrays), "get_parameters()").sequence(2)
    for position, (name, value) in enumerate(values.items()):
        check(before[position], name).close(
            np.zeros(value.shape),
            atol=np.inf,
            squeeze=True,
        )
        student.item(arrays, position)[...] = value.reshape(np.shape(before[position]))
    held = []
    now = check(layer.get_parameters(), "get_parameters()").sequence(2)
    for old, new, (name, value) in zip(before, now, values.items(), strict=True):
        # Copies; with weights that are all alike, forward and backward would need no work.
        works = np.ptp(old) > 0 or np.size(old) == 1
        kept = np.array_equal(old, new) and (name == "b" or works)
        check(
            new, f"{name} after new values were written into the array of get_parameters()"
        ).close(np.reshape(old, value.shape) if kept else value, atol=ATOL, squeeze=True)
        held.append(np.reshape(new, value.shape) if kept else value)
    return held[0].T if turned else held[0], held[1]


def weights(student, in_features, out_features):
    """The initial weights of a new layer; which of the axes comes first is asked elsewhere."""
    layer = student.mytorch.nn.Linear(in_features, out_features)
    size = f"Linear({in_features}, {out_features})"
    W, _ = check(layer.get_parameters(), f"{size}.get_parameters()").sequence(2)
    shapes = (out_features, in_features), (in_features, out_features)
    return of_shape(W, f"W of {size}", shapes[np.shape(W) == shapes[1]])


@pytest.mark.item("p6-linear-init", counts_with="test_weights_have_the_right_variance")
def test_variance_with_more_inputs_than_outputs(student):
    """The larger of in_features and out_features counts, also where it is in_features."""
    # As many weights as it takes to tell a standard deviation that is 1 % off, 2 % in variance.
    W, other = weights(student, 1010, 790), weights(student, 330, 350)
    check(np.var(W), "the variance of W in Linear(1010, 790)").close(
        1 / 1010,
        rtol=6 * np.sqrt(2 / (1010 * 790)),
        hints={
            "all weights are equal: they have to be drawn at random": 0.0,
            "the scale does not depend on the sizes: the variance is 1/max": (
                np.var(other) or np.nan  # no variance: where all weights are equal, both layers are
            ),
            "1/max was taken as the standard deviation; it is the variance": 1 / 1010**2,
            "1/out_features instead of 1/max(in_features, out_features)": 1 / 790,
            "2/in_features instead of 1/max(in_features, out_features)": 2 / 1010,
            "2/(in_features + out_features) instead of 1/max": 2 / 1800,
        },
    )


@pytest.mark.item("p6-linear-init", weight=0.5)
def test_weights_are_normal_with_mean_zero(student):
    """The weights follow a normal distribution around zero."""
    W = weights(student, 150, 400)
    deviation = np.std(W)
    check(float(deviation), "the standard deviation of W").above(0)
    check(np.mean(W) / deviation, "the mean of W, in standard deviations,").close(
        0.0, rtol=0, atol=6 / np.sqrt(SIZE)
    )
    # A normal variable is more than two standard deviations off in 4.55 % of all draws.
    beyond = np.mean(np.abs(W) > 2 * deviation)
    standard_error = np.sqrt(0.0455 * 0.9545 / SIZE)
    check(beyond, "the share of weights beyond two standard deviations").close(
        0.0455, rtol=0, atol=7 * standard_error, hints={"uniform, not normal": 0.0}
    )


@pytest.mark.item("p6-linear-init", weight=0.5)
def test_every_layer_draws_its_own_weights(student):
    """Two layers of the same size start with different weights."""
    first, second = weights(student, 20, 30), weights(student, 20, 30)
    equal = int(np.sum(first == second))
    check(equal, "the number of equal weights in two layers Linear(20, 30)").equals(
        0, hints={"all are equal: is a seed set, or one array shared?": 600}
    )


@pytest.mark.item("p6-linear-init")
def test_parameters_are_the_arrays_themselves(student, rng):
    """Linear.get_parameters returns the layer's own arrays, not copies."""
    layer = student.mytorch.nn.Linear(6, 4)
    for position, (name, size) in enumerate({"W": 24, "b": 4}.items()):
        array = parameter(student, layer, position)
        before = student.read(array)
        # Shapes are asked elsewhere; here it is whether values stay that are written.
        check(np.size(before), f"the number of entries of {name} in Linear(6, 4)").equals(size)
        before = of_shape(before, name, np.shape(before))
        value = rng.normal(size=np.shape(before))
        if name == "W":
            # An array that only keeps what is written would do: these have to be draws, too.
            check(len(np.unique(before)), "the number of different entries of W").above(12)
        array[...] = value
        after = student.read(parameter(student, layer, position))
        check(after, f"{name} after new values were written into its array").close(
            value, hints={"these are the old values: get_parameters returned a copy": before}
        )


def forward_carried(X, W, b):
    """What is right where a fault of forward has cost points: the fault -> Z."""
    Z = X @ W.T + b
    return {
        "the bias b is missing": Z - b,
        "the bias b is subtracted": Z - 2 * b,
        "the bias b is added twice": Z + b,
        "Z is transposed": Z.T,
        "divided by the number of inputs": (Z - b) / X.shape[1] + b,
    }


@pytest.mark.item("p6-linear-forward", weight=0.5)
def test_output_shapes(student, rng):
    """Linear.forward works for a batch of one and for layers with one input or output."""
    for N, in_features, out_features in [(1, 6, 4), (1, 1, 1), (7, 1, 5), (5, 3, 1)]:
        W, b = rng.normal(size=(out_features, in_features)), rng.normal(size=out_features)
        X = rng.normal(size=(N, in_features))
        layer, W, b = linear_holding(student, W, b)
        what = f"Z = Linear({in_features}, {out_features}).forward(X)"
        check(layer.forward(X), what).close(
            X @ W.T + b, atol=ATOL, carried=forward_carried(X, W, b)
        )


@pytest.mark.item("p6-linear-forward", weight=0.5)
def test_output_of_a_view(student, rng):
    """Linear.forward works for an X that is a view with gaps in memory."""
    W, b, wide = rng.normal(size=(2, 5)), rng.normal(size=2), rng.normal(size=(6, 10))
    X = student.hold(student.support.modules.every_second_column, wide)
    layer, W, b = linear_holding(student, W, b)
    narrow = wide[:, ::2]
    check(layer.forward(X), "Z = Linear.forward(X)").close(
        narrow @ W.T + b, atol=ATOL, carried=forward_carried(narrow, W, b)
    )


@pytest.mark.item("p6-linear-forward", weight=0.5)
def test_output_follows_the_parameters(student, rng):
    """Linear.forward uses the parameters as they are now, after an update in place."""
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    turned = has_turned_weights(student)
    layer, W, b = linear_holding(student, W, b)
    check(layer.forward(X), "Z before the update").close(
        X @ W.T + b, atol=ATOL, carried=forward_carried(X, W, b)
    )
    new_W, new_b = written(student, layer, 2 * W, b - 1, turned)
    check(layer.forward(X), "Z after the update").close(
        X @ new_W.T + new_b,
        atol=ATOL,
        carried=forward_carried(X, new_W, new_b),
        hints={
            "the old parameters were used": X @ W.T + b,
            "the old weights were used: forward keeps a copy of W": X @ W.T + b - 1,
        },
    )


@pytest.mark.item("p6-linear-forward", weight=0.5)
def test_layers_have_parameters_of_their_own(student, rng):
    """Two layers do not share parameters."""
    X, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    first, W, b = linear_holding(student, W, b)
    linear_holding(student, -2 * W, b + 1)
    check(first.forward(X), "Z of the first layer").close(
        X @ W.T + b,
        atol=ATOL,
        carried=forward_carried(X, W, b),
        hints={"the second layer's parameters were used": -2 * X @ W.T + b + 1},
    )


# Another item checks what forward returns or raises, so the checks of backward call it through
# student.raises.


def gradients_after(student, layer, dZ):
    """[dW, db] after backward; whether it also returns dL/dX is asked elsewhere."""
    error = student.raises(layer.backward, dZ)
    dW, db = gradients(layer)
    if error is not None and (dW is None or db is None):
        raise error
    return dW, db


def gradients(layer):
    """The gradients [dW, db] of the layer."""
    return check(layer.get_gradients(), "Linear.get_gradients()").sequence(2)


def weights_carried(dZ, X):
    """What is right where a fault of dL/dW has cost points: the fault -> dL/dW."""
    right = dZ.T @ X
    return {
        "divided by the batch size": right / len(X),
        "transposed: dL/dW has": right.T,
        "W is transposed: it is": right.T,
        "the sign is wrong": -right,
        "the order is [dW, db]": dZ.sum(axis=0),
    }


def biases_carried(dZ, X):
    """What is right where a fault of dL/db has cost points: the fault -> dL/db."""
    right = dZ.sum(axis=0)
    return {
        "divided by the batch size": dZ.mean(axis=0),
        "b is a row of shape": right[None],
        "b is a column of shape": right[:, None],
        "an axis too many: keepdims": right[None],
        "summed over the outputs instead": dZ.sum(axis=1),
        "the sign is wrong": -right,
        "the order is [dW, db]": dZ.T @ X,
    }


def input_carried(right):
    """What is right where a fault of dL/dX has cost points: the fault -> dL/dX."""
    return {"divided by the batch size": right / len(right), "the sign is wrong": -right}


@pytest.mark.item("p6-linear-backward", weight=0.5)
def test_gradient_shapes(student, rng):
    """Linear.backward works for a batch of one and for layers of any size."""
    for N, in_features, out_features in [(1, 6, 4), (1, 1, 1), (7, 2, 5)]:
        W, b = rng.normal(size=(out_features, in_features)), rng.normal(size=out_features)
        X, dZ = rng.normal(size=(N, in_features)), rng.normal(size=(N, out_features))
        layer, W, _ = linear_holding(student, W, b)
        student.raises(layer.forward, X)
        size = f"Linear({in_features}, {out_features}), N = {N}"
        check(layer.backward(dZ), f"dL/dX of {size}").close(
            dZ @ W, atol=ATOL, carried=input_carried(dZ @ W)
        )
        dW, db = gradients(layer)
        check(dW, f"dL/dW of {size}").close(dZ.T @ X, atol=ATOL, carried=weights_carried(dZ, X))
        check(db, f"dL/db of {size}").close(
            dZ.sum(axis=0), atol=ATOL, carried=biases_carried(dZ, X)
        )


@pytest.mark.item("p6-linear-backward", weight=0.5)
def test_gradients_replace_those_before(student, rng):
    """A second forward and backward leave nothing of the first."""
    W, b = rng.normal(size=(3, 4)), rng.normal(size=3)
    X, dZ = rng.normal(size=(2, 5, 4)), rng.normal(size=(2, 5, 3))
    layer, _, _ = linear_holding(student, W, b)
    for i in range(2):
        student.raises(layer.forward, X[i])
        dW, db = gradients_after(student, layer, dZ[i])
    both = dZ[0].T @ X[0] + dZ[1].T @ X[1]
    check(dW, "dL/dW of the second backward").close(
        dZ[1].T @ X[1],
        atol=ATOL,
        hints={
            "the gradients of both backward passes are added up": both,
            "the input of the first forward was used": dZ[1].T @ X[0],
            "the first backward's gradient is still there": dZ[0].T @ X[0],
        },
        carried=weights_carried(dZ[1], X[1]),
    )
    check(db, "dL/db of the second backward").close(
        dZ[1].sum(axis=0),
        atol=ATOL,
        hints={
            "the gradients of both backward passes are added up": dZ.sum(axis=(0, 1)),
        },
        carried=biases_carried(dZ[1], X[1]),
    )


@pytest.mark.item("p6-linear-backward", weight=0.5)
def test_backward_twice_after_one_forward(student, rng):
    """Linear.backward may be called again with another dZ."""
    W, b, X = rng.normal(size=(3, 4)), rng.normal(size=3), rng.normal(size=(5, 4))
    first, second = rng.normal(size=(2, 5, 3))
    layer, W, _ = linear_holding(student, W, b)
    student.raises(layer.forward, X)
    layer.backward(first)
    check(layer.backward(second), "dL/dX of the second backward").close(
        second @ W, atol=ATOL, carried=input_carried(second @ W)
    )
    check(gradients(layer)[0], "dL/dW of the second backward").close(
        second.T @ X,
        atol=ATOL,
        carried=weights_carried(second, X),
        hints={"the gradients of both backward passes are added up": (first + second).T @ X},
    )


@pytest.mark.item("p6-linear-backward", weight=0.5)
def test_layers_have_gradients_of_their_own(student, rng):
    """Two layers do not share what forward keeps."""
    W, b = rng.normal(size=(3, 4)), rng.normal(size=3)
    X, dZ = rng.normal(size=(2, 5, 4)), rng.normal(size=(5, 3))
    (first, *_), (second, *_) = (linear_holding(student, W, b) for _ in range(2))
    student.raises(first.forward, X[0])
    student.raises(second.forward, X[1])
    check(gradients_after(student, first, dZ)[0], "dL/dW of the first layer").close(
        dZ.T @ X[0],
        atol=ATOL,
        hints={"the second layer's input was used": dZ.T @ X[1]},
        carried=weights_carried(dZ, X[0]),
    )
