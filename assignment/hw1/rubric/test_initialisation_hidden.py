"""Hidden checks of Problem 5, part A: initialize_weights and initialize_network."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import check

RANDOM = {
    "small_random": lambda fan_in, fan_out: 0.01**2,
    "xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "he": lambda fan_in, fan_out: 2 / fan_in,
}


def weights(student, shape, method):
    """What initialize_weights returns, as an array of finite numbers of the right shape."""
    W = student.support.networks.plain(
        student.hold(student.problem_5.initialize_weights, shape, method)
    )
    check(W, f'W = initialize_weights({shape}, "{method}")').close(np.zeros(shape), atol=np.inf)
    return W


@pytest.mark.item("p5-init")
def test_variance_with_more_outputs_than_inputs(student):
    """The variances are right where fan_out is larger than fan_in."""
    fan_in, fan_out = 150, 500
    for method, variance in RANDOM.items():
        W = weights(student, (fan_in, fan_out), method)
        # Six standard errors of the variance: a chance failure is one in 10⁸.
        check(np.var(W, dtype=float), f"the variance of {method} for (150, 500)").close(
            variance(fan_in, fan_out),
            rtol=6 * np.sqrt(2 / W.size),
            hints={"fan_out, or the larger of both, instead of fan_in": 2 / fan_out},
        )


@pytest.mark.item("p5-init")
def test_weights_are_normal_with_mean_zero(student):
    """The weights follow a normal distribution around zero."""
    for method in RANDOM:
        W = weights(student, (300, 200), method).astype(float)
        deviation = np.std(W)
        check(float(deviation), f"the standard deviation of {method}").above(0)
        mean = np.mean(W) / deviation
        check(mean, f"the mean of {method}, in standard deviations,").close(
            0.0, rtol=0, atol=6 / np.sqrt(W.size)
        )
        # A normal variable is more than two standard deviations off in 4.55 % of all draws.
        beyond = np.mean(np.abs(W - np.mean(W)) > 2 * deviation)
        check(beyond, f"the share of weights of {method} beyond two deviations").close(
            0.0455,
            rtol=0,
            atol=6 * np.sqrt(0.0455 * 0.9545 / W.size),
            hints={"uniform, not normal": 0.0},
        )


@pytest.mark.item("p5-init")
def test_weights_are_independent(student):
    """Each weight is drawn on its own, and anew in every call."""
    for method in RANDOM:
        W, again = weights(student, (40, 30), method), weights(student, (40, 30), method)
        repeated = int(np.sum(again == W))
        # float32 has some 2²³ values in reach: a few coincidences among 1,200 are no repetition.
        check(repeated, f"the number of equal weights in two calls of {method}").below(
            10, hint="every call gives the same numbers: do not set the seed in initialize_weights"
        )
        check(len(np.unique(W)), f"the number of different weights among 1,200 of {method}").above(
            1_150, hint="weights are repeated within a layer: every one is drawn on its own"
        )


@pytest.mark.item("p5-init")
def test_all_layers_and_methods(student, rng):
    """initialize_network overwrites every layer, for every method."""
    sizes = (60, 80, 50, 90)
    shapes = list(pairwise(sizes))
    networks = student.support.networks
    for method in ("zero", *RANDOM):
        before = [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in shapes]
        network = networks.network_of(before, "relu", student.problem_5.DEVICE)
        student.hold(student.problem_5.initialize_network, network, method)
        for (old, bias), (W, b) in zip(before, networks.layers_of(network), strict=True):
            check(b, f"the biases of a layer {old.shape} after {method}").close(
                np.zeros(bias.shape), hints={"biases of some layers are left as they were": bias}
            )
            variance = RANDOM[method](*old.shape) if method in RANDOM else 0.0
            check(np.var(W, dtype=float), f"the variance of a layer {old.shape}, {method},").close(
                variance,
                rtol=6 * np.sqrt(2 / old.size),
                hints={
                    "weights of some layers are left as they were": np.var(
                        np.float32(old), dtype=float
                    ),
                    "fan_in and fan_out are exchanged": 2 / old.shape[1],
                },
            )


@pytest.mark.item("p5-init")
def test_network_can_be_trained_after_it(student, rng):
    """After initialize_network the parameters of the network still take gradients."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    layers = [(rng.normal(size=(6, 5)), rng.normal(size=5)), (rng.normal(size=(5, 3)), np.zeros(3))]
    network = networks.network_of(layers, "tanh", device)
    student.hold(student.problem_5.initialize_network, network, "xavier")
    trainable = networks.trainable(network)
    check(trainable, "the number of parameters of two layers that take gradients").equals(
        4, hints={"the parameters take no gradients any more": 0}
    )
    # A network that nothing was done with takes gradients, too.
    for place, ((old, _), (W, _)) in enumerate(
        zip(layers, networks.layers_of(network), strict=True), 1
    ):
        moved = float(np.abs(W - old).max())
        check(moved, f"how far initialize_network moves the weights of layer {place}").above(1e-3)
    check(len(np.unique(W)), "the number of different weights in the last layer").above(10)
