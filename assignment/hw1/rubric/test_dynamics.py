"""Public checks of Problem 5, part C: train and measure_accuracy."""

from functools import partial

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.differences import derivative

# Sums of some ten float32 products, and three steps with them.
ATOL = 1e-5


def softmax(z):
    """Row by row, for numbers that are not large."""
    powers = np.exp(z)
    return powers / powers.sum(axis=1)[:, None]


def mean_loss(W, b, x, labels, twice=False):
    """The mean cross-entropy of a linear classifier; `twice`: of the softmax of its softmax."""
    p = softmax(x @ W + b)
    return -np.log((softmax(p) if twice else p)[np.arange(len(x)), labels]).mean()


def descend(W, b, x, labels, rates, momentum=0.0, pile_up=False, twice=False):
    """Gradient descent of a linear classifier on one full batch, one step for each rate.

    Args:
        W: (D, C), to begin with.
        b: (C,), to begin with.
        x: (N, D).
        labels: (N,).
        rates: the learning rate of each step.
        momentum: of the steps.
        pile_up: add each gradient to all those before it.
        twice: take the softmax of the softmax, as cross_entropy does with probabilities.

    Returns:
        (W, b, losses): at the end, and the loss before each step and after the last.
    """
    piles = velocities = [np.zeros_like(W), np.zeros_like(b)]
    losses = [mean_loss(W, b, x, labels, twice)]
    for rate in rates:
        by_W = partial(mean_loss, b=b, x=x, labels=labels, twice=twice)
        by_b = partial(mean_loss, W, x=x, labels=labels, twice=twice)
        gradients = [derivative(by_W, W), derivative(by_b, b)]
        piles = [pile + g for pile, g in zip(piles, gradients, strict=True)]
        used = piles if pile_up else gradients
        velocities = [momentum * v + g for v, g in zip(velocities, used, strict=True)]
        W, b = W - rate * velocities[0], b - rate * velocities[1]
        losses.append(mean_loss(W, b, x, labels, twice))
    return W, b, np.array(losses)


def trained(student, W, b, x, labels, epochs, batch_size, rate):
    """The result of the student's train on a linear classifier: (W, b, losses)."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    network = networks.network_of([(W, b)], "tanh", device)
    images, answers = networks.floats(x, device), networks.classes(labels, device)
    losses = networks.plain(
        student.hold(student.problem_5.train, network, images, answers, epochs, batch_size, rate)
    )
    (W, b), *_ = networks.layers_of(network)
    return W, b, losses


def list_of_losses(losses, epochs):
    """Require one number for each epoch, and return them as an array."""
    numbers = check(losses, "what train returns").sequence(epochs)
    return np.array([np.asarray(number, dtype=float).item() for number in numbers])


@pytest.mark.item("p5-dynamics")
def test_step(student, rng):
    """Each step of train moves every parameter by minus learning_rate times its gradient."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    x, labels = rng.normal(size=(12, 4)), rng.integers(3, size=12)
    rate = 0.5
    got, got_b, _ = trained(student, W, b, x, labels, 3, 12, rate)
    right, right_b, _ = descend(W, b, x, labels, [rate] * 3)
    mistakes = {
        "the parameters have not changed: train works on the network itself": {"rates": []},
        "there was one epoch instead of `epochs`": {"rates": [rate]},
        "there was an epoch too few": {"rates": [rate] * 2},
        "there was an epoch too many": {"rates": [rate] * 4},
        "0.1 was used instead of learning_rate": {"rates": [0.1] * 3},
        "0.01 was used instead of learning_rate": {"rates": [0.01] * 3},
        "the gradients pile up from step to step: zero_grad is missing": {"pile_up": True},
        "there is momentum: plain SGD has none": {"momentum": 0.9},
        "the loss is the sum over the batch, not the mean": {"rates": [rate * 12] * 3},
        "softmax comes twice: cross_entropy takes logits": {"twice": True},
        "the steps go uphill": {"rates": [-rate] * 3},
    }
    ends = {
        hint: descend(W, b, x, labels, **({"rates": [rate] * 3} | change))
        for hint, change in mistakes.items()
    }
    first, *_ = trained(student, W, b, x, labels, 1, 12, rate)
    if np.allclose(np.abs(np.subtract(first, W)), rate, rtol=1e-3):
        # The first step is as long for every weight, which no gradient descent makes.
        ends["these are steps of Adam: train by plain SGD"] = got, got_b, None
    check(got, "the weights of a linear network after three epochs of one batch").close(
        right, atol=ATOL, hints={hint: end[0] for hint, end in ends.items()}
    )
    check(got_b, "its biases").close(
        right_b, atol=ATOL, hints={hint: end[1] for hint, end in ends.items()}
    )


@pytest.mark.item("p5-dynamics")
def test_train_follows_the_gradient(student, rng):
    """Training moves a network along its gradient; without that, no result of it counts."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    x, labels = rng.normal(size=(12, 4)), np.full(12, 1)
    # How far, which way and by what rule is asked elsewhere.
    got, _, _ = trained(student, W, b, x, labels, 3, 12, 0.01)
    (end, _, _), moved = descend(W, b, x, labels, [0.01]), np.subtract(got, W)
    # float32 rounds a weight of 1 by 1e-7, and three steps move it by about 1e-2.
    hint = "the parameters have not changed: train works on the network itself"
    check(np.linalg.norm(moved), "how far train moves a network").above(1e-5, hint=hint)
    along = abs(np.sum(moved * (end - W))) / np.linalg.norm(moved) / np.linalg.norm(end - W)
    check(along, "the cosine of what train moves a network by and its gradient").above(0.5)


@pytest.mark.item("p5-dynamics", counts_with="test_train_follows_the_gradient")
def test_losses(student, rng):
    """The losses that train returns are the means of the epochs, one number for each."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    x, labels = rng.normal(size=(12, 4)), rng.integers(3, size=12)
    # A step of almost nothing: the losses are those of the parameters as they are.
    losses = list_of_losses(trained(student, W, b, x, labels, 4, 3, 1e-9)[2], 4)
    (right,) = descend(W, b, x, labels, [])[2]
    (twice,) = descend(W, b, x, labels, [], twice=True)[2]
    check(losses, "the losses of four epochs of four batches, without progress,").close(
        np.full(4, right),
        rtol=1e-4,
        hints={
            "the sum over the batches instead of the mean": np.full(4, 4 * right),
            "the sum over the images instead of the mean": np.full(4, 12 * right),
            "the mean was divided by the batch size once more": np.full(4, right / 3),
            "the sum of the losses of all epochs so far": right * np.arange(1, 5),
            "softmax comes twice: cross_entropy takes logits": np.full(4, twice),
            "in bits: the natural logarithm gives nats": np.full(4, right / np.log(2)),
        },
    )


def diary_of(student, rng, N, epochs, batch_size):
    """Return the batches in which train shows N images to a model that records them.

    The record is made in the process in which train runs. The weights show that it is true: each
    image has a number of its own, which is 0 in all others, and whose weights are 0 until the model
    learns from the image; three more numbers belong to no image, and their weights stay 0.
    """
    networks, device = student.support.networks, student.problem_5.DEVICE
    x, labels = np.hstack([rng.normal(size=(N, 3)), np.eye(N, N + 3)]), np.arange(N) % 2
    W = np.vstack([rng.normal(size=(3, 2)), np.zeros((N + 3, 2))])
    diary = student.hold(networks.Diary, W, device)
    images = networks.floats(np.column_stack([np.arange(N), x]), device)
    answers = networks.classes(labels, device)
    losses = student.hold(student.problem_5.train, diary, images, answers, epochs, batch_size, 0.1)
    batches, after = diary.batches, networks.plain(diary.W)
    numbers = set(range(N))
    right = [batch for batch in batches if batch and set(batch) <= numbers]
    if not right or len(right) < len(batches):
        raise CheckFailed("train", "has not trained the network on the images that it is given")
    learned = np.flatnonzero(np.abs(np.asarray(after)[3:]).max(axis=1) > 0).tolist()
    check(learned, "the list of the images that the weights of a linear network tell of").equals(
        sorted({index for batch in right for index in batch})
    )
    return batches, networks.plain(losses)


@pytest.mark.item("p5-dynamics")
def test_batches(student, rng):
    """An epoch of train visits every image once, in batches of batch_size."""
    batches, _ = diary_of(student, rng, 60, 2, 15)
    sizes = [len(batch) for batch in batches]
    check(sizes, "the list of batch sizes in two epochs of 60 images, batch_size 15,").equals(
        [15] * 8,
        hints={
            "batch_size was not used": [60, 60],
            "the images come one by one: batches of batch_size": [1] * 120,
            "there was one epoch instead of `epochs`": [15] * 4,
            "an epoch is one batch: it visits all images": [15] * 2,
        },
    )
    for number, epoch in enumerate((batches[:4], batches[4:]), 1):
        seen = sorted(index for batch in epoch for index in batch)
        check(seen == list(range(60)), f"that epoch {number} visits every image once").is_true(
            hint="images are left out or come twice: go through one random order of all of them"
        )


def measured(student, rng):
    """What measure_accuracy says of 48 answers: (check of it, how many of them are right)."""
    networks, device = student.support.networks, student.problem_5.DEVICE
    W, b, x = rng.normal(size=(4, 5)), rng.normal(size=5), rng.normal(size=(48, 4))
    answers, count = (x @ W + b).argmax(axis=1), int(rng.integers(28, 44))
    labels = np.where(np.arange(48) < count, answers, (answers + 1) % 5)
    network = networks.network_of([(W, b)], "tanh", device)
    got = networks.plain(
        student.hold(
            student.problem_5.measure_accuracy,
            network,
            networks.floats(x, device),
            networks.classes(labels, device),
        )
    )
    return check(got, f"the accuracy where {count} of 48 answers are right"), count


@pytest.mark.item("p5-dynamics", weight=0.5)
def test_accuracy(student, rng):
    """measure_accuracy gives the share of right answers."""
    got, count = measured(student, rng)
    right = 100 * count / 48
    got.number(per_cent=True).close(
        right,
        rtol=1e-4,
        hints={
            "this is the number of right answers, not per cent": float(count),
            "this is the share of wrong answers": 100 - right,
        },
    )


@pytest.mark.item("p5-dynamics", weight=0.5, counts_with="test_accuracy")
def test_unit_of_accuracy(student, rng):
    """measure_accuracy counts in per cent."""
    got, count = measured(student, rng)
    share = count / 48
    got.number().close(100 * share, rtol=1e-4, hints={"this is a fraction, not per cent": share})
