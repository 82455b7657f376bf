"""Hidden checks of Problem 4's training: an uneven last batch, another learning rate."""

import numpy as np
import pytest

from autograder.rubric import check


def train_diary(student, rng, count, epochs, batch_size, learning_rate):
    """Train a linear model on random images with the student's train."""
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
    return W, told


@pytest.mark.item("p4-training")
def test_last_batch(student, rng):
    """The last batch, which is smaller, is learned from as well."""
    _, told = train_diary(student, rng, 21, 2, 8, 1e-3)
    learned = sorted(number for numbers in told["learned"] for number in numbers)
    complete = sorted(list(range(21)) * 2)
    check(len(learned), "the number of images that 2 epochs of 21 learned from").equals(
        len(complete), hints={"the last batch, which is smaller, was dropped": 32}
    )
    check(learned, "the list of images that were learned from").equals(complete)


@pytest.mark.item("p4-training")
def test_size_of_a_step(student, rng):
    """The first step of Adam moves every weight by the learning rate."""
    rate = float(rng.uniform(1e-3, 5e-3))
    W, told = train_diary(student, rng, 16, 1, 16, rate)
    moved = np.abs(np.asarray(told["W"], dtype=float) - W)
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
