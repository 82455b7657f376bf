"""Public checks of the notebook that trains mytorch on MNIST: its results, figures and claims."""

import re

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError, check
from autograder.rubric.audit_claims import audit, fitting_claims
from autograder.rubric.pictures import index_of


def numbers(value, what, length):
    """Require a list or array of so many numbers and return them as an array."""
    found = check(value, what).numbers(length)
    found.close(np.zeros(length), atol=np.inf)
    return found.got.astype(float)


def is_right_elsewhere(student, rng, limit):
    """Whether the gradient check comes out below a limit for other weights and other images.

    Where an image makes a whole layer 0, the next one is at the kink of ReLU, and a difference
    is no derivative. That is one draw in a hundred with 8 units in each layer, in several hundred
    with 12; with a library that is wrong, hardly any draw is right.
    """
    for _ in range(3):
        model = student.problem_6.build_model((20, 12, 12, 10))
        x, y = rng.uniform(size=(5, 20)), rng.integers(10, size=5)
        error = student.mytorch.utils.gradient_check(model, x, y)
        if is_between(error, limit):
            return True
    return False


def was_right_at_home(student, limit):
    """Whether the error that the student's own run has stated is below a limit.

    A run for grading draws other images, so it may be unlucky where theirs was not.
    """
    try:
        error = student.claims("p6")["numbers"].get("gradient_error")
    except StudentError:
        return False
    return is_between(error, limit)


def is_between(error, limit):
    """Whether an error is a number above 0 and below a limit; NumPy's numbers are numbers."""
    is_number = isinstance(error, int | float | np.floating) or (
        isinstance(error, np.ndarray) and error.shape == () and error.dtype.kind == "f"
    )
    return is_number and bool(0 < error < limit)


@pytest.mark.item("p6-training", weight=0.5)
def test_gradient_error(student, rng):
    """The gradient check comes first, and its error is below 1e-5."""
    error = check(student.problem_6.gradient_error, "gradient_error").number().value()
    check(error, "gradient_error").above(0, hint="not even rounding errors: was anything compared?")
    parameters = student.problem_6.build_model((4, 3)).get_parameters()
    # float32 is accepted, but rounds so much that differences say little; test_training says more.
    single = getattr(parameters[0], "dtype", None) == np.float32
    limit = 1.0 if single else 1e-5
    hint = "a gradient of your library is wrong; mend it before you train"
    if error > limit and is_right_elsewhere(student, rng, limit):
        if was_right_at_home(student, limit):
            return
        hint = (
            "your library is right with other weights: let gradient_check take its default step, "
            "and try another SEED"
        )
    check(error, "gradient_error").below(limit, hint=hint)
    # The number is the notebook's own; what it says is found again, with some room for kinks.
    found = is_right_elsewhere(student, rng, 100 * limit)
    check(found, "that gradient_check finds right gradients, too, for other weights").is_true(
        hint="gradient_error is small, but a gradient of your library is wrong"
    )


@pytest.mark.item("p6-training", weight=0.25, counts_with="test_train_follows_the_gradient")
def test_loss_curve(student):
    """A figure shows the loss of each of the three epochs, with labelled axes."""
    losses = numbers(student.problem_6.epoch_losses, "epoch_losses", 3)
    axes, x = curve_of(student.figures("problem_6"), losses)
    check(x, "the x values of the loss curve").close(
        np.arange(1.0, 4.0),
        hints={"epochs are counted from 1 here, not from 0": np.arange(3.0)},
    )
    axes.labelled(x="epoch", y="loss")


def curve_of(figures, losses):
    """The axes that show these losses, and the line's x values."""
    lengths = []
    for axes in figures.axes():
        for line in axes.any_lines(0):
            if line.y.shape == losses.shape and np.allclose(line.y, losses, rtol=1e-4):
                axes.what = "the loss curve"
                return axes, line.x
            lengths.append(str(len(line.y)))
    problem = f"is missing: no figure has a line through the {len(losses)} numbers of epoch_losses"
    if lengths:
        problem += f"; the lines that there are have so many points: {', '.join(lengths)}"
    return figures.missing("the loss curve", ["loss"], problem)


@pytest.mark.item("p6-training", weight=0.5)
def test_ten_digits(student):
    """A figure shows ten random test images with the prediction and the true label."""
    problem = student.problem_6
    predictions, labels = student.array(problem.predictions), student.array(problem.test_labels)
    test_images = student.array(problem.test_images)
    figures = student.figures("problem_6")
    panels = figures.grid(10, "the figure of ten test images", ["predicted"])
    indices = []
    for place, axes in enumerate(panels, 1):
        index = index_of(axes.image(), test_images)
        if index < 0:
            raise CheckFailed(f"image {place} of ten", "is none of the test images")
        text = " ".join([axes.data["title"], axes.data["xlabel"], *axes.data["texts"]]).strip()
        right = [int(predictions[index]), int(labels[index])]
        hints = {
            "prediction or true label is missing": right[:1],
            "prediction and true label are missing": [],
        }
        if right[0] != right[1]:
            hints["the prediction comes first, the true label second"] = right[::-1]
        check(
            [int(digits) for digits in re.findall(r"\d+", text)],
            f"the list of numbers in the title {text!r} of image {place}",
        ).equals(right, hints=hints)
        indices.append(index)
    check(len(set(indices)), "the number of different images among the ten").equals(10)
    if sorted(indices) == list(range(10)):
        raise CheckFailed("the ten test images", "are the first ten, expected ten drawn at random")


@pytest.mark.item("p6-training", weight=0.5, counts_with="test_train_follows_the_gradient")
def test_claimed_accuracy(student, data, measured):
    """The saved weights reach the test accuracy that is claimed for them."""
    claims, reached = measure(student, data)
    # Whether accuracy counts in per cent is asked in test_predict_and_accuracy.
    claimed = check(claims["numbers"].get("test_accuracy"), "the claimed test_accuracy")
    claimed = claimed.number(per_cent=True).value()
    measured("Problem 6: test accuracy (%)", reached)
    # A prediction or two may tip where weights are saved in fewer digits.
    if abs(claimed - reached) > 0.25:
        raise CheckFailed(
            "the claimed test accuracy",
            f"is {claimed:.2f} %, but the saved weights reach {reached:.2f} %",
            "run the whole notebook once more, so that weights and numbers are of the same run",
        )


@pytest.mark.item("p6-training", weight=0.25, counts_with="test_train_follows_the_gradient")
def test_accuracy(student, data):
    """Three epochs of training have brought the saved weights above 90 %."""
    claims, reached = measure(student, data)
    losses = numbers(claims["numbers"].get("epoch_losses"), "the claimed epoch_losses", 3)
    check(losses[2] - losses[0], "the claimed loss of epoch 3, less that of epoch 1,").below(0)
    # On MNIST six seeds reached 96.3 % to 97.0 %. The digits of the stand-in are fewer, 1,137
    # steps in place of 2,814, and a run may end on a bad step: of 40 seeds 33 reached 90 % to 98 %,
    # the others less, down to 79 %, and one 43 %. Who guesses has 10 %.
    threshold = 20 if claims["data"]["kind"] == "stand-in" else 90
    check(reached, "the test accuracy (per cent) of the saved weights").above(threshold)


def measure(student, data):
    """The claims, and the accuracy of their weights in per cent."""
    claims, mnist = fitting_claims(student, data, "p6", "mnist")
    return claims, audit(
        claims["weights"],
        mnist.test_images,
        mnist.test_labels,
        lambda images: images.reshape(-1, 28 * 28) / 255,
    ).accuracy
