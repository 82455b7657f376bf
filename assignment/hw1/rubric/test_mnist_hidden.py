"""Hidden checks of the notebook that trains mytorch on MNIST: other sizes, odd batches."""

from itertools import pairwise

import numpy as np
import pytest

from autograder.rubric import check

ATOL = 1e-4


def parameters(model, sizes):
    """The parameters of a model of these sizes, by value: W (out, in) and b (out,) of each layer.

    Shapes are asked elsewhere; W may be turned, and b may have another axis.
    """
    found = check(model.get_parameters(), "model.get_parameters()").sequence(2 * len(sizes) - 2)
    for k, (fan_in, fan_out) in enumerate(pairwise(sizes)):
        W, b = found[2 * k], found[2 * k + 1]
        found[2 * k] = W.T if np.shape(W) == (fan_in, fan_out) else W
        found[2 * k + 1] = np.reshape(b, fan_out)
    return found


def descended(parameters, X, labels, rate):
    """The parameters after one step of gradient descent on all samples, and the loss before it."""
    inputs = [X]
    for k in range(0, len(parameters), 2):
        Z = inputs[-1] @ parameters[k].T + parameters[k + 1]
        inputs.append(Z if k == len(parameters) - 2 else np.maximum(Z, 0))
    logits = inputs[-1] - inputs[-1].max(axis=1, keepdims=True)
    y = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error = (y - np.eye(y.shape[1])[labels]) / len(X)
    after = [*parameters]
    for k in range(len(parameters) - 2, -1, -2):
        after[k] = parameters[k] - rate * error.T @ inputs[k // 2]
        after[k + 1] = parameters[k + 1] - rate * error.sum(axis=0)
        error = error @ parameters[k] * (inputs[k // 2] > 0)
    return after, -np.mean(np.log(y[np.arange(len(X)), labels]))


@pytest.mark.item("p6-training", weight=0.25)
def test_two_epochs_of_one_batch(student, rng):
    """Training with all samples in one batch is gradient descent."""
    model = student.problem_6.build_model((10, 8, 5))
    X, labels, rate = rng.normal(size=(14, 10)), rng.integers(0, 5, size=14), 0.2
    right, losses = parameters(model, (10, 8, 5)), []
    for _ in range(2):
        right, loss = descended(right, X, labels, rate)
        losses.append(loss)
    got = student.problem_6.train(model, X, labels, 2, rate, 50, 7)
    for position, after in enumerate(parameters(model, (10, 8, 5))):
        check(after, f"parameter {position} after two epochs of one batch").close(
            right[position], atol=ATOL * rate
        )
    for epoch, loss in enumerate(check(got, "what train returns for 2 epochs").sequence(2)):
        check(loss, f"the loss of epoch {epoch + 1}").close(
            losses[epoch],
            rtol=1e-4,
            squeeze=True,
            hints={"the sum over the samples: the mean is wanted": 14 * losses[epoch]},
        )


@pytest.mark.item("p6-training", weight=0.25)
def test_other_sizes(student, rng):
    """Networks of other depths are built as their sizes say."""
    for sizes in ((6, 3), (5, 7, 2), (4, 9, 8, 7, 3)):
        model = student.problem_6.build_model(sizes)
        arrays = parameters(model, sizes)
        X = rng.normal(size=(11, sizes[0]))
        Z = X
        for k in range(0, len(arrays), 2):
            Z = np.maximum(Z, 0) if k else Z
            Z = Z @ arrays[k].T + arrays[k + 1]
        check(model.forward(X), f"the output of build_model({sizes})").close(
            Z,
            atol=ATOL,
            hints={"the last layer is followed by a ReLU": np.maximum(Z, 0)},
        )


@pytest.mark.item("p6-training", weight=0.25, counts_with="test_train_follows_the_gradient")
def test_samples_are_left_alone(student, rng):
    """Images and labels are in the same order after training as before."""
    # Nearly all labels are alike: how they go with the images is asked elsewhere.
    labels = np.concatenate([np.zeros(25, dtype=np.int64), rng.integers(1, 3, size=5)])
    W, b, X = rng.normal(size=(3, 5)), rng.normal(size=3), rng.normal(size=(30, 5))
    samples, classes = student.place(X), student.place(labels)
    model = student.support.records.Classifier(W, b)
    student.hold(student.problem_6.train, model, samples, classes, 1, 0.1, 30, 1)
    check(student.read(samples), "X after training").close(X)
    check(student.read(classes).tolist(), "the labels after training").equals(labels.tolist())
    # What that process says of its arrays is one thing, what it computes from them another.
    right = (X @ W.T + b).argmax(axis=1)
    reader = student.support.records.Classifier(W, b)
    answer = np.asarray(student.problem_6.predict(reader, samples), dtype=float)
    smallest = (X @ W.T + b).argmin(axis=1)
    if not np.array_equal(answer, smallest):  # which is asked elsewhere, as is the unit below
        check(answer, "predict(model, X) after training").close(right * 1.0)
    share = np.mean(right == labels)
    got = student.problem_6.accuracy(student.place(right), classes)
    check(got, "accuracy of predictions for the labels after training").close(
        min((100 * share, share, 30 * share, 100 - 100 * share), key=lambda value: abs(value - got))
    )
