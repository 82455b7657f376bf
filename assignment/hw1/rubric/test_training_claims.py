"""Public checks of Problem 5: what the full runs stated, compared with weights and data."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError, check
from autograder.rubric.audit_claims import audit, fitting_claims, softmax
from autograder.rubric.differences import derivative

EPOCHS = 10
SETTINGS = {"batch_size": 128, "learning_rate": 0.1}
METHODS = ("zero", "small_random", "xavier", "he")
# Test accuracy in per cent, from which on a network counts as trained; who guesses has about 10.
# Full runs from several seeds reached 94.5 to 98.2 on MNIST. On the digits that replace it
# most had more than 90, but at this learning rate a run may end on a bad step, once at 66.
LEARNED = {"real": 80.0, "stand-in": 40.0}
# Weights are handed in as float16: they may classify a few of 10,000 images differently.
ROUNDING = 0.3
# Networks of the same draws, of which He's have 1.4 times the size, are further apart than this.
APART = 0.25
# How many test images each network classifies: fewer if all must get the same class.
IMAGES = {"learned": 5000, "stuck": 500}


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


def check_settings(claims, file, charged=None):
    """Require the batch size and the learning rate that the handout asks for.

    Args:
        claims: what was stated.
        file: its name.
        charged: what was stated in other claims, which another item judges.
    """
    numbers = claims["numbers"]
    for key, right in SETTINGS.items():
        if charged is not None and numbers.get(key) == charged.get(key):
            continue
        if key not in numbers:
            hint = "leave state_numbers as it is given, run the notebook anew, hand in claims/"
            raise CheckFailed(f"{key} in {file}", "is missing", hint)
        hint = f"set {key.upper()} back to {right} and run the notebook once more"
        check(numbers[key], f"the stated {key} in {file}").equals(right, hint=hint)


def numbers_of_other(student, data, name):
    """The numbers of other claims; None where there are none to compare with."""
    try:
        return fitting_claims(student, data, name, "mnist")[0]["numbers"]
    except (CheckFailed, StudentError):
        return None


def weights_of(claims, method, file):
    """The weights of the network that began with a method."""
    begin = f"{method}."
    weights = {
        key.removeprefix(begin): array
        for key, array in claims["weights"].items()
        if key.startswith(begin)
    }
    if not weights:
        hint = "run the cell with state_numbers as it is: it saves all four networks"
        raise CheckFailed(
            f"the weights of {method} in {file.replace('json', 'npz')}", "are missing", hint
        )
    return weights


def check_apart(claims, methods, file):
    """Require networks of two methods that are two: a copy of one is no training of the other."""
    first, second = (
        np.concatenate([W.ravel().astype(float) for W in arrays if np.ndim(W) == 2] or [[]])
        for arrays in (weights_of(claims, method, file).values() for method in methods)
    )
    what = f"the weights of {methods[1]} in {file.replace('json', 'npz')}"
    if first.shape == second.shape:
        distance = np.linalg.norm(second - first)
        if not distance > APART * np.linalg.norm(second):
            hint = "build and train a network for each method, and save all four"
            raise CheckFailed(what, f"are those of {methods[0]}, or nearly so", hint)


def predictions_of(weights, mnist, activation, rng, count):
    """The predictions of a network for some test images, and their share of all."""
    chosen = rng.permutation(len(mnist.test_images))[:count]
    audited = audit(
        weights,
        mnist.test_images[chosen],
        mnist.test_labels[chosen],
        lambda images: images.reshape(len(images), -1).astype(np.float32) / 255,
        activation,
    )
    return audited, len(chosen) / len(mnist.test_images)


def check_stuck(losses, accuracy, audited, labels, what):
    """Require a network that guesses: it assigns all images to one class."""
    check(float(losses.min()), f"the smallest loss of {what}").above(
        2.2, hint="it learns something: are the weights those of this method?"
    )
    predicted = np.unique(audited.predictions)
    check(len(predicted), f"the number of classes that {what} predicts").equals(1)
    share = np.count_nonzero(labels == predicted[0]) * 100 / len(labels)
    check(accuracy, f"the test accuracy of {what}").close(
        share,
        rtol=0,
        atol=0.02,
    )


def check_learned(losses, accuracy, audited, share, kind, what):
    """Require a network that has learned to read digits, as well as was stated."""
    reached = audited.accuracy
    # Measured on a sample of the test images; the margin is five standard errors of that sample.
    spread = np.sqrt(max(reached * (100 - reached), 100) / len(audited.labels) * (1 - share))
    check(accuracy, f"the test accuracy of {what}").close(
        reached,
        rtol=0,
        atol=ROUNDING + 5 * spread,
        hint="these weights do not reach it",
    )
    check(float(losses[-1]), f"the last loss of {what}").below(float(losses[0]))
    check(reached, f"the test accuracy of the saved weights of {what}").above(LEARNED[kind])


def loss_of(logits):
    """The cross-entropy of each sample, all of class 1."""
    return np.logaddexp.reduce(logits, axis=1) - logits[:, 1]


# The loss, and that of probabilities taken for logits, which has cost points elsewhere.
LOSSES = (loss_of, lambda logits: loss_of(softmax(logits)))


def check_that_train_trains(student, rng, file):
    """Require that this notebook's train moves a network along its gradient, up or down.

    How far, and by what rule, is asked elsewhere.
    """
    networks, device = student.support.networks, student.problem_5.DEVICE
    W, b, x = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=(10, 5))
    network = networks.network_of([(W, b)], "tanh", device)
    images, labels = networks.floats(x, device), networks.classes(np.full(10, 1), device)
    student.hold(student.problem_5.train, network, images, labels, 3, 10, 0.01)
    ((after, _),) = networks.layers_of(network)
    gradients = [derivative(lambda V, each=each: np.sum(each(x @ V + b)), W) for each in LOSSES]
    moved = after - W
    hint = f"the weights in {file} are of another run: run this notebook anew, and hand in both"
    # float32 rounds a weight of 1 by 1e-7, and three steps move it by about 1e-2.
    check(np.linalg.norm(moved), "how far train moves a network").above(1e-5, hint=hint)
    lengths = [np.linalg.norm(moved) * np.linalg.norm(gradient) for gradient in gradients]
    along = max(
        abs(np.sum(moved * gradient)) / length
        for gradient, length in zip(gradients, lengths, strict=True)
    )
    what = "the cosine of what train moves a network by and its gradient"
    check(along, what).above(0.5, hint=hint)


def check_claims(student, data, rng, name, activation, charged=None):
    """Hold what was stated of four trainings against the data and against the weights."""
    file = f"claims/{name}.json"
    claims, mnist = fitting_claims(student, data, name, "mnist")
    check_settings(claims, file, charged)
    losses = stated_losses(claims, file)
    # Whether measure_accuracy counts in per cent is asked in test_unit_of_accuracy.
    stated = [claims["numbers"]["accuracy"][method] for method in METHODS]
    read = check(stated, f"the test accuracies in {file}").numbers(4, per_cent=True)
    accuracies = dict(zip(METHODS, read.got.tolist(), strict=True))
    for method in METHODS:
        what, weights = f"{method} in {file}", weights_of(claims, method, file)
        stated = losses[method], accuracies[method]
        if method in ("zero", "small_random"):
            audited, _ = predictions_of(weights, mnist, activation, rng, IMAGES["stuck"])
            check_stuck(*stated, audited, mnist.test_labels, what)
        else:
            audited, share = predictions_of(weights, mnist, activation, rng, IMAGES["learned"])
            check_learned(*stated, audited, share, claims["data"]["kind"], what)
    for methods in (("zero", "small_random"), ("xavier", "he")):
        check_apart(claims, methods, file)
    check_that_train_trains(student, rng, file.replace("json", "npz"))


@pytest.mark.item("p5-dynamics", weight=3, counts_with="test_train_follows_the_gradient")
def test_tanh_claims(student, data, rng):
    """What the full tanh runs stated is what the weights handed in and the data say."""
    check_claims(student, data, rng, "p5_tanh", "tanh")


@pytest.mark.item("p5-relu", weight=2, counts_with="test_relu_results")
def test_relu_claims(student, data, rng):
    """What the full ReLU runs stated is what the weights handed in and the data say."""
    # Settings of both runs are asked in p5-dynamics.
    tanh = numbers_of_other(student, data, "p5_tanh")
    check_claims(student, data, rng, "p5_relu", "ReLU", charged=tanh)
