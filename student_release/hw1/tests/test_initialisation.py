"""Public checks of Problem 5, part A: initialize_weights and initialize_network."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import check

METHODS = ("zero", "small_random", "xavier", "he")

# Large enough that the variance is known to 0.4 %; and no two of the mistakes below have the same
# variance, nor that of a round number.
FAN_IN, FAN_OUT = 640, 230
FAN_SUM = FAN_IN + FAN_OUT
OTHER = (250, 300)
SIZE = FAN_IN * FAN_OUT
# Six standard errors of the variance of as many normal numbers: a chance failure is one in 10⁸.
VARIANCE_RTOL = 6 * np.sqrt(2 / SIZE)

VARIANCE = {
    "small_random": 0.01**2,
    "xavier": 2 / FAN_SUM,
    "he": 2 / FAN_IN,
}
MISTAKEN_VARIANCE = {
    "small_random": {
        "the variance is 0.01: the standard deviation has to be 0.01": 0.01,
        "0.01² was taken as the standard deviation; it is the variance": 0.01**4,
        "uniform between -0.01 and 0.01, not normal": 0.01**2 / 3,
        "uniform between 0 and 0.01, not normal": 0.01**2 / 12,
        "0.001 instead of 0.01": 0.001**2,
        "the weights are not scaled": 1.0,
    },
    "xavier": {
        "the square root is missing: 2/(fan_in + fan_out) is the variance": (2 / FAN_SUM) ** 2,
        "the square root was taken twice: 2/(fan_in + fan_out) is the variance": (
            np.sqrt(2 / FAN_SUM)
        ),
        "this is He's variance, 2/fan_in": 2 / FAN_IN,
        "1/(fan_in + fan_out) instead of 2/(fan_in + fan_out)": 1 / FAN_SUM,
        "6/(fan_in + fan_out) is the squared bound of the uniform form, no variance": 6 / FAN_SUM,
        "1/fan_in instead of 2/(fan_in + fan_out)": 1 / FAN_IN,
        "1/fan_out instead of 2/(fan_in + fan_out)": 1 / FAN_OUT,
        "2/fan_out instead of 2/(fan_in + fan_out)": 2 / FAN_OUT,
    },
    "he": {
        "the square root is missing: 2/fan_in is the variance": (2 / FAN_IN) ** 2,
        "the square root was taken twice: 2/fan_in is the variance": (2 / FAN_IN) ** 0.5,
        "fan_out instead of fan_in": 2 / FAN_OUT,
        "this is Xavier's variance, 2/(fan_in + fan_out)": 2 / FAN_SUM,
        "1/fan_in instead of 2/fan_in": 1 / FAN_IN,
        "6/fan_in is the squared bound of the uniform form, no variance": 6 / FAN_IN,
        "1/fan_out instead of 2/fan_in": 1 / FAN_OUT,
    },
}


def weights(student, shape, method):
    """What initialize_weights returns, as an array of finite numbers of the right shape."""
    W = student.support.networks.plain(
        student.hold(student.problem_5.initialize_weights, shape, method)
    )
    check(W, f'W = initialize_weights({shape}, "{method}")').close(
        np.zeros(shape),
        atol=np.inf,
        hints={"W is transposed: its shape is (fan_in, fan_out)": np.zeros(shape[::-1])},
    )
    return W


def initialised(student, rng, sizes, method):
    """The layers (W, b) of a network of random numbers after initialize_network."""
    shapes = list(pairwise(sizes))
    before = [(rng.normal(size=shape), rng.normal(size=shape[1])) for shape in shapes]
    networks = student.support.networks
    network = networks.network_of(before, "tanh", student.problem_5.DEVICE)
    student.hold(student.problem_5.initialize_network, network, method)
    return before, networks.layers_of(network)


def check_drawn(student):
    """Require weights that are drawn: what zeros and errors are right for is no initialisation."""
    W = weights(student, (30, 20), "he")
    # Whatever their variance is, which is asked below: every number comes once, or nearly so.
    check(len(np.unique(W)), 'the number of different weights of "he", 30 by 20,').above(
        500, hint="all weights are equal: they have to be drawn at random"
    )


@pytest.mark.item("p5-init")
def test_shape(student):
    """initialize_weights returns W of shape (fan_in, fan_out) for all four methods."""
    for method in METHODS:
        weights(student, (30, 20), method)
    check_drawn(student)


@pytest.mark.item("p5-init")
def test_zero(student):
    """The method zero gives zeros."""
    W = weights(student, (30, 20), "zero")
    check(W, 'W = initialize_weights((30, 20), "zero")').close(
        np.zeros((30, 20)), hints={"these are ones": np.ones((30, 20))}
    )
    check_drawn(student)


def check_variance(student, method):
    """Require the variance of the method for weights of shape (FAN_IN, FAN_OUT)."""
    W = weights(student, (FAN_IN, FAN_OUT), method)
    what = f'the variance of initialize_weights({(FAN_IN, FAN_OUT)}, "{method}")'
    hints = {"all weights are equal: they have to be drawn at random": 0.0}
    if method != "small_random":
        fixed = np.var(weights(student, OTHER, method), dtype=float)
        if fixed > 0:
            hints["the scale does not depend on fan_in and fan_out"] = fixed
    check(np.var(W, dtype=float), what).close(
        VARIANCE[method], rtol=VARIANCE_RTOL, hints=hints | MISTAKEN_VARIANCE[method]
    )


@pytest.mark.item("p5-init")
def test_small_random_variance(student):
    """The method small_random draws weights of variance 0.01²."""
    check_variance(student, "small_random")


@pytest.mark.item("p5-init")
def test_xavier_variance(student):
    """The method xavier draws weights of variance 2/(fan_in + fan_out)."""
    check_variance(student, "xavier")


@pytest.mark.item("p5-init")
def test_he_variance(student):
    """The method he draws weights of variance 2/fan_in."""
    check_variance(student, "he")


@pytest.mark.item("p5-init")
def test_unknown_method(student):
    """An unknown method is a ValueError."""
    error = student.support.networks.error_of(student.problem_5.initialize_weights, (4, 3), "lecun")
    check(error, 'what initialize_weights((4, 3), "lecun") raises').equals(
        "ValueError",
        hints={
            "a KeyError is not a ValueError: ask whether the method is known": "KeyError",
            "assert raises an AssertionError: raise ValueError(...)": "AssertionError",
            "the name of another variable is missing: raise ValueError(...)": "UnboundLocalError",
            "an unknown name must not be taken for one of the four": "nothing",
        },
    )
    check_drawn(student)


@pytest.mark.item("p5-init")
def test_biases_are_zero(student, rng):
    """initialize_network sets all biases to zero."""
    before, after = initialised(student, rng, (30, 20, 10), "xavier")
    for place, ((_, old), (_, b)) in enumerate(zip(before, after, strict=True), 1):
        check(b, f"the biases of layer {place} after initialize_network").close(
            np.zeros(old.shape),
            hints={
                "these are the old biases: they have to be overwritten": old,
                "biases start at zero, not at one": np.ones(old.shape),
            },
        )
    check_drawn(student)


@pytest.mark.item("p5-init")
def test_network_is_initialised_by_fan_in(student, rng):
    """initialize_network gives each layer weights for its own fan_in and fan_out."""
    before, after = initialised(student, rng, (300, 100, 200), "he")
    for place, ((old, _), (W, _)) in enumerate(zip(before, after, strict=True), 1):
        fan_in, fan_out = old.shape
        what = f"the variance of the weights of layer {place}, {fan_in} inputs, {fan_out} outputs,"
        check(np.var(W, dtype=float), f"{what} after he").close(
            2 / fan_in,
            rtol=6 * np.sqrt(2 / old.size),
            hints={
                "these are the old weights: they have to be overwritten": np.var(
                    np.float32(old), dtype=float
                ),
                "fan_in and fan_out are exchanged: layer.weight is (fan_out, fan_in)": 2 / fan_out,
                "the square root is missing: 2/fan_in is the variance": (2 / fan_in) ** 2,
                "this is Xavier's variance, 2/(fan_in + fan_out)": 2 / (fan_in + fan_out),
                "1/fan_in instead of 2/fan_in": 1 / fan_in,
            },
        )
