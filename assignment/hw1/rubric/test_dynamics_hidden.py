"""Hidden checks of Problem 5, part C: train and measure_accuracy in other situations."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check

ATOL = 1e-5

# By which a step follows from gradients; `summed`: the gradients are never set back to zero.
_RULES = ("sgd", "momentum", "summed", "adam")
_KEPT = {"sgd": 0.0, "momentum": 0.9, "summed": 1.0, "adam": 0.9}


def ends_of_training(weights, x, labels, batches, rate):
    """Return the weights that steps on these batches may lead to.

    The model is softmax regression, logits = x · weights; its loss is the mean cross-entropy of a
    batch. In addition to descent by its gradients there is one end for each mistake in the steps
    that other checks ask about: momentum, Adam, gradients that pile up, another learning rate,
    uphill, sums in place of means, softmax twice.

    Args:
        weights: (D, C), to begin with.
        x: (N, D), the inputs.
        labels: (N,), the classes.
        batches: for each step, the indices of its inputs.
        rate: the learning rate.

    Returns:
        Arrays of shape (D, C).
    """
    return [
        _end(weights, x, labels, batches, rule, size, twice)
        for rule in _RULES
        for size in (rate, -rate, 0.01, rate * len(batches[0]))
        for twice in (False, True)
    ]


def _end(weights, x, labels, batches, rule, rate, twice):
    """The weights after all steps by one rule; `twice` takes the softmax of a softmax."""
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step, batch in enumerate(batches, 1):
        gradient = _gradient(weights, x[batch], labels[batch], twice)
        first = _KEPT[rule] * first + (1 - _KEPT[rule] if rule == "adam" else 1) * gradient
        second = 0.999 * second + 0.001 * gradient**2
        move = first
        if rule == "adam":
            move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights = weights - rate * move
    return weights


def _gradient(weights, x, labels, twice):
    powers = np.exp(x @ weights)
    p = powers / powers.sum(axis=1, keepdims=True)
    q = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True) if twice else p
    slope = (q - np.eye(weights.shape[1])[labels]) / len(x)
    if twice:
        slope = p * (slope - (slope * p).sum(axis=1, keepdims=True))
    return np.asarray(x.T @ slope)


def digits(rng, N):
    """Images of three classes that a network can tell: a bright patch in one of three places."""
    labels = np.arange(N) % 3
    images = rng.uniform(0, 0.3, size=(N, 12))
    for place in range(4):
        images[np.arange(N), 4 * labels + place] += 0.7
    return images, labels


def layers_of_size(rng, sizes, scale):
    """Weights N(0, scale²/fan_in), and biases of zero."""
    return [(scale * rng.normal(size=(n, m)) / np.sqrt(n), np.zeros(m)) for n, m in pairwise(sizes)]


@pytest.mark.item("p5-dynamics")
def test_learning_and_being_stuck(student, rng):
    """A network with good initial weights learns, and one that begins with zeros does not."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    images, labels = digits(rng, 90)
    x, y = networks.floats(images, device), networks.classes(labels, device)
    ends = {}
    for name, scale in (("zero", 0.0), ("xavier", 1.0)):
        layers = layers_of_size(rng, (12, 16, 16, 16, 3), scale)
        network = networks.network_of(layers, "tanh", device)
        losses = networks.plain(student.hold(student.problem_5.train, network, x, y, 20, 10, 0.2))
        ends[name] = float(np.asarray(check(losses, "what train returns").sequence(20)[-1]))
    check(ends["xavier"], "the last loss of a network that began with xavier").below(
        0.3, hint="it has not learned what it could"
    )
    check(ends["zero"], "the last loss of a network that began with zeros").above(
        0.9 * np.log(3), hint="it has learned something, but its gradients are zero"
    )


def diary_of(student, rng, N, epochs, batch_size):
    """Return the batches in which train shows N images to a model that records them.

    The record is made in the process in which train runs. The weights show that it is true: they
    are those to which steps on its batches lead.
    """
    networks, device = student.support.networks, student.problem_5.DEVICE
    W, x, labels = rng.normal(size=(3, 2)), rng.normal(size=(N, 3)), np.arange(N) % 2
    diary = student.hold(networks.Diary, W, device)
    images = networks.floats(np.column_stack([np.arange(N), x]), device)
    answers = networks.classes(labels, device)
    losses = student.hold(student.problem_5.train, diary, images, answers, epochs, batch_size, 0.1)
    batches, after = diary.batches, networks.plain(diary.W)
    numbers = set(range(N))
    right = [batch for batch in batches if batch and set(batch) <= numbers]
    if not right or len(right) < len(batches):
        raise CheckFailed("train", "has not trained the network on the images that it is given")
    ends = ends_of_training(W, x, labels, right, 0.1)
    check(after, "the weights of a linear network after the batches that it was shown").close(
        min(ends, key=lambda end: np.abs(np.subtract(after, end)).max()), rtol=1e-3, atol=1e-4
    )
    return batches, networks.plain(losses)


@pytest.mark.item("p5-dynamics")
def test_order_is_new_in_every_epoch(student, rng):
    """Each epoch of train visits the images in a random order of its own."""
    batches, _ = diary_of(student, rng, 50, 2, 10)
    order = [index for batch in batches for index in batch]
    first, second = order[:50], order[50:100]
    check(first == sorted(first), "that the images come in the order of the data set").equals(
        False, hints={"the images are not shuffled: draw a random order in every epoch": True}
    )
    check(first == second, "that both epochs have the same order").equals(
        False, hints={"the order is drawn once: draw a new one in every epoch": True}
    )


@pytest.mark.item("p5-dynamics")
def test_last_batch_may_be_smaller(student, rng):
    """The last, smaller batch of an epoch is trained on as well."""
    batches, losses = diary_of(student, rng, 23, 1, 10)
    sizes = [len(batch) for batch in batches]
    check(sizes, "the list of batch sizes for 23 images, batch_size 10,").equals(
        [10, 10, 3],
        hints={"the images that make no whole batch are left out": [10, 10]},
        carried={"batch_size was not used": [23], "the images come one by one": [1] * 23},
    )
    check(len(losses), "the number of losses of one epoch").equals(1)


@pytest.mark.item("p5-dynamics")
def test_labels_follow_their_images(student, rng):
    """Images and labels are shuffled together."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    labels = rng.integers(3, size=60)
    images = np.eye(3)[labels]
    network = networks.network_of([(np.zeros((3, 3)), np.zeros(3))], "tanh", device)
    x, y = networks.floats(images, device), networks.classes(labels, device)
    student.hold(student.problem_5.train, network, x, y, 30, 6, 0.5)
    predicted = networks.logits(network, networks.floats(np.eye(3), device)).argmax(axis=1)
    check(predicted.tolist(), "the predicted classes of the three images of the training").equals(
        [0, 1, 2]
    )


@pytest.mark.item("p5-dynamics", counts_with="test_accuracy")
def test_accuracy_changes_nothing(student, rng):
    """measure_accuracy works for a single image and leaves the network as it is."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    W, b, x = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=(1, 4))
    network = networks.network_of([(W, b)], "tanh", device)
    right = (x @ W + b).argmax(axis=1)
    for labels, expected in ((right, 100.0), ((right + 1) % 3, 0.0)):
        got = networks.plain(
            student.hold(
                student.problem_5.measure_accuracy,
                network,
                networks.floats(x, device),
                networks.classes(labels, device),
            )
        )
        check(got, "the accuracy on a single image").number(per_cent=True).close(
            expected, carried={"this is the share of wrong answers": 100 - expected}
        )
    ((after, after_b),) = networks.layers_of(network)
    check(after, "the weights after measure_accuracy").close(W, atol=ATOL)
    check(after_b, "the biases after measure_accuracy").close(b, atol=ATOL)
