"""Hidden checks of SoftmaxCrossEntropy: extremes, small batches, repeated calls."""

import numpy as np
import pytest

from autograder.rubric import check

# Values are of order one; 1e-5 also accepts a library that keeps float32 inside.
ATOL = 1e-5


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
    """Random logits (N, C) and classes (N,)."""
    # Multiples of 1/1024 are exact in float32, too, also around 5000.
    return rng.integers(-4096, 4096, size=(N, C)) / 1024, rng.integers(0, C, size=N)


@pytest.mark.item("p6-loss-forward")
def test_loss_of_other_shapes(student, rng):
    """The loss is right for one sample, for two classes, and where N = C."""
    for N, C in [(1, 5), (4, 2), (5, 5), (64, 10)]:
        logits, classes = batch(rng, N, C)
        right = nats_of(logits, classes).mean()
        loss = student.mytorch.nn.SoftmaxCrossEntropy()
        got = check(loss.forward(logits, classes), f"the loss of {N} samples, {C} classes")
        got.number().close(right, atol=ATOL)
        one_hot = one_hot_of(classes, C, dtype=np.int64)
        what = f"the loss of {N} samples, {C} classes, integer one-hot labels"
        check(loss.forward(logits, one_hot), what).number().close(right, atol=ATOL)


@pytest.mark.item("p6-loss-forward")
def test_loss_of_samples_far_apart(student, rng):
    """Every sample has a maximum of its own: forward is right where they differ by thousands."""
    logits, classes = batch(rng, 5, 4)
    logits += np.array([[-3000.0], [0.0], [1000.0], [-1000.0], [5000.0]])
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, classes)
    check(loss, "the loss of samples whose logits differ by thousands").number().close(
        nats_of(logits, classes).mean(),
        atol=ATOL,
        hints={
            "a log 0 or an overflow: subtract each sample's own maximum": np.inf,
            "0 / 0: subtract each sample's own maximum, not that of the batch": np.nan,
        },
    )


@pytest.mark.item("p6-loss-forward")
def test_loss_of_a_wide_range(student, rng):
    """The loss is right where the logits of a sample differ by hundreds."""
    logits = rng.uniform(-900, 900, size=(20, 6))
    classes = rng.integers(0, 6, size=20)
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(logits, classes)
    check(loss, "the loss of logits between -900 and 900").number().close(
        nats_of(logits, classes).mean(), atol=ATOL
    )


@pytest.mark.item("p6-loss-forward")
def test_loss_leaves_its_arguments_alone(student, rng):
    """The loss changes neither the logits nor the labels."""
    logits, classes = batch(rng, 5, 3)
    placed, labels = student.place(logits), student.place(one_hot_of(classes, 3))
    loss = student.mytorch.nn.SoftmaxCrossEntropy().forward(placed, labels)
    check(loss, "the loss").number().close(nats_of(logits, classes).mean(), atol=ATOL)
    check(student.read(placed), "the logits after forward").close(
        logits,
        atol=ATOL,
        hints={
            "the maximum was subtracted from the logits themselves: make a new array": logits
            - logits.max(axis=1)[:, None],
        },
    )
    check(student.read(labels), "the labels after forward").close(one_hot_of(classes, 3), atol=ATOL)
    # What became of them is told by the student's side; what is made of them next is not.
    again = student.mytorch.nn.SoftmaxCrossEntropy().forward(placed, labels)
    check(again, "the loss of the same logits and labels").number().close(
        nats_of(logits, classes).mean(), atol=ATOL
    )


# In the checks of backward, what forward returns or raises is another item's affair: it is
# called through student.raises.


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
            check(loss.backward(), what).close(right, atol=ATOL)


@pytest.mark.item("p6-loss-backward")
def test_gradient_of_large_logits(student, rng):
    """The gradient does not overflow where logits are large."""
    logits, classes = batch(rng, 6, 4)
    logits[:3] += 1000
    loss = student.mytorch.nn.SoftmaxCrossEntropy()
    student.raises(loss.forward, logits, classes)
    right = (softmax_of(logits) - one_hot_of(classes, 4)) / 6
    check(loss.backward(), "dL/dlogits of logits around 1000").close(right, atol=ATOL)


@pytest.mark.item("p6-loss-backward")
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
    )
    check(student.read(labels), "the labels after backward").close(y, atol=ATOL)


@pytest.mark.item("p6-loss-backward")
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
    )
