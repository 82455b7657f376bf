"""Hidden checks of Problem 4's training: an uneven last batch, another learning rate."""

import numpy as np
import pytest

from autograder.rubric import check


def train_diary(student, rng, count, epochs, batch_size, learning_rate):
    """Train a linear model on random images with the student's train: (W, b, images), and notes."""
    W, b = rng.normal(size=(8, 5)), rng.normal(size=8)
    sets = []
    for first, size in ((0, count), (1000, 8)):
        numbers = np.arange(first, first + size)[:, None]
        images = np.hstack([numbers, rng.normal(size=(size, 5))])
        sets.append((images, rng.integers(0, 8, size)))
    told = student.support.blood_cells.train_diary(
        student.problem_4.train, (W, b), *sets, student.problem_4.DEVICE,
        epochs, batch_size, learning_rate,
    )  # fmt: skip
    return (W, b, sets[0]), told, sets[1]


@pytest.mark.item("p4-training")
def test_last_batch(student, rng):
    """The last batch, which is smaller, is learned from as well."""
    begin, told, validation = train_diary(student, rng, 21, 2, 8, 0.02)
    learned = sorted(number for numbers in told["learned"] for number in numbers)
    complete = sorted(list(range(21)) * 2)
    check(len(learned), "the number of images that 2 epochs of 21 learned from").equals(
        len(complete), hints={"the last batch, which is smaller, was dropped": 32}
    )
    check(learned, "the list of images that were learned from").equals(complete)
    # The notes are taken where train runs; that they are true is seen from the weights.
    got = np.asarray(told["W"], dtype=float)
    half = len(told["learned"]) // 2
    ends = []
    for rate in (0.02, 1e-3):
        for rule in ("adam", "sgd", "no zero_grad"):
            one, two = (end_of(*begin, told["learned"][:k], rate, rule) for k in (half, None))
            # The better of the two epochs may have been restored.
            ends.append(two[:, :-1])
            if is_better(one, two, validation):
                ends.append(one[:, :-1])
    check(got, "the weights after the batches that were learned from").close(
        min(ends, key=lambda end: np.abs(got - end).max()), rtol=1e-3, atol=1e-4
    )


def gradient_of(values, images, labels):
    """The gradient of the mean cross-entropy with respect to [W, b]."""
    inputs = np.hstack([images[:, 1:], np.ones((len(images), 1))])
    powers = np.exp(inputs @ values.T)
    return (powers / powers.sum(axis=1, keepdims=True) - np.eye(8)[labels]).T @ inputs / len(images)


def end_of(W, b, images, batches, rate, rule):
    """[W, b] after a step on each batch, by Adam or by what a mistake makes of it."""
    values = np.hstack([W, b[:, None]])
    first, second, total = np.zeros((3, *values.shape))
    for step, batch in enumerate(batches, 1):
        gradient = gradient_of(values, images[0][batch], images[1][batch])
        total = total + gradient
        used = total if rule == "no zero_grad" else gradient
        first, second = 0.9 * first + 0.1 * used, 0.999 * second + 0.001 * used**2
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        values = values - rate * (gradient if rule == "sgd" else move)
    return values


def is_better(one, other, validation):
    """Whether a linear model has a lower loss on the validation set, or as many right answers."""
    images, labels = validation
    inputs = np.hstack([images[:, 1:], np.ones((len(images), 1))])
    logits = [inputs @ values.T for values in (one, other)]
    nats = [np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels] for z in logits]
    right = [np.mean(z.argmax(axis=1) == labels) for z in logits]
    return nats[0].mean() < nats[1].mean() or right[0] >= right[1]


@pytest.mark.item("p4-training")
def test_size_of_a_step(student, rng):
    """The first step of Adam moves every weight by the learning rate."""
    rate = float(rng.uniform(1e-3, 5e-3))
    (W, b, (images, labels)), told, _ = train_diary(student, rng, 16, 1, 16, rate)
    steps = np.asarray(told["W"], dtype=float) - W
    moved = np.abs(steps)
    # float32 keeps numbers of size 1 to 1e-7.
    check(moved, "how far one step of one epoch moves each weight").close(
        np.full((8, 5), rate),
        rtol=1e-2,
        atol=1e-6,
        hints={
            "learning_rate was not used: 1e-3 is fixed in the code": np.full((8, 5), 1e-3),
            "the model was not trained": np.zeros((8, 5)),
        },
    )
    downhill = steps * gradient_of(np.hstack([W, b[:, None]]), images, labels)[:, :-1] < 0
    share = float(np.mean(downhill))
    check(share, "the share of weights that the first step moves downhill").above(0.8)
