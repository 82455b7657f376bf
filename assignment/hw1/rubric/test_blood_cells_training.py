"""Public checks of Problem 4: training, on a small linear model that records its images.

The model (`Diary` in support/blood_cells.py) replaces yours, so that a mistake in your model costs
nothing here.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import softmax
from autograder.rubric.differences import derivative
from autograder.rubric.rerun import left_by_run

KEYS = ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy")
FEATURES = 6
# Adam in float32: ten digits of each step's size would be too many, four are there.
RTOL, ATOL = 1e-3, 1e-4
# The training of `Example`: how far 4 epochs of one batch move the weights of each pixel, and what
# known mistakes make of that.
RATE = 0.25
MOVES = (
    (-0.860651, -0.968395, -0.989636, 0.961196, -1.001692, 0.974093, -0.906254, -0.458118),
    (0.880182, 0.980625, -0.780437, -0.861626, -0.896714, -0.975870, 0.958026, 0.107986),
)
MISTAKEN_MOVES = {
    "gradients of all steps add up: zero_grad() before each backward": (
        (-0.994833, -0.981561, -0.978105, 0.985930, -0.957570, 0.981458, -0.992383, -0.737739),
        (0.994809, 0.977948, -1.001638, -0.995905, -0.991541, -0.980856, 0.986345, 0.355748),
    ),
    "this is SGD; use torch.optim.Adam": (
        (-0.054887, -0.091658, -0.063422, 0.154305, -0.043136, 0.154104, -0.045323, -0.009983),
        (0.043244, 0.077350, -0.013190, -0.056565, -0.048334, -0.111053, 0.098595, 0.009952),
    ),
    "learning_rate was not used: 1e-3 is fixed in the code": (
        (-0.004000, -0.004000, -0.004000, 0.004000, -0.004000, 0.004000, -0.004000, -0.003999),
        (0.004000, 0.004000, -0.003999, -0.004000, -0.004000, -0.004000, 0.004000, 0.003999),
    ),
    "these are the weights after the first epoch": (
        (-0.250000, -0.250000, -0.250000, 0.250000, -0.250000, 0.250000, -0.250000, -0.250000),
        (0.250000, 0.250000, -0.250000, -0.250000, -0.250000, -0.250000, 0.250000, 0.250000),
    ),
    "these are the weights after the third epoch: the model ends as the fourth leaves it": (
        (-0.697687, -0.740697, -0.745736, 0.733576, -0.750423, 0.741380, -0.713424, -0.484505),
        (0.697815, 0.745130, -0.637491, -0.693844, -0.712521, -0.741826, 0.732505, 0.266131),
    ),
}


class Case:
    """Random training and validation images, and a linear model to begin with.

    Behind the random pixels each image has a pixel of its own, which is 0 in all others and counts
    nothing at first: its weights tell later whether the model has learned from that image.
    """

    def __init__(self, rng, train=24, validation=16):
        self.own = np.eye(train + validation, train + validation + 1)
        self.W = np.hstack([rng.normal(size=(8, FEATURES)), np.zeros((8, len(self.own) + 1))])
        self.b = rng.normal(size=8)
        self.train = self._images(rng, self.own[:train], 0)
        self.validation = self._images(rng, self.own[train:], 1000)

    def _images(self, rng, own, first):
        """Images whose first number is their own, and labels that no linear model gets right."""
        count = len(own)
        numbers = np.arange(first, first + count)[:, None]
        return np.hstack([numbers, rng.normal(size=(count, FEATURES)), own]), rng.integers(
            0, 8, count
        )

    def let_some_be_right(self):
        """Let the model have some answers right to begin with: 0 is 0 also as a fraction."""
        for images, labels in (self.train, self.validation):
            labels[:6] = (images[:6, 1:] @ self.W.T + self.b).argmax(axis=1)

    def run(self, student, epochs, batch_size, learning_rate, rolls=False):
        """Train with the student's train, and return what was recorded."""
        recorded = run_diary(student, self, epochs, batch_size, learning_rate, rolls)
        check_history(recorded["history"], "the history that train returns", epochs)
        return recorded

    def check_learned(self, recorded, rolls=False):
        """Require weights that have learned from the recorded images, and from no others.

        The record is made in the process in which train runs; the weights show that it is true.
        test_adam checks the rule of the steps.
        """
        pixels = {
            round(image[0]): image[1:]
            for part in (self.train, self.validation)
            for image in part[0]
        }
        touched = np.zeros(self.W.shape[1], dtype=bool)
        for numbers, training in zip(recorded["learned"], recorded["modes"], strict=True):
            for image in (pixels[number] for number in numbers if number in pixels):
                touched |= np.roll(image, 1 if rolls and training else 0) != 0
        if not touched.any():
            raise CheckFailed("train", "never learns from the images that it is given")
        got = np.abs(np.asarray(recorded["W"], dtype=float)[:, FEATURES:]).max(axis=0) > 1e-7
        check(
            np.flatnonzero(got).tolist(), "the list of the images' own pixels whose weights changed"
        ).equals(np.flatnonzero(touched[FEATURES:]).tolist())


def run_diary(student, case, epochs, batch_size, learning_rate, rolls=False):
    """Train a linear model that records its images with the student's train."""
    return student.support.blood_cells.train_diary(
        student.problem_4.train, (case.W, case.b), case.train, case.validation,
        student.problem_4.DEVICE, epochs, batch_size, learning_rate, rolls=rolls,
    )  # fmt: skip


class Example:
    """A small case whose training was worked out beforehand, in a form that is drawn at random.

    Adam treats every weight alike: if classes or pixels change places, or pixels their sign, then
    the weights do the same.
    """

    def __init__(self, rng):
        numbers, k = np.arange(24), np.arange(16).reshape(8, 2)
        pixels = np.column_stack([np.sin(0.9 * numbers + 0.4), np.cos(1.3 * numbers)])
        labels = (5 * numbers + numbers**2 // 3) % 8
        self.classes, self.pixels = rng.permutation(8), rng.permutation(2)
        self.signs = rng.choice([-1.0, 1.0], size=2)
        self.W = self.drawn(np.sin(1.0 + 1.7 * k))
        self.b = np.cos(2.3 * np.arange(8))[self.classes]
        images = np.column_stack([numbers, (pixels * self.signs)[:, self.pixels]])
        self.train = images, np.argsort(self.classes)[labels]
        # As in training: so the last epoch is the best, also for those who restore the best one.
        self.validation = images[:4] + np.array([1000, 0, 0]), self.train[1][:4]

    def drawn(self, weights):
        """Weights of the example in the form that was drawn."""
        return (weights * self.signs)[self.classes][:, self.pixels]

    def moved(self, moves):
        """The weights after moves of the example."""
        return self.W + self.drawn(np.transpose(moves))


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
    """The cross-entropy of each image, in nats."""
    return -np.log(softmax(images[:, 1:] @ W.T + b)[np.arange(len(labels)), labels])


def percent_right(W, b, images, labels):
    """The accuracy of the linear model, in per cent."""
    return np.count_nonzero((images[:, 1:] @ W.T + b).argmax(axis=1) == labels) * 100 / len(labels)


@pytest.mark.item("p4-training")
def test_train_follows_the_gradient(student, rng):
    """Training moves a model along its gradient; without that, no result of it counts."""
    case = Case(rng)
    recorded = case.run(student, 3, 24, 0.02)
    # How far, which way and by what rule is asked elsewhere.
    images, labels = case.train
    gradient = derivative(lambda W: losses(W, case.b, images, labels).mean(), case.W)
    check(recorded["W"], "the weights of a trained linear model").close(case.W, atol=np.inf)
    # Of each image's own pixel Adam makes a step as long as of any other: that is far from it.
    moved = (np.asarray(recorded["W"], dtype=float) - case.W)[:, :FEATURES]
    gradient = gradient[:, :FEATURES]
    hint = "the model was not trained: are backward and step called?"
    # float32 rounds a weight of 1 by 1e-7.
    check(np.linalg.norm(moved), "how far train moves a model").above(1e-5, hint=hint)
    along = abs(np.sum(moved * gradient)) / np.linalg.norm(moved) / np.linalg.norm(gradient)
    check(along, "the cosine of what train moves a model by and its gradient").above(0.4, hint=hint)


@pytest.mark.item("p4-training", weight=2)
def test_adam(student, rng):
    """The weights after a few epochs are those that Adam on the cross-entropy gives."""
    example = Example(rng)
    W = run_diary(student, example, 4, 24, RATE)["W"]
    check(W, "the weights after 4 epochs of one batch").close(
        example.moved(MOVES),
        rtol=RTOL,
        atol=ATOL,
        hints={"the model was not trained": example.W}
        | {hint: example.moved(moves) for hint, moves in MISTAKEN_MOVES.items()},
    )


@pytest.mark.item("p4-training")
def test_every_image_once_an_epoch(student, rng):
    """An epoch learns once from every training image, in batches of batch_size, in a new order."""
    case, rate = Case(rng), 0.02
    recorded = case.run(student, 3, 8, rate)
    sizes = [len(numbers) for numbers in recorded["learned"]]
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
    batches = recorded["learned"]
    orders = [[*batches[k], *batches[k + 1], *batches[k + 2]] for k in (0, 3, 6)]
    for number, order in enumerate(orders, 1):
        check(sorted(order), f"the list of images that epoch {number} learned from").equals(
            list(range(24))
        )
    if orders[0] == orders[1]:
        hint = "shuffle the training set anew in every epoch"
        raise CheckFailed("the second epoch", "has the same order as the first", hint)
    case.check_learned(recorded)


def epoch_of(recorded, case):
    """The place in the history of the epoch whose weights the model has.

    It is the last one, or the one that is best on the validation set, if that was restored.
    """
    history = recorded["history"]
    loss = losses(recorded["W"], recorded["b"], *case.validation).mean()
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
    recorded = case.run(student, 2, 8, rate, rolls=True)
    taught = sorted(
        {number for numbers in recorded["learned"] for number in numbers if number >= 1000}
    )
    check(taught, "the list of validation images that were learned from").equals(
        [], hints={"validation images are for measuring: no backward() there": taught or None}
    )
    modes = [shown["training"] for shown in recorded["shown"] if min(shown["numbers"]) >= 1000]
    if any(modes):
        hint = "model.eval() before it, and model.train() before the next epoch"
        raise CheckFailed("validation", "is measured in training mode", hint)
    if not modes:
        raise CheckFailed("train", "never puts a validation image through the model")
    if not all(recorded["modes"]):
        hint = "model.train() at the beginning of every epoch, not only before the first"
        raise CheckFailed("training", "goes on in evaluation mode", hint)
    case.check_learned(recorded, rolls=True)
    # In training mode the pixels change places, which gives other answers.
    right = percent_right(recorded["W"], recorded["b"], *case.validation)
    behind = epoch_of(recorded, case)
    got = float(recorded["history"]["validation_accuracy"][behind])
    units = (right, right / 100, right * 16 / 100)  # which of them is asked below
    check(got, "validation_accuracy of a model that answers otherwise in training mode").close(
        min(units, key=lambda value: abs(value - got)), rtol=RTOL
    )


@pytest.mark.item("p4-training")
def test_validation_numbers(student, rng):
    """Loss and accuracy of validation are those of the model after the epoch."""
    case = Case(rng, train=27)  # no share of 27 is one of 16
    case.let_some_be_right()
    recorded = case.run(student, 2, 8, 0.05)
    history, (images, labels) = recorded["history"], case.validation
    each = losses(recorded["W"], recorded["b"], images, labels)
    before = losses(case.W, case.b, images, labels)
    training = losses(recorded["W"], recorded["b"], *case.train)
    probabilities = softmax(images[:, 1:] @ recorded["W"].T + recorded["b"])
    twice = -np.log(softmax(probabilities)[np.arange(16), labels]).mean()
    behind = epoch_of(recorded, case)
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
    right = percent_right(recorded["W"], recorded["b"], images, labels)
    # Whether it is in per cent is asked for train_accuracy.
    last = check(history["validation_accuracy"][behind], "validation_accuracy of the last epoch")
    last.number(per_cent=True).close(
        right,
        rtol=RTOL,
        hints={
            "that is the number of right answers, expected per cent": right * 16 / 100,
            "that is the accuracy on the training images": percent_right(
                recorded["W"], recorded["b"], *case.train
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
    each = losses(case.W, case.b, *case.train)
    validation = losses(case.W, case.b, *case.validation)
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
