"""Public checks of 1.3: the MLP, its training and its curves."""

import re
from functools import partial

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import layers_of
from autograder.rubric.differences import derivative
from autograder.rubric.rerun import left_by_run

SIZES = [(400, 784), (400, 400), (10, 400)]
COUNT = 478_410
# float32 through three layers of up to 784 terms, or some steps.
ATOL = 1e-4
KEYS = ("loss", "train_accuracy", "val_accuracy")


def forward(layers, x, activation, last=False):
    """The logits of a chain of layers; with `last` the activation is also behind the last."""
    for number, (W, b) in enumerate(layers):
        x = x @ W.T + b
        if last or number < len(layers) - 1:
            x = activation(x)
    return x


def built(student):
    """A new MLP, and the arrays of its state."""
    model = student.mnist_xor.MLP()
    return model, student.state(model)


@pytest.mark.item("q1-mlp-model")
def test_parameters(student):
    """The MLP has 478,410 trainable parameters, in layers 784 → 400 → 400 → 10."""
    model, state = built(student)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    count = sum(int(np.prod(parameter.shape)) for parameter in trained)
    check(count, "the number of trainable parameters").equals(
        COUNT,
        hints={
            "the layers have no biases": COUNT - 810,
            "a hidden layer is missing: 784 → 400 → 10": 784 * 400 + 400 + 4000 + 10,
            "there is a hidden layer too many": COUNT + 400 * 401,
            "the hidden layers have 200 units": 784 * 200 + 200 + 200 * 200 + 200 + 2010,
            "the second hidden layer has 200 units": 784 * 400 + 400 + 80_200 + 2010,
        },
    )
    shapes = [W.shape for W, _ in layers_of(state, 784)]
    check(shapes, "the list of weight shapes, (out, in)").equals(SIZES)


@pytest.mark.item("q1-mlp-model")
def test_logits(student, rng):
    """The MLP computes flatten, Linear, ReLU, Linear, ReLU, Linear."""
    model = student.mnist_xor.MLP()
    shapes = [parameter.shape for parameter in model.parameters()]
    model.with_parameters(*(rng.uniform(-0.06, 0.06, size=shape) for shape in shapes))
    state = student.state(model)
    x = rng.uniform(0, 1, size=(5, 784)).astype(np.float32)
    images = student.torch(x.reshape(-1, 1, 28, 28))
    got, again = (student.array(model(images)) for _ in range(2))
    if not np.array_equal(got, again):
        hint = "something in it is random, such as dropout; there are layers and ReLU only"
        raise CheckFailed("the logits of 5 images", "are others when computed again", hint)
    layers = layers_of(state, 784)
    relu, nothing = (lambda z: np.maximum(z, 0)), (lambda z: z)
    right = forward(layers, x, relu)
    powers = np.exp(right)
    share = powers / powers.sum(axis=1, keepdims=True)
    first = relu(x @ layers[0][0].T + layers[0][1])
    check(got, "the logits of 5 images").close(
        right,
        atol=1e-5,
        hints={
            "there is no activation function between the layers": forward(layers, x, nothing),
            "sigmoid instead of ReLU": forward(layers, x, lambda z: 1 / (1 + np.exp(-z))),
            "tanh instead of ReLU": forward(layers, x, np.tanh),
            "the ReLU behind the first hidden layer is missing": forward(
                layers[2:], relu(forward(layers[:2], x, nothing)), nothing
            ),
            "the ReLU behind the second hidden layer is missing": forward(
                layers[1:], first, nothing
            ),
            "ReLU is also behind the last layer: logits may be negative": relu(right),
            "softmax is behind the last layer: it is a part of the loss": share,
            "log-softmax is behind the last layer: it is a part of the loss": np.log(share),
        },
    )


@pytest.mark.item("q1-mlp-model", weight=0.5, counts_with="test_logits")
def test_model_attribute(student):
    """The layers are in the attribute `model`, and in nothing else."""
    model, state = built(student)
    inner = student.state(model.model)
    check(len(inner), "the number of arrays in self.model").equals(
        len(state), hint="all layers belong in self.model"
    )


class Case:
    """Images of four pixels, and a linear model of three classes to begin with."""

    def __init__(self, rng, samples=10, batch_size=4):
        self.W, self.b = rng.normal(size=(4, 3)), rng.normal(size=3)
        self.x, self.labels = rng.normal(size=(samples, 4)), rng.integers(3, size=samples)
        self.val_x, self.val_labels = rng.normal(size=(40, 4)), rng.integers(3, size=40)
        self.batch_size = batch_size

    def place(self, student, rate, mode="nothing"):
        """The model, its loaders and SGD on the student's side.

        With `mode="dropout"` nothing of an image reaches the model while it is in training mode.
        """
        nn = student.torch.nn
        inputs = [nn.Dropout(1.0)] if mode == "dropout" else []
        model = nn.Sequential(nn.Flatten(), *inputs, nn.Linear(4, 3))
        model.with_parameters(self.W.T, self.b)
        images, val_images = (x.reshape(-1, 1, 2, 2) for x in (self.x, self.val_x))
        loader = student.loader(images, self.labels, batch_size=self.batch_size)
        val = student.loader(val_images, self.val_labels, batch_size=16)
        return model, loader, val, student.torch.optim.SGD(model.parameters(), lr=rate)

    def descend(self, rate, epochs=1, **change):
        """(W, b, list of the losses of each epoch's samples) by the mistakes of `change`."""
        W, b, losses = self.W, self.b, []
        piles = [0 * W, 0 * b]
        batches = [
            slice(first, first + self.batch_size)
            for first in range(0, len(self.x), self.batch_size)
        ]
        x = 0 * self.x if change.get("dropped") else self.x
        for _ in range(epochs):
            seen = []
            for rows in batches[: change.get("only")]:
                loss = partial(each_loss, x=x[rows], labels=self.labels[rows], **twice_of(change))
                by_W = derivative(lambda V, f=loss, b=b: f(V, b).mean(), W)
                by_b = derivative(lambda c, f=loss, W=W: f(W, c).mean(), b)
                seen.append(loss(W, b))
                scale = len(x[rows]) if change.get("summed") else 1
                kept = 1 if change.get("piled") else 0
                piles = [
                    kept * pile + scale * g for pile, g in zip(piles, (by_W, by_b), strict=True)
                ]
                W, b = W - rate * piles[0], b - rate * piles[1]
            losses.append(np.concatenate(seen))
        return W, b, losses


def twice_of(change):
    """The argument of each_loss among the mistakes."""
    return {"twice": True} if change.get("twice") else {}


def each_loss(W, b, x, labels, twice=False):
    """The cross-entropy of each sample; `twice`: of the softmax of the softmax."""
    z = x @ W + b
    if twice:
        z = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(x)), labels]


def weights_of(model):
    """W, as z = xW + b has it, and b."""
    W, b = model.parameters_as_arrays()
    return W.T, b


def trained(student, case, rate):
    """What train_epoch makes of a model: (its parameters, what it returns)."""
    model, loader, _, optimizer = case.place(student, rate)
    returned = student.mnist_xor.train_epoch(model, loader, optimizer)
    return weights_of(model), returned


@pytest.mark.item("q1-train-epoch", weight=2)
def test_steps(student, rng):
    """Every batch makes one step along its gradient."""
    case, rate = Case(rng), 0.5
    (got, got_b), _ = trained(student, case, rate)
    mistakes = {
        "the model has not changed: are backward and step called?": {"rate": 0.0},
        "gradients of all batches add up: zero_grad before each backward": {"piled": True},
        "there was one step: one for each batch is asked for": {"only": 1},
        "the last, smaller batch was left out": {"only": 2},
        "the loss is the sum over the batch, not the mean": {"summed": True},
        "softmax comes twice: cross_entropy takes logits": {"twice": True},
        "there was a second epoch": {"epochs": 2},
    }
    ends = {hint: case.descend(**({"rate": rate} | change)) for hint, change in mistakes.items()}
    right, right_b, _ = case.descend(rate)
    check(got, "the weights of a linear model after one epoch of three batches").close(
        right, atol=ATOL, hints={hint: end[0] for hint, end in ends.items()}
    )
    check(got_b, "its biases").close(
        right_b, atol=ATOL, hints={hint: end[1] for hint, end in ends.items()}
    )


@pytest.mark.item("q1-train-epoch")
def test_returned_loss(student, rng):
    """train_epoch returns the mean loss over all samples, before each step."""
    case = Case(rng, 9)
    # A step of almost nothing: the losses are those of the parameters as they are.
    _, got = trained(student, case, 1e-9)
    _, _, (losses,) = case.descend(0.0)
    _, _, (twice,) = case.descend(0.0, twice=True)
    right, unweighted = losses.mean(), np.mean([losses[:4].mean(), losses[4:8].mean(), losses[8]])
    check(got, "the loss of an epoch of 9 samples in batches of 4").number().close(
        right,
        rtol=1e-4,
        hints={
            "a mean over batches: the last one has a single sample, and counts less": unweighted,
            "the sum over the batches": 3 * unweighted,
            "the sum over the samples: divide by their number": 9 * right,
            "the sum of the batches' means, divided by the number of samples": unweighted / 3,
            "the loss of the last batch only": losses[8],
            "softmax comes twice: cross_entropy takes logits": twice.mean(),
        },
        carried={"softmax comes twice": twice.mean(), "the last, smaller batch was left out": (
            losses[:8].mean()
        )},
    )  # fmt: skip


@pytest.mark.item("q1-train-epoch", counts_with="test_steps")
def test_training_mode(student, rng):
    """The model learns in training mode, also where it was in evaluation mode before."""
    case, rate = Case(rng), 0.1
    model, loader, _, optimizer = case.place(student, rate, "dropout")
    model.eval()
    student.mnist_xor.train_epoch(model, loader, optimizer)
    mistakes = {
        "zero_grad before each backward": {"piled": True},
        "one for each batch": {"only": 1},
        "smaller batch was left out": {"only": 2},
        "the loss is the sum": {"summed": True},
        "softmax comes twice": {"twice": True},
        "there was a second epoch": {"epochs": 2},
    }
    right = case.descend(rate, dropped=True)
    ends = {hint: case.descend(rate, dropped=True, **change) for hint, change in mistakes.items()}
    evaluated = case.descend(rate)
    for place, name in enumerate(("weights", "biases")):
        check(weights_of(model)[place], f"the {name} of a model that drops its inputs").close(
            right[place],
            atol=ATOL,
            hints={"the model was in evaluation mode: model.train()": evaluated[place]},
            carried={hint: end[place] for hint, end in ends.items()},
        )


def percent_right(W, b, x, labels):
    """The accuracy of a linear model, in per cent."""
    return np.count_nonzero((x @ W + b).argmax(axis=1) == labels) * 100 / len(labels)


def history_of(history, epochs, what):
    """Three lists of one number for each epoch, as arrays."""
    if not isinstance(history, dict):
        raise CheckFailed(what, f"is of type {type(history).__name__}, expected a dict")
    missing = [key for key in KEYS if key not in history]
    check(missing, f"the list of keys that {what} lacks").equals([])
    found = {}
    for key in KEYS:
        values = np.array([float(value) for value in history[key]])
        check(len(values), f'the number of entries of "{key}" in {what}').equals(
            epochs,
            hints={"there is one number in all: append one in every epoch": 1},
        )
        found[key] = values
    return found


@pytest.mark.item("q1-history", weight=2)
def test_history(student, rng):
    """The history has loss, training accuracy and validation accuracy of each epoch."""
    case, rate, epochs = Case(rng, samples=30, batch_size=8), 0.3, 3
    case.labels[:4] = (case.x[:4] @ case.W + case.b).argmax(axis=1)
    model, loader, val, optimizer = case.place(student, rate)
    history = student.mnist_xor.train_module(model, loader, val, optimizer, epochs)
    got = history_of(history, epochs, "the history")
    ways = [case.descend(rate, count) for count in range(epochs + 1)]
    losses = [each.mean() for each in ways[-1][2]]
    sets = ((case.x, case.labels), (case.val_x, case.val_labels))
    before, after = (
        [[percent_right(W, b, *one) for W, b, _ in some] for one in sets]
        for some in (ways[:-1], ways[1:])
    )
    right = np.concatenate([losses, *after])
    check(
        np.concatenate([got[key] for key in KEYS]), "the history, one list after the other,"
    ).close(
        right,
        rtol=1e-3,  # float32 through some steps
        atol=1e-3,
        hints={
            "these are fractions, expected per cent": right / np.repeat([1, 100, 100], epochs),
            "this is the accuracy on the other set": np.concatenate([losses, *after[::-1]]),
            "it is measured before the epoch, expected after it": np.concatenate([losses, *before]),
        },
        carried={"q1-train-epoch": lambda: own_history(student, case, rate, epochs)},
    )


def own_history(student, case, rate, epochs):
    """The history that the student's own train_epoch leads to."""
    model, loader, _, optimizer = case.place(student, rate)
    found = []
    for _ in range(epochs):
        loss = float(student.mnist_xor.train_epoch(model, loader, optimizer))
        W, b = weights_of(model)
        found.append(
            [
                loss,
                percent_right(W, b, case.x, case.labels),
                percent_right(W, b, case.val_x, case.val_labels),
            ]
        )
    return np.ravel(np.transpose(found))


NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def line_has(line, value, scales=(1.0,)):
    """Whether a printed line has a number, rounded to two digits behind the point or more."""
    numbers = [float(text) for text in NUMBER.findall(line)]
    return any(abs(number - scale * value) <= 0.0501 * scale + 1e-3 * abs(value)
               for number in numbers for scale in scales)  # fmt: skip


@pytest.mark.item("q1-history", weight=0.5, counts_with="test_history")
def test_printed_lines(student, rng):
    """Each epoch prints a line with its loss and both accuracies."""
    case = Case(rng)
    model, loader, val, optimizer = case.place(student, 0.1)
    student.mnist_xor.train_module(model, loader, val, optimizer, 1)
    history = left_by_run(student.mnist_xor, "mlp_history", own=False)
    if not isinstance(history, dict) or any(key not in history for key in KEYS):
        return
    text = "\n".join(student.output("mnist_xor").values())
    lines = text.replace("\r", "\n").splitlines()
    windows = ["\n".join(lines[at : at + 4]) for at in range(len(lines))]
    for epoch in range(len(history["loss"])):
        values = [
            (float(history["loss"][epoch]), (1.0,)),
            (float(history["train_accuracy"][epoch]), (1.0, 0.01)),
            (float(history["val_accuracy"][epoch]), (1.0, 0.01)),
        ]
        shown = any(all(line_has(one, *value) for value in values) for one in windows)
        what = f"that epoch {epoch + 1} of the MLP's training prints loss and both accuracies"
        check(shown, what).is_true(hint="print one line in every epoch")


def check_curves(figures, history, what):
    """Require one plot with both accuracies against the epoch, labelled and with a legend."""
    names = {"train": "train_accuracy", "validation": "val_accuracy"}
    best, present = None, set()
    for axes in figures.axes():
        found = {
            name: next((line for line in axes.any_lines(0) if shows(line.y, history[key])), None)
            for name, key in names.items()
        }
        drawn = {name for name, line in found.items() if line is not None}
        present |= drawn
        if len(drawn) == 2:
            best = axes, found
    if best is None:
        if len(present) == 1:
            (missing,) = names.keys() - present
            raise CheckFailed(what, f"has no line through the accuracies of {missing}")
        if present:
            hint = "draw both lines in one plot, to be compared"
            raise CheckFailed(what, "is two plots of one line each", hint)
        problem = "is missing: no line goes through these values"
        figures.missing(what, ["accuracy"], problem)
    axes, lines = best
    for name, line in lines.items():
        steps = np.diff(line.x)
        if len(steps) and not (np.allclose(steps, 1) and line.x[0] in (0, 1)):
            raise CheckFailed(what, "is not drawn against the epoch", "x is 1, 2, 3 ...")
        word = "train" if name == "train" else "val"
        hint = f"label the line of {name}, and call legend()"
        legend = bool(axes.data["legend"]) and word in line.label.lower()
        check(legend, f"that the legend of {what} names the line of {name}").is_true(hint=hint)
    axes.labelled(x="epoch", y="accuracy")


def shows(y, values):
    """Whether a line goes through these values; per cent may be drawn as fractions."""
    y, values = np.asarray(y, dtype=float), np.asarray(values, dtype=float)
    if y.shape != values.shape:
        return False
    return any(np.allclose(y, scale * values, rtol=1e-4, atol=1e-8) for scale in (1, 0.01))


@pytest.mark.item("q1-mlp-curves")
def test_curves(student, rng):
    """plot_accuracy draws both accuracies against the epoch, with labels and a legend."""
    epochs = int(rng.integers(5, 12))
    rising = np.sort(rng.uniform(60, 95, epochs))
    history = {
        "loss": np.sort(rng.uniform(0.1, 2, epochs))[::-1].tolist(),
        "train_accuracy": (rising + 3).tolist(),
        "val_accuracy": rising.tolist(),
    }
    figures = student.drawn(student.mnist_xor.plot_accuracy, history)
    check_curves(figures, history, "the plot of the accuracies")


@pytest.mark.item("q1-mlp-curves", weight=0.5, counts_with="test_curves")
def test_curves_of_the_run(student, rng):
    """The notebook draws the accuracies of its own MLP."""
    rising = np.sort(rng.uniform(60, 95, 4))
    planted = {"loss": [2.0] * 4, "train_accuracy": rising.tolist(), "val_accuracy": [50.0] * 4}
    student.drawn(student.mnist_xor.plot_accuracy, planted)
    history = left_by_run(student.mnist_xor, "mlp_history", own=False)
    if isinstance(history, dict) and all(key in history for key in KEYS):
        history = {key: student.array(history[key]) for key in KEYS}
        check_curves(student.figures("mnist_xor"), history, "the plot of the MLP's accuracies")
