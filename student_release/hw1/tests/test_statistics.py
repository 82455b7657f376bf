"""Public checks of Problem 5, part B: the network, its activations and their statistics."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.audit_claims import softmax

# float32 through a few layers.
ATOL = 1e-5
# Dividing by n or by n - 1 makes less than this difference for the sizes below; both are right.
STD_RTOL = 2e-3


def random_layers(rng, sizes):
    """Weights and biases of a network of these sizes, with units that differ from each other."""
    return [
        (rng.normal(size=(n, m)) / np.sqrt(n), rng.normal(scale=0.5, size=m))
        for n, m in pairwise(sizes)
    ]


def forward(layers, x, activation=np.tanh):
    """All pre-activations and activations of a network: (list of z, list of activation(z))."""
    before, after = [], []
    for W, b in layers:
        before.append(x @ W + b)
        x = activation(before[-1])
        after.append(x)
    return before, after


def numbers_of(value, what, length):
    """Require {"mean": [...], "std": [...]} of so many numbers each, and return both as arrays."""
    found = sorted(value) if isinstance(value, dict) else value
    check(found, f"the keys of {what}").equals(["mean", "std"])
    lists = {}
    for name in ("mean", "std"):
        array = np.asarray(value[name], dtype=float)
        check(array.shape, f'the shape of {what}["{name}"], one number a hidden layer,').equals(
            (length,)
        )
        lists[name] = array
    return lists


@pytest.mark.item("p5-tanh-statistics")
def test_network(student, rng):
    """build_network makes 784 → 256 → 256 → 256 → 256 → 256 → 10 with tanh and no more."""
    networks = student.support.networks
    network = student.hold(student.problem_5.build_network, "xavier", "tanh")
    shapes = [list(W.shape) for W, _ in networks.layers_of(network)]
    check(shapes, "the list of [inputs, outputs] of the linear layers").equals(
        [[784, 256]] + [[256, 256]] * 4 + [[256, 10]],
        hints={
            "there are four hidden layers, expected five": [[784, 256]]
            + [[256, 256]] * 3
            + [[256, 10]],
            "there are six hidden layers, expected five": [[784, 256]]
            + [[256, 256]] * 5
            + [[256, 10]],
        },
    )
    layers = random_layers(rng, [784] + [256] * 5 + [10])
    images = rng.uniform(size=(20, 784))
    networks.plant(network, layers)
    z, a = forward(layers, images)
    relu, sigmoid = (lambda x: np.maximum(x, 0)), (lambda x: 1 / (1 + np.exp(-x)))
    x = networks.floats(images, student.problem_5.DEVICE)
    check(networks.logits(network, x), "the logits of a tanh network with known weights").close(
        z[-1],
        atol=ATOL,
        hints={
            "ReLU instead of tanh": forward(layers, images, relu)[0][-1],
            "sigmoid instead of tanh": forward(layers, images, sigmoid)[0][-1],
            "the activation function is missing": forward(layers, images, lambda x: x)[0][-1],
            "tanh is also applied after the last layer: its outputs are the logits": a[-1],
            "softmax is applied after the last layer: its outputs are the logits": softmax(z[-1]),
            "softmax is applied after the last layer: its outputs are logits": np.log(
                softmax(z[-1])
            ),
        },
    )


@pytest.mark.item("p5-tanh-statistics")
def test_network_is_initialised(student, rng):
    """build_network hands the network to initialize_network, with the method it is asked for."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    for method in ("small_random", "xavier"):
        layers = [(np.zeros((784, 256)), np.zeros(256))]
        alone = networks.network_of(layers, "tanh", device)
        student.hold(student.problem_5.initialize_network, alone, method)
        expected = float(np.std(networks.layers_of(alone)[0][0], dtype=float))
        network = student.hold(student.problem_5.build_network, method, "tanh")
        got = float(np.std(networks.layers_of(network)[0][0], dtype=float))
        # Enough to tell the methods and PyTorch's own weights apart, whatever the variances are.
        check(got, f"the std of the first layer's weights after {method}").close(
            expected,
            rtol=0.3,
            hints={"these are PyTorch's own weights: initialize_network": 784**-0.5 / 3**0.5},
        )


@pytest.mark.item("p5-tanh-statistics")
def test_hidden_activations(student, rng):
    """hidden_activations returns what leaves the activation function of each hidden layer."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    layers, images = random_layers(rng, (12, 40, 30, 20, 5)), rng.normal(size=(64, 12))
    network = networks.network_of(layers, "tanh", device)
    x = networks.floats(images, device)
    got = networks.plain(student.hold(student.problem_5.hidden_activations, network, x))
    z, a = forward(layers, images)
    what = "hidden_activations of a network of three hidden layers"
    for place, activations in enumerate(check(got, what).sequence(3)):
        check(activations, f"the activations of hidden layer {place + 1}").close(
            a[place],
            atol=ATOL,
            hints={
                "this is what goes into tanh, not what leaves it": z[place],
                "these are the activations of the layer after it": a[place + 1],
                "these are the activations of the layer before it": a[place - 1],
                "transposed: one image a row": a[place].T,
            },
        )


@pytest.mark.item("p5-tanh-statistics")
def test_activation_statistics(student, rng):
    """activation_statistics gives mean and std of each hidden layer, over images and units."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    layers, images = random_layers(rng, (12, 40, 30, 20, 5)), rng.normal(size=(64, 12))
    network = networks.network_of(layers, "tanh", device)
    x = networks.floats(images, device)
    got = networks.plain(student.hold(student.problem_5.activation_statistics, network, x))
    got = numbers_of(got, "activation_statistics(network, images)", 3)
    z, a = (side[:3] for side in forward(layers, images))
    right = {"mean": [x.mean() for x in a], "std": [x.std() for x in a]}
    mistakes = {
        "mean": {
            "mean and std are exchanged": right["std"],
            "measured before the activation function, not after it": [x.mean() for x in z],
            "the mean of the absolute values": [np.abs(x).mean() for x in a],
            "only the first image counts: all of the batch do": [x[0].mean() for x in a],
            "only the first unit counts: all of the layer do": [x[:, 0].mean() for x in a],
            "the sum instead of the mean": [x.sum() for x in a],
            "the mean of the first layer three times": [a[0].mean()] * 3,
        },
        "std": {
            "mean and std are exchanged": right["mean"],
            "measured before the activation function, not after it": [x.std() for x in z],
            "this is the variance; std is its square root": [x.var() for x in a],
            "the mean of the std of each unit: one std of all numbers of the layer": [
                x.std(axis=0, ddof=1).mean() for x in a
            ],
            "the mean of the std of each image: one std of all numbers of the layer": [
                x.std(axis=1, ddof=1).mean() for x in a
            ],
            "only the first image counts: all of the batch do": [x[0].std(ddof=1) for x in a],
            "only the first unit counts: all of the layer do": [x[:, 0].std(ddof=1) for x in a],
        },
    }
    for name in ("mean", "std"):
        hints = {hint: np.array(values) for hint, values in mistakes[name].items()}
        what = f'activation_statistics(network, images)["{name}"]'
        check(got[name], what).close(np.array(right[name]), rtol=STD_RTOL, atol=ATOL, hints=hints)
