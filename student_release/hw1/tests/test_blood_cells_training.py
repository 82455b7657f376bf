"""Public checks of Problem 4: training, on a small linear model that keeps a diary.

The diary (support/blood_cells.py) stands in for your model, so that a mistake in the model costs
nothing here.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import softmax
from autograder.rubric.rerun import left_by_run

KEYS = ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy")
FEATURES = 6
# Adam in float32: ten digits of each step's size would be too many, four are there.
RTOL, ATOL = 1e-3, 1e-4


class Case:
    """Random training and validation images, and a linear model to begin with."""

    def __init__(self, rng, train=24, validation=16):
        self.W, self.b = rng.normal(size=(8, FEATURES)), rng.normal(size=8)
        self.train = self._images(rng, train, 0)
        self.validation = self._images(rng, validation, 1000)

    def _images(self, rng, count, first):
        """Images whose first number is their own, and labels that no linear model gets right."""
        numbers = np.arange(first, first + count)[:, None]
        return np.hstack([numbers, rng.normal(size=(count, FEATURES))]), rng.integers(0, 8, count)

    def let_some_be_right(self):
        """Let the model have some answers right to begin with: 0 is 0 also as a fraction."""
        for images, labels in (self.train, self.validation):
            labels[:6] = (images[:6, 1:] @ self.W.T + self.b).argmax(axis=1)

    def run(self, student, epochs, batch_size, learning_rate, rolls=False):
        """Train with the student's train, and tell what happened."""
        told = student.support.blood_cells.train_diary(
            student.problem_4.train, (self.W, self.b), self.train, self.validation,
            student.problem_4.DEVICE, epochs, batch_size, learning_rate, rolls=rolls,
        )  # fmt: skip
        check_history(told["history"], "the history that train returns", epochs)
        return told

    def check_replayed(self, told, learning_rate, rolls=False):
        """Require the weights to which steps on the batches of a diary lead.

        The diary is kept where train runs. That it is true is seen from the weights. By what rule
        the steps are made is asked in test_adam.
        """
        images = {
            round(image[0]): (image[1:], label)
            for part in (self.train, self.validation)
            for image, label in zip(*part, strict=True)
        }
        batches = [
            [images[number] for number in numbers if number in images]
            for numbers in told["learned"]
        ]
        if not batches or not all(batches):
            raise CheckFailed("train", "never learns from the images that it is given")
        rules = (adam, without_zero_grad, plain_sgd)
        epochs, modes = len(told["history"]["train_loss"]), told["modes"]
        ends = []
        for rate in (learning_rate, 1e-3):
            for rule in rules:
                sizes = [len(batches) * epoch // epochs for epoch in range(1, epochs + 1)]
                each = [
                    self._end(batches[:size], modes[:size], rate, rule, rolls) for size in sizes
                ]
                ends += [each[-1][:, :-1], *self.best_of(each)]
        got = np.asarray(told["W"], dtype=float)
        check(got, "the weights after the batches that the model was shown").close(
            min(ends, key=lambda end: np.abs(got - end).max()), rtol=RTOL, atol=ATOL
        )

    def _end(self, batches, modes, learning_rate, rule, rolls):
        """W after a step on each of these batches."""
        values = np.hstack([self.W, self.b[:, None]])
        state = [np.zeros_like(values), np.zeros_like(values), np.zeros_like(values)]
        for step, (batch, training) in enumerate(zip(batches, modes, strict=True), 1):
            pixels = np.array([image for image, _ in batch])
            pixels = np.roll(pixels, 1, axis=1) if rolls and training else pixels
            probabilities = softmax(pixels @ values[:, :-1].T + values[:, -1])
            dZ = probabilities - np.eye(8)[[label for _, label in batch]]
            gradient = dZ.T @ np.hstack([pixels, np.ones((len(batch), 1))]) / len(batch)
            values = values - learning_rate * rule(gradient, state, step)
        return values

    def best_of(self, ends):
        """W of the epochs that are best on the validation set, given [W, b] behind each.

        To restore the best epoch at the end of a training is good practice.
        """
        images, labels = self.validation
        models = [(values[:, :-1], values[:, -1]) for values in ends]
        lost = [losses(*model, images, labels)[0].mean() for model in models]
        right = [percent_right(*model, images, labels) for model in models]
        last = len(right) - 1 - int(np.argmax(right[::-1]))
        return [models[k][0] for k in (int(np.argmin(lost)), int(np.argmax(right)), last)]


def check_history(history, what, epochs):
    """Require four lists of a finite number for each epoch."""
    if not isinstance(history, dict):
        kind = type(history).__name__
        raise CheckFailed(what, f"is of type {kind}, expected a dict", "return the four lists")
    missing = [key for key in KEYS if key not in history]
    if missing:
        raise CheckFailed(what, f"lacks the keys {', '.join(map(repr, missing))}")
    for key in KEYS:
        values = np.asarray(history[key], dtype=float)
        hints = {"there is one number in all: append one in every epoch": (), "one epoch": (1,)}
        check(values.shape, f"the shape of {key} in {what}, one number an epoch,").equals(
            (epochs,), hints=hints if epochs > 1 else {}
        )
        if not np.all(np.isfinite(values)):
            raise CheckFailed(f"{key} in {what}", f"is not finite: {values.tolist()}")


def losses(W, b, images, labels):
    """The cross-entropy of each image, in nats, and its gradient with respect to the logits."""
    probabilities = softmax(images[:, 1:] @ W.T + b)
    rows = np.arange(len(labels))
    return -np.log(probabilities[rows, labels]), probabilities - np.eye(8)[labels]


def percent_right(W, b, images, labels):
    """The accuracy of the linear model, in per cent."""
    return 100 * float(np.mean((images[:, 1:] @ W.T + b).argmax(axis=1) == labels))


def trajectory(case, steps, learning_rate, rule):
    """[W, b] of the linear model after some steps on all training images, by a rule of update."""
    images, labels = case.train
    values = np.hstack([case.W, case.b[:, None]])
    state = [np.zeros_like(values), np.zeros_like(values), np.zeros_like(values)]
    for step in range(1, steps + 1):
        _, dZ = losses(values[:, :-1], values[:, -1], images, labels)
        gradient = dZ.T @ np.hstack([images[:, 1:], np.ones((len(images), 1))]) / len(images)
        values = values - learning_rate * rule(gradient, state, step)
    return values


def adam(gradient, state, step):
    """Adam's direction."""
    state[0] = 0.9 * state[0] + 0.1 * gradient
    state[1] = 0.999 * state[1] + 0.001 * gradient**2
    return state[0] / (1 - 0.9**step) / (np.sqrt(state[1] / (1 - 0.999**step)) + 1e-8)


def without_zero_grad(gradient, state, step):
    """Adam's direction where gradients of all steps are added up."""
    state[2] = state[2] + gradient
    return adam(state[2], state, step)


def plain_sgd(gradient, state, step):
    """The gradient itself."""
    return gradient


@pytest.mark.item("p4-training")
def test_train_follows_the_gradient(student, rng):
    """Training moves a model along its gradient; without that, no result of it counts."""
    case = Case(rng)
    told = case.run(student, 3, 24, 0.02)
    # How far, which way and by what rule is asked elsewhere.
    images, labels = case.train
    gradient = losses(case.W, case.b, images, labels)[1].T @ images[:, 1:]
    check(told["W"], "the weights of a trained linear model").close(case.W, atol=np.inf)
    moved = np.asarray(told["W"], dtype=float) - case.W
    hint = "the model was not trained: are backward and step called?"
    # float32 rounds a weight of 1 by 1e-7.
    check(np.linalg.norm(moved), "how far train moves a model").above(1e-5, hint=hint)
    along = abs(np.sum(moved * gradient)) / np.linalg.norm(moved) / np.linalg.norm(gradient)
    check(along, "the cosine of what train moves a model by and its gradient").above(0.4, hint=hint)


@pytest.mark.item("p4-training", weight=2)
def test_adam(student, rng):
    """The weights after a few epochs are those that Adam on the cross-entropy gives."""
    case, rate = Case(rng), float(rng.uniform(0.02, 0.05))
    W = np.asarray(case.run(student, 4, 24, rate)["W"])
    ends = [trajectory(case, steps, rate, adam) for steps in range(1, 5)]
    right = [ends[-1][:, :-1], *case.best_of(ends)]
    check(W, "the weights after 4 epochs of one batch").close(
        min(right, key=lambda end: np.abs(np.subtract(W, end)).max()),
        rtol=RTOL,
        atol=ATOL,
        hints={
            "gradients of all steps add up: zero_grad() before each backward": (
                trajectory(case, 4, rate, without_zero_grad)[:, :-1]
            ),
            "the model was not trained": case.W,
            "this is SGD; use torch.optim.Adam": trajectory(case, 4, rate, plain_sgd)[:, :-1],
            "learning_rate was not used: 1e-3 is fixed in the code": (
                trajectory(case, 4, 1e-3, adam)[:, :-1]
            ),
            "these are the weights after the third epoch: the model ends as the fourth leaves it": (
                ends[2][:, :-1]
            ),
        },
    )


@pytest.mark.item("p4-training")
def test_every_image_once_an_epoch(student, rng):
    """An epoch learns once from every training image, in batches of batch_size, in a new order."""
    case, rate = Case(rng), 0.02
    told = case.run(student, 3, 8, rate)
    sizes = [len(numbers) for numbers in told["learned"]]
    check(sizes, "the list of the sizes of the batches of 3 epochs of 24 images").equals(
        [8] * 9,
        hints={
            "batch_size was not used: all images are one batch, or a number fixed in the code": (
                [24] * 3
            ),
            "there was only one epoch": [8] * 3,
            "batches of one image: batch_size was not used": [1] * 72,
        },
    )
    batches = told["learned"]
    orders = [[*batches[k], *batches[k + 1], *batches[k + 2]] for k in (0, 3, 6)]
    for number, order in enumerate(orders, 1):
        check(sorted(order), f"the list of images that epoch {number} learned from").equals(
            list(range(24))
        )
    if orders[0] == orders[1]:
        hint = "shuffle the training set anew in every epoch"
        raise CheckFailed("the second epoch", "has the same order as the first", hint)
    case.check_replayed(told, rate)


def epoch_of(told, case):
    """The place in the history of the epoch whose weights the model has.

    It is the last one, or the one that is best on the validation set, if that was restored.
    """
    history = told["history"]
    loss = losses(told["W"], told["b"], *case.validation)[0].mean()
    accuracies = np.asarray(history["validation_accuracy"])
    places = (
        -1,
        int(np.argmin(history["validation_loss"])),
        int(np.argmax(accuracies)),
        len(accuracies) - 1 - int(np.argmax(accuracies[::-1])),
    )
    return min(places, key=lambda place: abs(history["validation_loss"][place] - loss))


@pytest.mark.item("p4-training")
def test_validation_is_only_measured(student, rng):
    """The model never learns from validation images, and is measured in evaluation mode."""
    case, rate = Case(rng), 0.02
    told = case.run(student, 2, 8, rate, rolls=True)
    taught = sorted({number for numbers in told["learned"] for number in numbers if number >= 1000})
    check(taught, "the list of validation images that were learned from").equals(
        [], hints={"validation images are for measuring: no backward() there": taught or None}
    )
    modes = [shown["training"] for shown in told["shown"] if min(shown["numbers"]) >= 1000]
    if any(modes):
        hint = "model.eval() before it, and model.train() before the next epoch"
        raise CheckFailed("validation", "is measured in training mode", hint)
    if not modes:
        raise CheckFailed("train", "never puts a validation image through the model")
    if not all(told["modes"]):
        hint = "model.train() at the beginning of every epoch, not only before the first"
        raise CheckFailed("training", "goes on in evaluation mode", hint)
    case.check_replayed(told, rate, rolls=True)
    # In training mode the pixels change places, which gives other answers.
    right = percent_right(told["W"], told["b"], *case.validation)
    behind = epoch_of(told, case)
    got = float(told["history"]["validation_accuracy"][behind])
    units = (right, right / 100, right * 16 / 100)  # which of them is asked below
    check(got, "validation_accuracy of a model that answers otherwise in training mode").close(
        min(units, key=lambda value: abs(value - got)), rtol=RTOL
    )


@pytest.mark.item("p4-training")
def test_validation_numbers(student, rng):
    """Loss and accuracy of validation are those of the model behind the epoch."""
    case = Case(rng, train=27)  # no share of 27 is one of 16
    case.let_some_be_right()
    told = case.run(student, 2, 8, 0.05)
    history, (images, labels) = told["history"], case.validation
    each, _ = losses(told["W"], told["b"], images, labels)
    before, _ = losses(case.W, case.b, images, labels)
    training, _ = losses(told["W"], told["b"], *case.train)
    probabilities = softmax(images[:, 1:] @ told["W"].T + told["b"])
    twice = -np.log(softmax(probabilities)[np.arange(16), labels]).mean()
    behind = epoch_of(told, case)
    last = check(history["validation_loss"][behind], "validation_loss of the last epoch")
    last.number().close(
        each.mean(),
        rtol=RTOL,
        hints={
            "that is the sum over the images, not the mean": each.sum(),
            "that is the sum over the batches: divide by their number": 2 * each.mean(),
            "that is the loss before the training": before.mean(),
            "that is the loss of the training images": training.mean(),
            "softmax before cross_entropy, which has one in it": twice,
        },
    )
    right = percent_right(told["W"], told["b"], images, labels)
    # Whether it is in per cent is asked for train_accuracy.
    last = check(history["validation_accuracy"][behind], "validation_accuracy of the last epoch")
    last.number(per_cent=True).close(
        right,
        rtol=RTOL,
        hints={
            "that is the number of right answers, expected per cent": right * 16 / 100,
            "that is the accuracy on the training images": percent_right(
                told["W"], told["b"], *case.train
            ),
        },
    )


@pytest.mark.item("p4-training")
def test_training_numbers(student, rng):
    """Loss and accuracy of training are means over all training images."""
    case = Case(rng)
    case.let_some_be_right()
    # With a learning rate of 0 it does not matter when in the epoch they are measured.
    history = case.run(student, 2, 8, 0.0)["history"]
    each, _ = losses(case.W, case.b, *case.train)
    validation, _ = losses(case.W, case.b, *case.validation)
    for loss in history["train_loss"]:
        check(loss, "train_loss at a learning rate of 0").number().close(
            each.mean(),
            rtol=RTOL,
            hints={
                "that is the sum over the images, not the mean": each.sum(),
                "that is the sum over the batches: divide by their number": 3 * each.mean(),
                "divided by the number of images where it should be that of batches": (
                    each.mean() / 8
                ),
                "that is the loss of the validation images": validation.mean(),
                "the sums of all epochs add up: begin with 0 in every epoch": 2 * each.mean(),
            },
        )
    right = percent_right(case.W, case.b, *case.train)
    for accuracy in history["train_accuracy"]:
        check(accuracy, "train_accuracy at a learning rate of 0").number().close(
            right,
            rtol=RTOL,
            hints={
                "that is a fraction, expected per cent": right / 100,
                "that is the number of right answers, expected per cent": right * 24 / 100,
                "the sums of all epochs add up: begin with 0 in every epoch": 2 * right,
            },
            carried={
                "that is a fraction, expected per cent": right / 100,
                "that is the number of right answers": right * 24 / 100,
            },
        )


@pytest.mark.item("p4-training", counts_with="test_train_follows_the_gradient")
def test_the_notebook_trains(student, rng):
    """The notebook's own run has a history of EPOCHS epochs."""
    Case(rng).run(student, 1, 8, 1e-3)
    history = left_by_run(student.problem_4, "history")
    if history is not None:
        history = student.support.blood_cells.plain(history)
        check_history(history, "history", student.problem_4.EPOCHS)
