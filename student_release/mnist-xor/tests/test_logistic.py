"""Public checks of 1.2: softmax regression, its functions one by one."""

from functools import partial

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.differences import derivative

# Some float32 steps with numbers of order one.
ATOL = 1e-4
# From scratch: nothing that differentiates, no loss, no optimizer, no layer.
BANNED = (
    "torch.Tensor.backward",
    "torch.autograd.*",
    "torch.func.*",
    "torch.optim.*",
    "torch.nn.Linear",
    "torch.nn.functional.linear",
    "torch.nn.CrossEntropyLoss",
    "torch.nn.functional.cross_entropy",
)


def mean_loss(W, b, x, labels):
    """The mean cross-entropy in nats, by its definition."""
    z = x @ W + b
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(x)), labels]).mean()


def slopes(W, b, x, labels):
    """The derivatives of the mean cross-entropy by W and by b, from differences."""
    by_W = partial(mean_loss, b=b, x=x, labels=labels)
    by_b = partial(mean_loss, W, x=x, labels=labels)
    return derivative(by_W, W), derivative(by_b, b)


def slopes_of_W(W, b, x, labels):
    """As slopes, with zeros in the place of those by b."""
    return derivative(partial(mean_loss, b=b, x=x, labels=labels), W), 0 * b


def asked(student, W, b, x, labels):
    """What loss_and_gradients returns."""
    arrays = [student.torch(array, dtype="float64") for array in (W, b, x)]
    found = student.mnist_xor.loss_and_gradients(*arrays, student.torch(labels))
    return check(found, "loss_and_gradients").sequence(3)


def task(rng, samples=7, features=4, classes=3):
    """Random parameters, samples and labels."""
    W, b = rng.normal(size=(features, classes)), rng.normal(size=classes)
    return W, b, rng.normal(size=(samples, features)), rng.integers(classes, size=samples)


@pytest.mark.item("q1-logistic-gradients")
def test_loss(student, rng):
    """The loss is the mean cross-entropy of the samples, in nats."""
    W, b, x, labels = task(rng)
    loss, _, _ = asked(student, W, b, x, labels)
    right, without_b = mean_loss(W, b, x, labels), mean_loss(W, 0 * b, x, labels)
    check(loss, "the loss").number().close(
        right,
        hints={
            "the sum over the samples, not the mean": 7 * right,
            "the sign is wrong: the loss is positive": -right,
            "divided by N·C: the mean is over the samples": right / 3,
            "in bits: the natural logarithm gives nats": right / np.log(2),
            "the biases were not added": without_b,
        },
    )


@pytest.mark.item("q1-logistic-gradients", weight=2)
def test_gradients(student, rng):
    """DW and db are the derivatives of the mean cross-entropy."""
    W, b, x, labels = task(rng)
    _, dW, db = asked(student, W, b, x, labels)
    right, right_b = slopes(W, b, x, labels)
    without_b, _ = slopes(W, 0 * b, x, labels)
    for got, value, name in ((dW, right, "dL/dW"), (db, right_b, "dL/db")):
        hints = {
            "not divided by the number of samples": 7 * value,
            "divided by the number of samples twice": value / 7,
            "the sign is wrong": -value,
            "divided by N·C: the mean is over the samples": value / 3,
            "in bits: the natural logarithm gives nats": value / np.log(2),
        }
        if name == "dL/dW":
            hints["the biases were not added"] = without_b
        check(got, name).close(
            value,
            hints=hints,
            carried={
                "the sum over the samples": 7 * value,
                "the sign is wrong: the loss": -value,
                "divided by N·C": value / 3,
                "in bits": value / np.log(2),
            }
            | ({"the biases were not added": without_b} if name == "dL/dW" else {}),
        )


def verdict(student, dW, db, tol):
    """What has_converged says of two gradients: a boolean, or a tensor of one."""
    got = student.mnist_xor.has_converged(student.torch(dW), student.torch(db), tol)
    values = np.ravel(student.array(got)) if got is not None else []
    return bool(values[0]) if len(values) == 1 and values.dtype == bool else got


@pytest.mark.item("q1-logistic-stop")
def test_converged(student, rng):
    """Gradients have converged where every entry is smaller than tol in size."""
    tol = float(rng.uniform(0.01, 0.02))
    small, small_b = rng.uniform(-0.9, 0.9, size=(6, 3)) * tol, rng.uniform(-0.9, 0.9, 3) * tol
    small[0] = 0.85 * tol
    check(verdict(student, small, small_b, tol), "has_converged with small gradients").equals(
        True, hint="every entry is below tol: it is about the largest of them, not about a sum"
    )
    for name, where, sign in (
        ("an entry of dW above tol", 0, 1),
        ("an entry of db above tol", 1, 1),
        ("an entry of dW below -tol", 0, -1),
        ("an entry of db below -tol", 1, -1),
    ):
        both = [small.copy(), small_b.copy()]
        both[where].flat[-1] = sign * 3 * tol
        hint = "the absolute value counts" if sign < 0 else "both gradients count, in every entry"
        check(verdict(student, *both, tol), f"has_converged with {name}").equals(False, hint=hint)


class Training:
    """A small task for logistic_regression: images of which three pixels are not 0."""

    def __init__(self, student, rng, samples=6, batch_size=4):
        self.student = student
        self.pixels = rng.uniform(0.2, 1, size=(samples, 3))
        self.labels = rng.integers(0, 10, size=samples)
        self.batch_size = batch_size
        # Without a step: the parameters that the training begins with.
        self.begin = self.ask(0, 0.0, 1e-12)

    def ask(self, *settings):
        """(W, b), as logistic_regression returns them; of W the rows of the three pixels."""
        images = np.zeros((len(self.labels), 784))
        images[:, :3] = self.pixels
        images = images.reshape(-1, 1, 28, 28)
        loader = self.student.loader(images, self.labels, batch_size=self.batch_size)
        self.student.torch.manual_seed(0)
        found = self.student.mnist_xor.logistic_regression(loader, loader, *settings)
        W, b = check(found, "what logistic_regression returns").sequence(2)
        check(np.shape(W), "the shape of W").equals(
            (784, 10), hints={"W is transposed: z = xW + b": (10, 784)}
        )
        check(np.shape(b), "the shape of b").equals((10,), hints={"b is a row": (1, 10)})
        W, b = np.array(W, dtype=float), np.array(b, dtype=float)
        if settings[1] == 0.0:
            self.rest = W[3:]
            largest = np.abs(np.concatenate([W.ravel(), b])).max()
            check(bool(largest < 0.5), "that W and b begin as zeros").is_true()
        moved = float(np.abs(W[3:] - self.rest).max())
        check(moved, "how far weights of pixels that are always 0 move").below(1e-6)
        return W[:3], b

    def batches(self):
        """The batches, in the order of the loader."""
        for first in range(0, len(self.labels), self.batch_size):
            rows = slice(first, first + self.batch_size)
            yield self.pixels[rows], self.labels[rows]

    def descend(self, begin, epochs, rate, rule=slopes, only=None):
        """Gradient descent over all batches, or the first `only` of each epoch."""
        W, b = begin
        for _ in range(epochs):
            for x, labels in list(self.batches())[:only]:
                dW, db = rule(W, b, x, labels)
                W, b = W - rate * dW, b - rate * db
        return W, b


def from_scratch(student):
    """Require gradient descent by hand; what has cost q1-logistic-gradients costs no more."""
    try:
        check(student.mnist_xor.loss_and_gradients).uses_no(*BANNED)
    except CheckFailed:
        return
    check(student.mnist_xor.logistic_regression).uses_no(*BANNED)


@pytest.mark.item("q1-logistic-training")
def test_training(student, rng):
    """Each batch moves W and b by minus lr times their gradients, in every epoch."""
    from_scratch(student)
    case, rate = Training(student, rng), 0.7
    got = case.ask(3, rate, 1e-12)
    begin = case.begin
    one = case.descend(begin, 1, rate)
    two = case.descend(one, 1, rate)
    right = case.descend(two, 1, rate)
    mistakes = {
        "W and b have not moved": begin,
        "there was one epoch instead of `epochs`": one,
        "there was an epoch too few": two,
        "there was an epoch too many": case.descend(right, 1, rate),
        "lr was not used: 0.1 is fixed in the code": case.descend(begin, 3, 0.1),
        "the steps go uphill": case.descend(begin, 3, -rate),
        "the biases are not moved": case.descend(begin, 3, rate, rule=slopes_of_W),
        "an epoch was one batch: go through the whole loader": case.descend(begin, 3, rate, only=1),
    }

    def own(place):
        """Where the student's own gradients lead."""
        return lambda: case.descend(begin, 3, rate, own_rule(student))[place]

    for place, name in enumerate(("W", "b")):
        check(got[place], f"{name} after three epochs of two batches").close(
            right[place],
            atol=ATOL,
            hints={hint: end[place] for hint, end in mistakes.items()},
            carried={
                "q1-logistic-gradients": own(place),
                "the sign is wrong": mistakes["the steps go uphill"][place],
            },
        )


def own_rule(student):
    """The student's own gradients as a rule of descent."""

    def rule(W, b, x, labels):
        _, dW, db = asked(student, W, b, x, labels)
        return np.array(dW), np.array(db)

    return rule


@pytest.mark.item("q1-logistic-stop")
def test_training_stops(student, rng):
    """logistic_regression stops as soon as the gradients of a batch have converged."""
    case, rate = Training(student, rng), 0.7
    # With such a tol the first batch has converged already, however many epochs there may be.
    one, three = (case.ask(epochs, rate, 1e9)[0] for epochs in (1, 3))
    full = case.ask(3, rate, 1e-12)[0]
    if not np.allclose(one, three, atol=1e-6):
        hint = "tol was not used: call has_converged, and return"
        hint = hint if np.allclose(three, full, atol=1e-6) else "it stops the epoch only"
        raise CheckFailed("logistic_regression", "goes on where its gradients are below tol", hint)
    distance = float(np.abs(full - case.begin[0]).max())
    check(distance, "how far W moves in three epochs where nothing has converged").above(
        1e-5, hint="it stops although its gradients are larger than tol"
    )


def found_by(student, predictions, labels, count):
    """What find_misclassified returns, as whole numbers."""
    tensors = student.torch(predictions), student.torch(labels)
    got = student.mnist_xor.find_misclassified(*tensors, count)
    return [int(index) for index in np.ravel(student.array(got))]


@pytest.mark.item("q1-misclassified")
def test_find(student, rng):
    """find_misclassified lists the first wrong predictions."""
    labels = rng.integers(0, 10, size=40)
    predictions = np.where(rng.random(40) < 0.5, labels, (labels + 1) % 10)
    predictions[:3] = labels[:3]
    predictions[3:8] = (labels[3:8] + np.array([0, 1, 1, 0, 2])) % 10
    wrong = np.flatnonzero(predictions != labels)
    for count in (2, 4):
        got = found_by(student, predictions, labels, count)
        check(got, f"the first {count} wrong predictions").equals(
            wrong[:count].tolist(),
            hints={
                "these are right predictions": np.flatnonzero(predictions == labels)[
                    :count
                ].tolist(),
                "these are the last ones, expected the first": wrong[-count:].tolist(),
                "these are all of them: count was not used": wrong.tolist(),
                "count was not used: always 2": wrong[:2].tolist() if count != 2 else None,
            },
        )


@pytest.mark.item("q1-misclassified")
def test_show(student, rng):
    """Each image has its prediction and its true label in the title."""
    labels = rng.permutation(10)
    predictions = (labels + rng.integers(1, 9, size=10)) % 10
    pixels = rng.uniform(size=(10, 5))
    indices = sorted(rng.choice(10, size=3, replace=False).tolist())
    images = np.zeros((10, 784))
    images[:, :5] = pixels
    figures = student.drawn(
        student.mnist_xor.show_misclassified,
        student.torch(images.reshape(10, 1, 28, 28)),
        student.torch(predictions),
        student.torch(labels),
        indices,
    )
    panels = figures.grid(3, "the figure of misclassified digits", ["predicted"])
    for index, axes in zip(indices, panels, strict=True):
        shown = np.asarray(axes.image(), dtype=float)
        check(shown.size, "the number of pixels of an image").equals(784)
        row = shown.reshape(-1)[:5]
        same = np.allclose(np.corrcoef(row, pixels[index])[0, 1], 1, atol=1e-3)
        check(bool(same), f"that image {index} is where its title says").is_true(
            hint="the images are not those of `indices`, in their order"
        )
        words = " ".join([axes.data["title"], axes.data["xlabel"], *axes.data["texts"]])
        found = [int(digit) for digit in words if digit.isdigit()]
        right = [int(predictions[index]), int(labels[index])]
        check(found, f"the list of digits in the title {words!r}").equals(
            right,
            hints={
                "the prediction comes first, the true label second": right[::-1],
                "the true label is missing": right[:1],
                "the prediction is missing": right[1:],
            },
        )
