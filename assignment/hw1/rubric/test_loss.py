"""Public checks of SoftmaxCrossEntropy."""

import numpy as np
import pytest

from autograder.rubric import check, own_derivative
from autograder.rubric.differences import derivative

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5
# A loss may come as an array with one entry: `squeeze`. A small constant in the logarithm is judged
# by the check made for it, not by the others.
LOSS_ATOL = 1e-4


def softmax_of(logits):
    """ŷ, row by row, for logits that are not large."""
    powers = np.exp(logits)
    return powers / powers.sum(axis=1)[:, None]


def nats_of(logits, classes):
    """-log ŷ of the right class, for each sample, for logits that are not large."""
    return -np.log(softmax_of(logits)[np.arange(len(classes)), classes])


def one_hot_of(classes, C):
    """The labels as (N, C)."""
    return (np.arange(C) == classes[:, None]).astype(float)


def batch(rng, N, C):
    """Random logits (N, C) of which none is next to certain, and classes (N,)."""
    # Multiples of 1/1024 are exact in float32, too, also around 5000.
    return rng.integers(-1536, 1536, size=(N, C)) / 1024, rng.integers(0, C, size=N)


def loss_factors(logits, classes):
    """What mistakes in the mean over the samples give for the loss; they are charged once."""
    nats, (N, C) = nats_of(logits, classes), logits.shape
    right = nats.mean()
    return {
        "summed over the samples: the loss is their mean": nats.sum(),
        "divided by N·C: the mean is over the N samples only": right / C,
        "divided by the batch size twice": right / N,
        "the sign is wrong: cross-entropy is not negative": -right,
        "in bits: take the natural logarithm": right / np.log(2),
        "in base 10: take the natural logarithm": right / np.log(10),
        "one loss for each sample: take their mean": nats,
    }


def loss_hints(logits, classes):
    """What known mistakes give for the loss."""
    nats, (N, C) = nats_of(logits, classes), logits.shape
    y = one_hot_of(classes, C)
    return loss_factors(logits, classes) | {
        "softmax over the samples (axis 0) instead of the classes (axis 1)": np.mean(
            -np.log(softmax_of(logits.T).T[np.arange(N), classes])
        ),
        "the logits were taken as log-probabilities: softmax is missing": -np.mean(
            (y * logits).sum(axis=1)
        ),
        "probability instead of log-probability: the logarithm is missing": -np.mean(np.exp(-nats)),
    }


@pytest.mark.item("p6-loss-forward", weight=2)
def test_loss_with_class_indices(student, rng):
    """The loss is the mean of -log ŷ of the right class, for labels of shape (N,)."""
    logits, classes = batch(rng, 6, 4)
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, classes)
    check(loss, "the loss, for class indices,").number().close(
        nats_of(logits, classes).mean(), atol=LOSS_ATOL, hints=loss_hints(logits, classes)
    )


@pytest.mark.item("p6-loss-forward", weight=2)
def test_loss_with_one_hot_labels(student, rng):
    """The loss is the same for one-hot labels of shape (N, C)."""
    logits, classes = batch(rng, 6, 4)
    y = one_hot_of(classes, 4)
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, y)
    hints = loss_hints(logits, classes)
    hints["the sum over the classes takes the wrong ones in, too"] = -np.mean(
        np.log(softmax_of(logits)).sum(axis=1)
    )
    check(loss, "the loss, for one-hot labels,").number().close(
        nats_of(logits, classes).mean(),
        atol=LOSS_ATOL,
        hints=hints,
        carried=loss_factors(logits, classes),
    )


@pytest.mark.item("p6-loss-forward")
def test_loss_of_large_logits(student, rng):
    """The loss does not overflow where all logits are large."""
    logits, classes = batch(rng, 6, 4)
    nats = nats_of(logits, classes)  # softmax does not change when 1000 is added to all logits
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits + 1000, classes)
    overflow = "e^1000 overflows: subtract the largest logit of each sample first"
    check(loss, "the loss of logits around 1000").number().close(
        nats.mean(),
        atol=LOSS_ATOL,
        hints={
            overflow: np.nan,
            f"{overflow} (that is infinite)": np.inf,
            "the maximum is subtracted from one of the two terms only": np.mean(
                nats - logits.max(axis=1) - 1000
            ),
        },
        carried=loss_factors(logits, classes),
    )


@pytest.mark.item("p6-loss-forward", weight=2)
def test_loss_of_a_confident_mistake(student, rng):
    """The loss is exact where ŷ of the right class is next to 0: no log 0, no clipping."""
    logits = np.array([[rng.uniform(800, 1200), rng.uniform(1, 9)]])
    right = logits[0, 0] - logits[0, 1]
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, np.array([1]))
    floor = "the probability was kept above {:g}: compute log ŷ = z - max z - log Σ e^(z - max z)"
    what = f"the loss of logits ({logits[0, 0]:.6g}, {logits[0, 1]:.6g}) and class 1"
    check(loss, what).number().close(
        right,
        atol=ATOL,
        hints={
            "log 0: compute log ŷ = z - max z - log Σ e^(z - max z), not the log of ŷ": np.inf,
            "e^1000 overflows: subtract the largest logit of each sample first": np.nan,
            **{floor.format(10.0**-k): k * np.log(10) for k in range(6, 21)},
            floor.format(np.finfo(float).eps): -np.log(np.finfo(float).eps),
            floor.format(np.finfo(float).tiny): -np.log(np.finfo(float).tiny),
        },
        carried={
            "the sign is wrong": -right,
            "divided by N·C": right / 2,
            "in bits": right / np.log(2),
            "in base 10": right / np.log(10),
            "one loss for each sample": np.array([right]),
        },
    )


def gradient_of(logits, classes):
    """∂L/∂logits, measured."""
    return derivative(lambda z: nats_of(z, classes).mean(), logits)


def gradient_factors(right):
    """What mistakes in the mean over the samples give for the gradient; they are charged once."""
    N, C = right.shape
    return {
        "not divided by the batch size: the loss is a mean, and 1/N belongs here alone": right * N,
        "divided by the batch size twice": right / N,
        "divided by N·C: the mean is over the N samples only": right / C,
        "y - ŷ instead of ŷ - y": -right,
    }


def gradient_hints(logits, classes):
    """What known mistakes give for the gradient."""
    (N, C), right = logits.shape, gradient_of(logits, classes)
    y = one_hot_of(classes, C)
    return gradient_factors(right) | {
        "the labels are not subtracted": right + y / N,
        "ŷ itself, without the labels and without 1/N": right * N + y,
        "that is -y/ŷ, the gradient with respect to ŷ, not to the logits": (
            -y * np.exp(nats_of(logits, classes))[:, None] / N
        ),
        "only the entry of the right class has a gradient here: all classes have one": right * y,
    }


def gradient_carried(student, logits, classes, labels):
    """What is right where a fault has cost points: that fault -> the gradient.

    Where forward is wrong in another way, its own derivative is right. That of every function of
    softmax has rows whose sum is 0.
    """

    def own():
        forward = student.mytorch.nn.SoftmaxCrossEntropy().forward
        found = own_derivative(lambda moved: forward(moved, labels), logits, 1.0)
        is_of_softmax = found is not None and np.abs(found.sum(axis=1)).max() < 1e-6
        return found if is_of_softmax else None

    right = gradient_of(logits, classes)
    others = softmax_of(logits.T).T - softmax_of(logits)
    return gradient_factors(right) | {
        "summed over the samples": right * len(classes),
        "the sign is wrong: cross-entropy": -right,
        "softmax over the samples (axis 0)": right + others / len(classes),
        "p6-loss-forward": own,
    }


# Another item checks what forward returns or raises, so the checks of backward call it through
# student.raises.


@pytest.mark.item("p6-loss-backward", weight=2)
def test_gradient_with_class_indices(student, rng):
    """The gradient is (ŷ - y)/N for labels of shape (N,)."""
    logits, classes = batch(rng, 6, 4)
    loss = student.mytorch.nn.SoftmaxCrossEntropy()
    student.raises(loss.forward, logits, classes)
    check(loss.backward(), "dL/dlogits, for class indices,").close(
        gradient_of(logits, classes),
        atol=ATOL,
        hints=gradient_hints(logits, classes),
        carried=gradient_carried(student, logits, classes, classes),
    )


@pytest.mark.item("p6-loss-backward")
def test_gradient_with_one_hot_labels(student, rng):
    """The gradient is (ŷ - y)/N for labels of shape (N, C)."""
    logits, classes = batch(rng, 5, 3)
    loss, y = student.mytorch.nn.SoftmaxCrossEntropy(), one_hot_of(classes, 3)
    student.raises(loss.forward, logits, y)
    check(loss.backward(), "dL/dlogits, for one-hot labels,").close(
        gradient_of(logits, classes),
        atol=ATOL,
        hints=gradient_hints(logits, classes),
        carried=gradient_carried(student, logits, classes, y),
    )
