"""Public checks of Problem 4: the model."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import layers_of, softmax

FEATURES = 3 * 28 * 28
SIZES = [(256, FEATURES), (128, 256), (8, 128)]
# float32 through three layers of up to 2,352 terms.
ATOL = 1e-4


def built(student):
    """The model that build_model returns, and the arrays of its state."""
    model = student.hold(student.problem_4.build_model)
    if model.kind__ == "NoneType":
        raise CheckFailed("build_model", "returns None", "is there a return?")
    return model, student.state(model)


def logits_of(student, model, images):
    """What the model makes of images, in the mode in which it was built."""
    model = student.hold(model.to, student.problem_4.DEVICE)
    x = student.torch(images)
    return student.array(student.hold(model, student.hold(x.to, student.problem_4.DEVICE)))


def forward(layers, x, activation, last=False):
    """The logits of a chain of layers; with `last` the activation also follows the last one."""
    for number, (W, b) in enumerate(layers):
        x = x @ W.T + b
        if last or number < len(layers) - 1:
            x = activation(x)
    return x


@pytest.mark.item("p4-model")
def test_parameters(student):
    """The model has 636,296 trainable parameters, in layers 2352 → 256 → 128 → 8."""
    model, state = built(student)
    trained = student.support.blood_cells.count_trained(model)
    check(trained, "the number of trainable parameters").equals(
        636_296,
        hints={
            "the layers have no biases": 636_296 - 256 - 128 - 8,
            "a layer is missing: 2352 → 256 → 8": 2352 * 256 + 256 + 256 * 8 + 8,
            "a hidden layer has 256 units where it should have 128": (
                2352 * 256 + 256 + 256 * 256 + 256 + 256 * 8 + 8
            ),
            "the first layer has 128 units where it should have 256": (
                2352 * 128 + 128 + 128 * 128 + 128 + 128 * 8 + 8
            ),
        },
    )
    shapes = [W.shape for W, _ in layers_of(state, FEATURES)]
    check(shapes, "the list of weight shapes, (out, in)").equals(SIZES)


@pytest.mark.item("p4-model")
def test_logits(student, rng):
    """The model computes flatten, Linear, ReLU, Linear, ReLU, Linear."""
    model, state = built(student)
    images = rng.uniform(-1, 1, size=(5, 3, 28, 28))
    got, again = (logits_of(student, model, images) for _ in range(2))
    if not np.array_equal(got, again):
        problem = "are others when they are computed again"
        hint = "something in it is random, such as dropout; there are layers and ReLU only"
        raise CheckFailed("the logits of 5 random inputs", problem, hint)
    layers = layers_of(state, FEATURES)
    relu, nothing = (lambda z: np.maximum(z, 0)), (lambda z: z)
    x = images.reshape(5, FEATURES)
    right = forward(layers, x, relu)
    mistakes = {
        "the activation function is missing between the layers": forward(layers, x, nothing),
        "sigmoid instead of ReLU": forward(layers, x, lambda z: 1 / (1 + np.exp(-z))),
        "tanh instead of ReLU": forward(layers, x, np.tanh),
        "leaky ReLU instead of ReLU": forward(layers, x, lambda z: np.where(z > 0, z, 0.01 * z)),
        "ReLU is also applied after the last layer: logits may be negative": forward(
            layers, x, relu, last=True
        ),
        "softmax is applied after the last layer: it is part of the loss": softmax(right),
        "log-softmax is applied after the last layer: it is part of the loss": np.log(
            softmax(right)
        ),
        "a ReLU is missing: one follows each of the two hidden layers": forward(
            layers[1:], relu(x @ layers[0][0].T + layers[0][1]), nothing
        ),
    }
    check(got, "the logits of 5 random inputs").close(right, atol=ATOL, hints=mistakes)
