"""Public checks of Problem 5, part D: statistics, training and figures with ReLU.

What the functions of parts B and C compute is asked there. Here the notebook's ReLU results are
held against these functions, right or wrong, so that a mistake in one of them costs its part only.
"""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.audit_claims import softmax

METHODS = ("zero", "small_random", "xavier", "he")
ATOL = 1e-5


def forward(layers, x, activation):
    """The logits of a network."""
    *hidden, (W, b) = layers
    for inner, bias in hidden:
        x = activation(x @ inner + bias)
    return x @ W + b


def is_output(got, logits):
    """Whether a network gives these logits.

    How many layers it has, and whether something follows the last, is checked in part B: here
    all of that is right.
    """
    with np.errstate(all="ignore"):  # a training may have diverged
        probabilities = softmax(logits)
        accepted = (logits, np.maximum(logits, 0), probabilities, np.log(probabilities))
    atol = ATOL * max(1, float(np.nan_to_num(np.abs(logits)).max()))
    return any(
        got.shape == z.shape and np.allclose(got, z, 1e-3, atol, equal_nan=True) for z in accepted
    )


@pytest.mark.item("p5-relu", counts_with="test_relu_results")
def test_network_has_relu(student, rng):
    """build_network puts ReLU after each hidden layer if the activation is "relu"."""
    networks = student.support.networks
    network = student.hold(student.problem_5.build_network, "he", "relu")
    shapes = [W.shape for W, _ in networks.layers_of(network)]
    layers = [
        (rng.normal(size=(n, m)) / np.sqrt(n / 2), rng.normal(scale=0.5, size=m)) for n, m in shapes
    ]
    images = rng.uniform(size=(20, 784))
    networks.plant(network, layers)
    got = networks.logits(network, networks.floats(images, student.problem_5.DEVICE))
    right = forward(layers, images, lambda z: np.maximum(z, 0))
    if is_output(got, right):
        return
    check(got, "the logits of a ReLU network with known weights").close(
        right,
        atol=ATOL,
        hints={
            "tanh instead of ReLU": forward(layers, images, np.tanh),
            "sigmoid instead of ReLU": forward(layers, images, lambda z: 1 / (1 + np.exp(-z))),
            "leaky ReLU instead of ReLU": forward(
                layers, images, lambda z: np.where(z > 0, z, 0.01 * z)
            ),
            "the activation function is missing": forward(layers, images, lambda z: z),
        },
    )


def entries_of(student, name):
    """A dictionary of the notebook with one entry for each method, by value."""
    value = student.support.networks.plain(getattr(student.problem_5, name))
    check(isinstance(value, dict), f"that {name} is a dictionary").is_true()
    missing = [method for method in METHODS if method not in value]
    check(missing, f"the list of methods that are missing in {name}").equals([])
    return value


def numbers(entry):
    """Mean and std of one method as one array (2, layers)."""
    return np.array([entry["mean"], entry["std"]], dtype=float)


def fresh_statistics(student, method, activation, draws=6):
    """What the student's own functions measure on some fresh networks: (average, range)."""
    networks, problem = student.support.networks, student.problem_5
    found = []
    for _ in range(draws):
        network = student.hold(problem.build_network, method, activation)
        measured = student.hold(problem.activation_statistics, network, problem.batch)
        found.append(numbers(networks.plain(measured)))
    return np.mean(found, axis=0), float(np.ptp(found, axis=0).max())


@pytest.mark.item("p5-relu")
def test_relu_statistics(student):
    """relu_statistics holds what activation_statistics says of fresh ReLU networks."""
    value = entries_of(student, "relu_statistics")
    for method in METHODS:
        fresh, spread = fresh_statistics(student, method, "relu")
        # From one draw of the weights to the next the scale of a ReLU layer moves, the more so
        # the deeper it is. In 4,000 tries none of the right kind came near these bounds.
        check(numbers(value[method]), f'relu_statistics["{method}"], mean and std,').close(
            fresh,
            rtol=0.5,
            atol=2 * spread + 0.05 * float(np.abs(fresh).max()) + 1e-6,
            hints={
                "these are the statistics of tanh networks": fresh_statistics(
                    student, method, "tanh", draws=2
                )[0]
            },
        )


@pytest.mark.item("p5-relu")
def test_relu_results(student):
    """relu_results holds losses and test accuracy of the ReLU networks."""
    networks, problem = student.support.networks, student.problem_5
    value = entries_of(student, "relu_results")
    trained = networks.entries(problem.relu_networks)
    sets = [
        (networks.plain(problem.test_images), networks.plain(problem.test_labels)),
        (networks.plain(problem.train_images), networks.plain(problem.train_labels)),
    ]
    for method in METHODS:
        what = f'relu_results["{method}"]'
        keys = {"losses", "accuracy"} - set(value[method])
        check(sorted(keys), f"what is missing in {what}").equals([])
        losses = np.asarray(value[method]["losses"], dtype=float)
        check(losses.ndim == 1 and losses.size > 0, f"that {what} has a list of losses").is_true()
        check(method in trained, f'that relu_networks has a network for "{method}"').is_true()
        # On which images it has to be measured, and in which unit, is asked in part C.
        layers = networks.layers_of(trained[method])
        accepted = [one for both in sets for one in accuracies(layers, *both)]
        got = check(value[method]["accuracy"], f'{what}["accuracy"]').number().value()
        nearest = min(accepted, key=lambda accuracy: abs(got - accuracy))
        # It may have been rounded, and float32 may tell an image otherwise here than there.
        atol = 0.006 + (100 if got > 1 else 1) / min(len(labels) for _, labels in sets)
        check(got, f'{what}["accuracy"]').close(nearest, rtol=1e-4, atol=atol)


def accuracies(layers, images, labels):
    """What may be stated: per cent, a fraction, a number, the share that is wrong."""
    found = []
    for activation in (lambda z: np.maximum(z, 0), np.tanh, lambda z: z):
        with np.errstate(all="ignore"):  # a training may have diverged
            right = float(np.sum(forward(layers, images, activation).argmax(axis=1) == labels))
        share = right / len(labels)
        found += [100 * share, share, right, 100 - 100 * share]
    return found


@pytest.mark.item("p5-relu", counts_with="test_relu_results")
def test_trained_networks_have_relu(student):
    """The networks in relu_networks are ReLU networks."""
    networks, problem = student.support.networks, student.problem_5
    trained = networks.entries(problem.relu_networks)
    images = networks.plain(problem.batch)[:50]
    x = networks.floats(images, problem.DEVICE)
    for method in ("xavier", "he"):
        layers = networks.layers_of(trained[method])
        got = networks.logits(trained[method], x)
        relu = forward(layers, images, lambda z: np.maximum(z, 0))
        is_tanh = is_output(got, forward(layers, images, np.tanh))
        what = f'that relu_networks["{method}"] puts ReLU between its layers'
        check(is_output(got, relu), what).is_true(
            hint="tanh instead of ReLU: build these networks anew" if is_tanh else ""
        )


def any_line(figures, lists):
    """Whether a line in one of the figures has one of these lists of numbers as its heights."""
    lines = [line for figure in figures for axes in figure["axes"] for line in axes["lines"]]
    wanted = [np.asarray(numbers, dtype=float) for numbers in lists]
    return any(
        np.shape(line["y"]) == y.shape and np.allclose(line["y"], y, rtol=1e-4, equal_nan=True)
        for line in lines
        for y in wanted
    )


@pytest.mark.item("p5-relu", counts_with="test_relu_results")
def test_relu_figures(student):
    """The statistics and the losses of the ReLU networks are drawn, too."""
    statistics = entries_of(student, "relu_statistics")
    results = entries_of(student, "relu_results")
    figures = student.figures("problem_5")
    # What belongs on such figures is asked in parts B and C; xavier and he tell them from tanh's.
    good = ("xavier", "he")
    measured = [statistics[method][name] for method in good for name in ("mean", "std")]
    check(
        any_line(figures, measured), "that a figure of the notebook shows relu_statistics"
    ).is_true(hint="the figure of the ReLU statistics is missing")
    losses = [results[method]["losses"] for method in good]
    check(any_line(figures, losses), "that a figure shows the losses in relu_results").is_true(
        hint="the figure of the ReLU loss curves is missing"
    )
