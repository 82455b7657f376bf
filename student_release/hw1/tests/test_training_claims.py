"""Public checks of Problem 5: what the full runs stated, held against weights and data."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.audit_claims import audit, claimed_dataset

EPOCHS = 10
METHODS = ("zero", "small_random", "xavier", "he")
# Test accuracy in per cent, from which on a network counts as trained; who guesses has about 10.
# Full runs from several seeds reached 94.5 to 98.2 on MNIST. On the digits that stand in for it
# most had more than 90, but at this learning rate a run may end on a bad step, once at 66.
LEARNED = {"real": 80.0, "stand-in": 40.0}
# Weights are handed in as float16: a few of 10,000 images may be told otherwise by them.
ROUNDING = 0.3


def stated_losses(claims, file):
    """The losses that were stated: {method: array of one number for each epoch}."""
    losses = {}
    for method in METHODS:
        value = claims["numbers"]["losses"][method]
        check(len(value), f'the number of losses of "{method}" in {file}').equals(
            EPOCHS,
            hints={
                "the run that is handed in has EPOCHS = 10": 1,
                "the run that is handed in has EPOCHS = 10, not 2": 2,
            },
        )
        losses[method] = np.array(value, dtype=float)
    return losses


def check_stuck(losses, accuracy, labels, what):
    """Require a network that guesses: all images are told to be of one class."""
    check(float(losses.min()), f"the smallest loss of {what}").above(
        2.2, hint="it learns something: are the weights those of this method?"
    )
    shares = 100 * np.bincount(labels, minlength=10) / len(labels)
    nearest = float(shares[np.abs(shares - accuracy).argmin()])
    check(accuracy, f"the test accuracy of {what}").close(
        nearest,
        rtol=0,
        atol=0.02,
        hints={"this is a fraction, not per cent": nearest / 100},
    )


def check_learned(losses, accuracy, kind, what):
    """Require a network that has learned to read digits."""
    check(float(losses[-1]), f"the last loss of {what}").below(float(losses[0]))
    hint = "this is a fraction, not per cent" if accuracy <= 1 else ""
    check(accuracy, f"the test accuracy of {what}").above(LEARNED[kind], hint=hint)
    check(accuracy, f"the test accuracy of {what}").below(99.9)


def check_claims(claims, name, activation, audited, data, per_cent=True):
    """Hold what was stated of four trainings against the data and against the weights."""
    file = f"claims/{name}.json"
    mnist = claimed_dataset(data, claims, "mnist")
    losses = stated_losses(claims, file)
    accuracies = {method: float(claims["numbers"]["accuracy"][method]) for method in METHODS}
    if not per_cent and max(accuracies.values()) <= 1:
        accuracies = {method: 100 * value for method, value in accuracies.items()}
    reached = audit(
        claims["weights"],
        mnist.test_images,
        mnist.test_labels,
        lambda images: images.reshape(len(images), -1).astype(np.float32) / 255,
        activation,
    ).accuracy
    check(accuracies[audited], f"the test accuracy of {audited} in {file}").close(
        reached,
        rtol=0,
        atol=ROUNDING,
        hints={
            "this is a fraction, not per cent": reached / 100,
            "these weights do not reach it": accuracies[audited],
        },
    )
    for method in METHODS:
        what = f"{method} in {file}"
        if method in ("zero", "small_random"):
            check_stuck(losses[method], accuracies[method], mnist.test_labels, what)
        else:
            check_learned(losses[method], accuracies[method], claims["data"]["kind"], what)


@pytest.mark.item("p5-dynamics", weight=3)
def test_tanh_claims(student, data):
    """What the full tanh runs stated is what the weights handed in and the data say."""
    claims = student.claims("p5_tanh")
    check_claims(claims, "p5_tanh", "tanh", "xavier", data)


@pytest.mark.item("p5-relu", weight=2)
def test_relu_claims(student, data):
    """What the full ReLU runs stated is what the weights handed in and the data say."""
    claims = student.claims("p5_relu")
    # Whether accuracies are in per cent is asked in p5-dynamics.
    check_claims(claims, "p5_relu", "ReLU", "he", data, per_cent=False)
