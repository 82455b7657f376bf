"""Hidden checks of 1.2: softmax regression in other situations."""

import numpy as np
import pytest

from autograder.rubric import check


def asked(student, W, b, x, labels):
    """What loss_and_gradients returns, and its arguments behind the call."""
    kept = [student.torch(array, dtype="float64") for array in (W, b, x)]
    kept.append(student.torch(labels))
    found = student.mnist_xor.loss_and_gradients(*kept)
    return check(found, "loss_and_gradients").sequence(3), [np.array(one) for one in kept]


def right_ones(W, b, x, labels):
    """Loss and gradients, in NumPy."""
    z = x @ W + b
    log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
    error = (np.exp(log_p) - np.eye(W.shape[1])[labels]) / len(x)
    return -log_p[np.arange(len(x)), labels].mean(), x.T @ error, error.sum(axis=0)


@pytest.mark.item("q1-logistic-gradients")
def test_large_logits(student, rng):
    """Logits of a thousand give a finite loss and finite gradients."""
    W, b = 500 * rng.normal(size=(4, 3)), rng.normal(size=3)
    x, labels = rng.normal(size=(6, 4)), rng.integers(3, size=6)
    found, _ = asked(student, W, b, x, labels)
    names = ("the loss", "dL/dW", "dL/db")
    for got, right, name in zip(found, right_ones(W, b, x, labels), names, strict=True):
        check(got, f"{name} with logits of a thousand").close(
            right, atol=1e-7, squeeze=True, hint="it must not overflow: subtract the largest logit",
            carried={
                "the sum over the samples": 6 * right,
                "not divided by the number of samples": 6 * right,
                "divided by the number of samples twice": right / 6,
                "the sign is wrong": -right,
                "divided by N·C": right / 3,
                "in bits": right / np.log(2),
            },
        )  # fmt: skip


@pytest.mark.item("q1-logistic-gradients", weight=0.5, counts_with="test_gradients")
def test_arguments_are_left(student, rng):
    """Parameters, samples and labels are left as they are."""
    W, b = rng.normal(size=(4, 3)), rng.normal(size=3)
    x, labels = rng.normal(size=(5, 4)), rng.integers(3, size=5)
    _, after = asked(student, W, b, x, labels)
    for name, before, now in zip(("W", "b", "x", "labels"), (W, b, x, labels), after, strict=True):
        check(bool(np.array_equal(before, now)), f"that {name} is left as it is").is_true(
            hint="an argument was changed in place"
        )


@pytest.mark.item("q1-misclassified", counts_with="test_find")
def test_fewer_than_asked(student, rng):
    """Where fewer predictions are wrong, all of them are listed."""
    labels = rng.integers(0, 10, size=15)
    place = int(rng.integers(3, 12))
    predictions = labels.copy()
    predictions[place] = (labels[place] + 3) % 10
    tensors = student.torch(predictions), student.torch(labels)
    found = student.mnist_xor.find_misclassified(*tensors, 2)
    got = [int(index) for index in np.ravel(student.array(found))]
    check(got, "the wrong predictions, where there is one,").equals([place])


@pytest.mark.item("q1-misclassified", counts_with="test_show")
def test_show_one(student, rng):
    """One image alone is shown as well."""
    images, labels = rng.uniform(size=(4, 1, 28, 28)), rng.integers(0, 5, size=4)
    tensors = student.torch(images), student.torch(labels + 3), student.torch(labels)
    figures = student.drawn(student.mnist_xor.show_misclassified, *tensors, [2])
    [axes] = figures.grid(1, "the figure of one misclassified digit", ["predicted"])
    words = " ".join([axes.data["title"], axes.data["xlabel"], *axes.data["texts"]])
    found = [int(digit) for digit in words if digit.isdigit()]
    check(found, f"the list of digits in the title {words!r}").equals(
        [int(labels[2]) + 3, int(labels[2])],
        carried={"the prediction comes first": [int(labels[2]), int(labels[2]) + 3]},
    )
