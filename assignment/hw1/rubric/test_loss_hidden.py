"""Hidden checks of SoftmaxCrossEntropy: extremes, small batches, repeated calls."""

import numpy as np
import pytest

from autograder.rubric import check, own_derivative

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5
# A loss may come as an array with one entry: `squeeze`. A small constant in the logarithm is judged
# by the checks made for it, not by the others.
LOSS_ATOL = 1e-4


def softmax_of(logits):
    """ŷ, row by row."""
    powers = np.exp(logits - logits.max(axis=1)[:, None])
    return powers / powers.sum(axis=1)[:, None]


def nats_of(logits, classes):
    """-log ŷ of the right class, for each sample."""
    top = logits.max(axis=1)
    rows = np.arange(len(classes))
    return top + np.log(np.exp(logits - top[:, None]).sum(axis=1)) - logits[rows, classes]


def one_hot_of(classes, C, dtype=float):
    """The labels as (N, C)."""
    return (np.arange(C) == classes[:, None]).astype(dtype)


def batch(rng, N, C):
    """Random logits (N, C) of which none is next to certain, and classes (N,)."""
    # Multiples of 1/1024 are exact in float32, too, also around 5000.
    return rng.integers(-1536, 1536, size=(N, C)) / 1024, rng.integers(0, C, size=N)


def loss_carried(nats, C):
    """What is right where a fault of forward has cost points: the fault -> the loss."""
    right = nats.mean()
    return {
        "summed over the samples": nats.sum(),
        "divided by N·C": right / C,
        "divided by the batch size twice": right / len(nats),
        "the sign is wrong": -right,
        "in bits: take": right / np.log(2),
        "in base 10: take": right / np.log(10),
        "one loss for each sample": nats,
    }


@pytest.mark.item("p6-loss-forward")
def test_loss_of_other_shapes(student, rng):
    """The loss is right for one sample, for two classes, and where N = C."""
    for N, C in [(1, 5), (4, 2), (5, 5), (64, 10)]:
        logits, classes = batch(rng, N, C)
        nats = nats_of(logits, classes)
        right, carried = nats.mean(), loss_carried(nats, C)
        loss = student.mytorch.nn.SoftmaxCrossEntropy()
        got = check(loss.forward(logits, classes), f"the loss of {N} samples, {C} classes")
        got.number().close(right, atol=LOSS_ATOL, carried=carried)
        one_hot = one_hot_of(classes, C, dtype=np.int64)
        what = f"the loss of {N} samples, {C} classes, integer one-hot labels"
        got = check(loss.forward(logits, one_hot), what)
        got.number().close(right, atol=LOSS_ATOL, carried=carried)


@pytest.mark.item("p6-loss-forward", weight=0.5)
def test_loss_of_samples_far_apart(student, rng):
    """Every sample has a maximum of its own: forward is right where they differ by thousands."""
    logits, classes = batch(rng, 5, 4)
    logits += np.array([[-3000.0], [0.0], [1000.0], [-1000.0], [5000.0]])
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, classes)
    check(loss, "the loss of samples whose logits differ by thousands").number().close(
        nats_of(logits, classes).mean(),
        atol=LOSS_ATOL,
        carried=loss_carried(nats_of(logits, classes), 4),
        hints={
            "a log 0 or an overflow: subtract each sample's own maximum": np.inf,
            "0 / 0: subtract each sample's own maximum, not that of the batch": np.nan,
        },
    )


@pytest.mark.item("p6-loss-forward", weight=0.5)
def test_loss_of_a_wide_range(student, rng):
    """The loss is right where the logits of a sample differ by hundreds."""
    logits = rng.uniform(-900, 900, size=(20, 6))
    classes = rng.integers(0, 6, size=20)
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, classes)
    nats = nats_of(logits, classes)
    floors = {10.0**-k for k in range(6, 21)} | {np.finfo(float).eps, np.finfo(float).tiny}
    check(loss, "the loss of logits between -900 and 900").number().close(
        nats.mean(),
        atol=ATOL,
        carried=loss_carried(nats, 6)
        | {
            f"the probability was kept above {floor:g}: compute": (
                np.minimum(nats, -np.log(floor)).mean()
            )
            for floor in floors
        },
    )


@pytest.mark.item("p6-loss-forward", weight=0.5)
def test_loss_leaves_its_arguments_alone(student, rng):
    """The loss changes neither the logits nor the labels."""
    logits, classes = batch(rng, 5, 3)
    placed, labels = student.place(logits), student.place(one_hot_of(classes, 3))
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(placed, labels)
    nats = nats_of(logits, classes)
    carried = loss_carried(nats, 3)
    check(loss, "the loss").number().close(nats.mean(), atol=LOSS_ATOL, carried=carried)
    check(student.read(placed), "the logits after forward").close(
        logits,
        atol=ATOL,
        hints={
            "the maximum was subtracted from the logits themselves: make a new array": logits
            - logits.max(axis=1)[:, None],
        },
    )
    check(student.read(labels), "the labels after forward").close(one_hot_of(classes, 3), atol=ATOL)
    # The student's process may report anything; a further call shows the change.
    again = student.mytorch.nn.SoftmaxCrossEntropy().forward(placed, labels)
    check(again, "the loss of the same logits and labels").number().close(
        nats.mean(), atol=LOSS_ATOL, carried=carried
    )


def gradient_carried(student, logits, y):
    """What is right where a fault has cost points: that fault -> the gradient.

    Where forward is wrong in another way, its own derivative is right; it sums up to 0 in a row.
    """

    def own():
        forward = student.mytorch.nn.SoftmaxCrossEntropy().forward
        found = own_derivative(lambda moved: forward(moved, y), logits, 1.0)
        return None if found is None or np.abs(found.sum(axis=1)).max() > 1e-6 else found

    N, C = logits.shape
    one_hot = y if y.ndim == 2 else one_hot_of(y, C)
    right = (softmax_of(logits) - one_hot) / N
    return {
        "not divided by the batch size": right * N,
        "summed over the samples": right * N,
        "divided by the batch size twice": right / N,
        "divided by N·C: the mean is over": right / C,
        "y - ŷ instead of ŷ - y": -right,
        "the sign is wrong: cross-entropy": -right,
        "softmax over the samples (axis 0)": (softmax_of(logits.T).T - one_hot) / N,
        "p6-loss-forward": own,
    }


# Another item checks what forward returns or raises, so the checks of backward call it through
# student.raises.


@pytest.mark.item("p6-loss-backward")
def test_gradient_of_other_shapes(student, rng):
    """The gradient is right for one sample, for two classes, and where N = C."""
    for N, C in [(1, 5), (4, 2), (5, 5), (64, 10)]:
        logits, classes = batch(rng, N, C)
        loss = student.mytorch.nn.SoftmaxCrossEntropy()
        right = (softmax_of(logits) - one_hot_of(classes, C)) / N
        for name, y in {"indices": classes, "one-hot": one_hot_of(classes, C, np.int64)}.items():
            student.raises(loss.forward, logits, y)
            what = f"dL/dlogits of {N} samples, {C} classes, labels as {name},"
            check(loss.backward(), what).close(
                right, atol=ATOL, carried=gradient_carried(student, logits, y)
            )


@pytest.mark.item("p6-loss-backward", weight=0.5)
def test_gradient_of_large_logits(student, rng):
    """The gradient does not overflow where logits are large."""
    logits, classes = batch(rng, 6, 4)
    logits[:3] += 1000
    loss = student.mytorch.nn.SoftmaxCrossEntropy()
    student.raises(loss.forward, logits, classes)
    right = (softmax_of(logits) - one_hot_of(classes, 4)) / 6
    got = loss.backward()

    def but_for(rows):
        return np.where(rows, got, right) if np.shape(got) == right.shape else None

    # Where forward has been charged for some of these rows, the others are right.
    large = np.arange(6)[:, None] < 3
    check(got, "dL/dlogits of logits around 1000").close(
        right,
        atol=ATOL,
        carried=gradient_carried(student, logits, classes)
        | {
            "e^1000 overflows": lambda: but_for(large),
            "subtract each sample's own maximum": lambda: but_for(~large),
        },
    )


@pytest.mark.item("p6-loss-backward", weight=0.5)
def test_gradient_twice(student, rng):
    """The gradient is the same when backward is called again; the labels are left alone."""
    logits, classes = batch(rng, 6, 4)
    y = one_hot_of(classes, 4)
    labels = student.place(y)
    loss = student.mytorch.nn.SoftmaxCrossEntropy()
    student.raises(loss.forward, logits, labels)
    probabilities = softmax_of(logits)
    loss.backward()
    check(loss.backward(), "dL/dlogits of a second backward").close(
        (probabilities - y) / 6,
        atol=ATOL,
        hints={
            "the labels were subtracted twice: make a new array": (probabilities - 2 * y) / 6,
            "the first gradient was overwritten: make a new array": ((probabilities - y) / 6 - y)
            / 6,
        },
        carried=gradient_carried(student, logits, y),
    )
    check(student.read(labels), "the labels after backward").close(y, atol=ATOL)


@pytest.mark.item("p6-loss-backward", weight=0.5)
def test_gradient_uses_the_last_forward_of_its_own(student, rng):
    """SoftmaxCrossEntropy.backward belongs to the last forward of the same object."""
    logits, classes = rng.normal(size=(3, 5, 4)), rng.integers(0, 4, size=(3, 5))
    loss, other = (student.mytorch.nn.SoftmaxCrossEntropy() for _ in range(2))
    student.raises(loss.forward, logits[0], classes[0])
    student.raises(loss.forward, logits[1], classes[1])
    student.raises(other.forward, logits[2], classes[2])
    gradient = [
        (softmax_of(z) - one_hot_of(y, 4)) / 5 for z, y in zip(logits, classes, strict=True)
    ]
    check(loss.backward(), "dL/dlogits").close(
        gradient[1],
        atol=ATOL,
        hints={
            "the first forward was used": gradient[0],
            "another object's forward was used": gradient[2],
        },
        carried=gradient_carried(student, logits[1], classes[1]),
    )
