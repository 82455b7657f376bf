"""Hidden checks of Problem 5, part D: the ReLU network."""

import numpy as np
import pytest

from autograder.rubric import check


def relu_logits(layers, x):
    """The logits of a ReLU network."""
    *hidden, (W, b) = layers
    for inner, bias in hidden:
        x = np.maximum(x @ inner + bias, 0)
    return x @ W + b


@pytest.mark.item("p5-relu", counts_with="test_relu_results")
def test_relu_lets_large_activations_through(student, rng):
    """ReLU is not bounded: an image a hundred times as bright keeps its place in the order."""
    networks, problem = student.support.networks, student.problem_5
    network = student.hold(problem.build_network, "xavier", "relu")
    layers = [
        (rng.normal(size=W.shape) / np.sqrt(len(W) / 2), rng.normal(size=b.shape))
        for W, b in networks.layers_of(network)
    ]
    networks.plant(network, layers)
    images = 100 * rng.uniform(size=(30, 784))
    got = networks.logits(network, networks.floats(images, problem.DEVICE))
    # The predicted class is the same, whatever is applied after the last layer.
    predicted, right = got.argmax(axis=1), relu_logits(layers, images).argmax(axis=1)
    share = float(np.mean(predicted == right))
    check(share, "the share of bright images classified as by a ReLU network").above(0.9)


@pytest.mark.item("p5-relu", counts_with="test_relu_results")
def test_relu_leaves_its_input_alone(student, rng):
    """A ReLU network does not change the images it is given."""
    networks, problem = student.support.networks, student.problem_5
    network = student.hold(problem.build_network, "xavier", "relu")
    images = rng.normal(size=(3, 784))
    x = networks.floats(images, problem.DEVICE)
    networks.logits(network, x)
    check(networks.plain(x), "the images after a ReLU network has read them").close(
        images, atol=1e-5
    )
