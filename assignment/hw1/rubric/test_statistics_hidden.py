"""Hidden checks of Problem 5, part B: activations and their statistics on other networks."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import check

ATOL = 1e-5


def relu(z):
    """Compute max(0, z)."""
    return np.maximum(z, 0)


def random_layers(rng, sizes):
    """Weights and biases of a network of these sizes."""
    return [
        (rng.normal(size=(n, m)) / np.sqrt(n / 2), rng.normal(scale=0.5, size=m))
        for n, m in pairwise(sizes)
    ]


def hidden_of(layers, x, activation):
    """The activations of all layers but the last."""
    found = []
    for W, b in layers[:-1]:
        x = activation(x @ W + b)
        found.append(x)
    return found


@pytest.mark.item("p5-tanh-statistics")
def test_other_networks(student, rng):
    """hidden_activations works for other depths, one image, and for ReLU."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    for sizes, N, name, activation in [
        ((7, 6, 3), 5, "tanh", np.tanh),
        ((7, 9, 8, 7, 6, 5, 4, 3), 5, "tanh", np.tanh),
        ((7, 6, 5, 3), 1, "tanh", np.tanh),
        ((7, 6, 5, 3), 5, "relu", relu),
    ]:
        layers, images = random_layers(rng, sizes), rng.normal(size=(N, 7))
        network = networks.network_of(layers, name, device)
        x = networks.floats(images, device)
        got = networks.plain(student.hold(student.problem_5.hidden_activations, network, x))
        what = f"hidden_activations of a {name} network {sizes}, N = {N}"
        right = hidden_of(layers, images, activation)
        for place, activations in enumerate(check(got, what).sequence(len(right))):
            check(activations, f"layer {place + 1} of {what}").close(right[place], atol=ATOL)


@pytest.mark.item("p5-tanh-statistics")
def test_statistics_with_relu(student, rng):
    """activation_statistics measures ReLU networks, in which mean and std have other values."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    layers, images = random_layers(rng, (12, 50, 40, 5)), rng.normal(size=(80, 12))
    network = networks.network_of(layers, "relu", device)
    x = networks.floats(images, device)
    got = networks.plain(student.hold(student.problem_5.activation_statistics, network, x))
    right = hidden_of(layers, images, relu)
    for name, values in {
        "mean": [a.mean() for a in right],
        "std": [a.std() for a in right],
    }.items():
        # Dividing by n or by n - 1 are both right, and differ by less than 2e-3 here.
        check(np.array(got[name], dtype=float), f"{name} of a ReLU network").close(
            np.array(values), rtol=2e-3, atol=ATOL
        )


@pytest.mark.item("p5-tanh-statistics", counts_with="test_hidden_activations")
def test_network_is_left_alone(student, rng):
    """Measuring a network changes neither its parameters nor the images."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    layers, images = random_layers(rng, (6, 5, 4, 3)), rng.normal(size=(8, 6))
    network = networks.network_of(layers, "tanh", device)
    x = networks.floats(images, device)
    student.hold(student.problem_5.activation_statistics, network, x)
    for (W, b), (after, after_b) in zip(layers, networks.layers_of(network), strict=True):
        check(after, "the weights after activation_statistics").close(W, atol=ATOL)
        check(after_b, "the biases after activation_statistics").close(b, atol=ATOL)
    check(networks.plain(x), "the images after activation_statistics").close(images, atol=ATOL)


@pytest.mark.item("p5-tanh-statistics", counts_with="test_network_is_initialised")
def test_networks_are_new(student, rng):
    """Each call of build_network makes a network of its own."""
    networks = student.support.networks
    first = student.hold(student.problem_5.build_network, "small_random", "tanh")
    before = networks.layers_of(first)
    second = student.hold(student.problem_5.build_network, "xavier", "tanh")
    changed = [(W + 1, b + 1) for W, b in networks.layers_of(second)]
    networks.plant(second, changed)
    for (W, b), (after, after_b) in zip(before, networks.layers_of(first), strict=True):
        moved = after - W
        check(moved, "what a second network changes in the first").close(
            np.zeros(W.shape),
            hint="both networks share their layers: make new ones in every call",
        )
        check(after_b, "the biases of the first network").close(b)
