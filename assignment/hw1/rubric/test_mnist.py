"""Public checks of the notebook that trains mytorch on MNIST: its functions, one by one."""

import numpy as np
import pytest

from autograder.rubric import check

# float32 inside of mytorch is accepted, here through three layers and a few steps.
ATOL = 1e-4


def forward(parameters, X):
    """What Linear, ReLU, Linear, ... compute: the inputs of all layers and the logits."""
    inputs = [X]
    for k in range(0, len(parameters), 2):
        Z = inputs[-1] @ parameters[k].T + parameters[k + 1]
        inputs.append(Z if k == len(parameters) - 2 else np.maximum(Z, 0))
    return inputs


def leaky(x):
    """ReLU where a hundredth of negative entries is kept."""
    return np.where(x > 0, x, 0.01 * x)


def sigmoid(x):
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def losses_of(logits, labels):
    """The cross-entropy of each sample."""
    return np.logaddexp.reduce(logits, axis=1) - logits[np.arange(len(labels)), labels]


@pytest.mark.item("p6-training", weight=0.25)
def test_prepare(student, rng):
    """Images become rows of 784 numbers from 0 to 1."""
    images = rng.integers(0, 256, size=(3, 28, 28), dtype=np.uint8)
    images[0, 0, :2] = 0, 255
    rows = images.reshape(3, 784).astype(float)
    check(student.problem_6.prepare(images), "prepare(images) for three images").close(
        rows / 255,
        atol=1e-6,
        hints={
            "the grey values are not scaled: 255 becomes 1.0": rows,
            "divided by 256: 255 becomes 1.0": rows / 256,
            "scaled to -1 ... 1: 0 stays 0": rows / 127.5 - 1,
            "the images are not flattened: each becomes one row": images / 255,
            "the columns come before the rows": images.transpose(0, 2, 1).reshape(3, 784) / 255,
            "one column for each image: it has to be one row": rows.T / 255,
        },
    )


@pytest.mark.item("p6-training", weight=0.5)
def test_model(student, rng):
    """The model is 784 -> 128 ReLU -> 64 ReLU -> 10, and its outputs are logits."""
    model = student.problem_6.build_model()
    arrays = check(model.get_parameters(), "build_model().get_parameters()").sequence(6)
    shapes = [list(np.shape(array)) for array in arrays]
    expected = [[128, 784], [128], [64, 128], [64], [10, 64], [10]]
    check(shapes, "the shapes of build_model().get_parameters()").equals(
        expected,
        hints={
            "the weights are transposed: those of Linear are (out_features, in_features)": [
                shape[::-1] for shape in expected
            ],
            "the hidden layers are in the wrong order: 128 units first, then 64": [
                [64, 784], [64], [128, 64], [128], [10, 128], [10],
            ],
        },
        carried={
            "b is a row of shape": [s if len(s) == 2 else [1, *s] for s in expected],
            "b is a column of shape": [s if len(s) == 2 else [*s, 1] for s in expected],
            "W is transposed: it is": [s[::-1] for s in expected],
        },
    )  # fmt: skip
    is_turned = shapes[0] == [784, 128]
    X = rng.uniform(size=(6, 784))
    # Initial weights are small; larger ones tell the models apart.
    for position, array in enumerate(arrays):
        own = student.item(student.hold(model.get_parameters), position)
        value = rng.normal(0, 2 / np.sqrt(expected[position][-1]), array.shape)
        own[...] = value
        # As the handout has it, where the student's shapes are other ones that have cost points.
        arrays[position] = (value.T if is_turned else value).reshape(expected[position])
    *inputs, logits = forward(arrays, X)
    (W1, b1, W2, b2, W3, b3), exponentials = arrays, np.exp(logits - logits.max(axis=1)[:, None])
    check(model.forward(X), "the model's output, for weights of our own,").close(
        logits,
        atol=ATOL,
        hints={
            "the ReLU is missing: the layers in a row are one linear layer": (
                ((X @ W1.T + b1) @ W2.T + b2) @ W3.T + b3
            ),
            "the first ReLU is missing": np.maximum((X @ W1.T + b1) @ W2.T + b2, 0) @ W3.T + b3,
            "the second ReLU is missing": (inputs[1] @ W2.T + b2) @ W3.T + b3,
            "there are sigmoids in place of the ReLUs": (
                sigmoid(sigmoid(X @ W1.T + b1) @ W2.T + b2) @ W3.T + b3
            ),
            "the last layer is followed by a ReLU: its outputs are logits": np.maximum(logits, 0),
            "the last layer is followed by a sigmoid: its outputs are logits": (sigmoid(logits)),
            "the last layer is followed by a softmax: the loss contains it": (
                exponentials / exponentials.sum(axis=1, keepdims=True)
            ),
        },
        carried={
            "the bias b is missing": forward([W1, 0, W2, 0, W3, 0], X)[-1],
            "the bias b is subtracted": forward([W1, -b1, W2, -b2, W3, -b3], X)[-1],
            "negative entries keep a hundredth": leaky(leaky(X @ W1.T + b1) @ W2.T + b2) @ W3.T
            + b3,
        },
    )


# In the checks of train and predict the model is one of ours, in the place of build_model's:
# X Wᵀ + b, whose gradients are right.


def with_constant(nats):
    """The mean of -log(ŷ + constant), for constants that the check of the loss charges."""
    return {
        f"the probability was kept above {10.0**-k:g}: compute": (
            -np.log(np.exp(-nats) + 10.0**-k).mean()
        )
        for k in range(3, 16)
    }


@pytest.mark.item("p6-training", weight=0.5)
def test_one_step(student, rng):
    """One epoch of one batch moves each parameter by -learning_rate times its gradient."""
    W, b, X = rng.normal(size=(4, 6)), rng.normal(size=4), rng.normal(size=(20, 6))
    labels, rate = rng.integers(0, 4, size=20), 0.3
    model = student.support.records.Classifier(W, b)
    losses = student.problem_6.train(model, X, labels, 1, rate, 20, 1)
    logits = X @ W.T + b
    y = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    error = (y - np.eye(4)[labels]) / 20
    gradients = {"W": (W, error.T @ X), "b": (b, error.sum(axis=0))}
    for after, (name, (p, g)) in zip(model.get_parameters(), gradients.items(), strict=True):
        check(after, f"{name} of X Wᵀ + b after one epoch of one batch").close(
            p - rate * g,
            atol=ATOL * rate,
            hints={
                "it has not moved: are backward and step called?": p,
                "the sign is wrong: it increases the loss": p + rate * g,
                "the learning rate of the parameter cell was used, not the argument": p - 0.1 * g,
                "the default learning rate 0.01 was used, not the argument": p - 0.01 * g,
                "the gradients are divided by the batch size: the loss is a mean already": (
                    p - rate * g / 20
                ),
                "the gradients are those of the sum of the losses": p - rate * g * 20,
            },
            carried={
                "not divided by the batch size: the loss": p - rate * g * 20,
                "divided by the batch size twice": p - rate * g / 20,
                "divided by N·C: the mean is over": p - rate * g / 4,
                "y - ŷ instead of ŷ - y": p + rate * g,
            },
        )
    [first] = check(losses, "what train returns for one epoch").sequence(1)
    loss = losses_of(logits, labels).mean()
    check(first, "the loss of the first epoch, of one batch").close(
        loss,
        rtol=1e-4,
        squeeze=True,
        carried={
            "summed over the samples": 20 * loss,
            "divided by N·C: the mean is over": loss / 4,
            "the sign is wrong: cross-entropy": -loss,
            "in bits: take": loss / np.log(2),
            "in base 10: take": loss / np.log(10),
        }
        | with_constant(losses_of(logits, labels)),
    )


@pytest.mark.item("p6-training", weight=0.25)
def test_train_follows_the_gradient(student, rng):
    """Training moves a model along its gradient; without that, no result of it counts."""
    W, b, X = rng.normal(size=(4, 5)), rng.normal(size=4), rng.normal(size=(12, 5))
    model = student.support.records.Classifier(W, b)
    # How far, which way and in which batches is asked elsewhere. All labels are alike, so that it
    # does not matter in what order they come.
    student.hold(student.problem_6.train, model, X, np.full(12, 2), 2, 0.01, 12, 1)
    powers = np.exp(X @ W.T + b)
    gradient = (powers / powers.sum(axis=1, keepdims=True) - np.eye(4)[2]).T @ X
    after = check(model.get_parameters(), "the parameters of a trained model").sequence(2)[0]
    check(after, "W of a trained model X Wᵀ + b").close(W, atol=np.inf)
    moved = after - W
    check(np.linalg.norm(moved), "how far train moves a model").above(
        1e-9, hint="it has not moved: are backward and step called?"
    )
    along = abs(np.sum(moved * gradient)) / np.linalg.norm(moved) / np.linalg.norm(gradient)
    check(along, "the cosine of what train moves a model by and its gradient").above(0.5)


def as_number(value):
    """The value as a float where it is a number, and nan where not."""
    return float(value) if isinstance(value, int | float | np.number) else np.nan


@pytest.mark.item("p6-training", weight=0.5)
def test_batches(student, rng):
    """Each epoch shows every sample once, with its own label, and an update follows each batch."""
    labels, W = rng.integers(0, 5, size=21), rng.normal(size=(5, 3))
    X = np.column_stack([np.arange(21.0), rng.uniform(-1, 1, size=(21, 3))])
    record = student.support.records.Record(W)
    student.hold(student.problem_6.train, record, X, labels, 2, 1.0, 8, 4)
    batches = record.batches
    sizes = [len(indices) for indices, _, _ in batches]
    check(sizes, "the sizes of the batches, for 21 samples, 2 epochs, batch_size = 8").equals(
        [8, 8, 5] * 2,
        hints={
            "the last batch of each epoch is left out": [8, 8] * 2,
            "there is one epoch only": [8, 8, 5],
            "batch_size was not used: all samples are in one batch": [21] * 2,
            "every sample is a batch of its own": [1] * 42,
            "there is one batch an epoch": [1] * 2,
        },
    )
    for epoch in range(2):
        part = batches[3 * epoch : 3 * epoch + 3]
        seen = [index for indices, _, _ in part for index in indices]
        check(sorted(seen), f"the samples of epoch {epoch + 1}, sorted").equals(
            list(range(21)),
            hints={"the same batch is shown again and again": sorted(part[0][0] * 3)},
        )
        given = [label for _, labels, _ in part for label in labels]
        check(given, f"the labels of epoch {epoch + 1}, in the order of its samples").equals(
            [int(labels[index]) for index in seen],
            hints={
                "images are shuffled and labels are not: use one order for both": (
                    [int(label) for label in labels]
                )
            },
        )
    updates = [round(number) for _, _, number in batches]
    check(updates, "the number of updates before each batch").equals(
        [0, 1, 2, 3, 4, 5],
        hints={
            "there is one update an epoch: it is one after each batch": [0, 0, 0, 1, 1, 1],
            "the model is never updated: step is missing": [0] * 6,
            "every update goes the wrong way": [0, -1, -2, -3, -4, -5],
            "there are two updates after each batch": [0, 2, 4, 6, 8, 10],
        },
    )
    check_replayed(record.get_parameters(), W, X[:, 1:], batches)


def check_replayed(parameters, W, X, batches):
    """Require the parameters that updates on the batches of a record lead to.

    The record is made where train runs. That it is true is seen from the weights.
    """
    after, count = check(parameters, "the parameters of the model in the record").sequence(2)
    numbers = [*(number for _, _, number in batches), -float(np.ravel(count)[0])]
    ends = []
    for scale in (lambda n: 1.0, lambda n: n, lambda n: 1 / n):  # the loss is asked elsewhere
        end = W
        for position, (indices, labels, number) in enumerate(batches):
            inputs = X[indices]
            powers = np.exp(inputs @ end.T)
            error = powers / powers.sum(axis=1, keepdims=True) - np.eye(len(W))[labels]
            gradient = error.T @ inputs / len(indices)
            end = end - (numbers[position + 1] - number) * scale(len(indices)) * gradient
        ends.append(end)
    distances = [np.abs(np.subtract(after, end)).max() for end in ends]
    check(after, "W after the recorded training").close(ends[int(np.argmin(distances))], atol=ATOL)


@pytest.mark.item("p6-training", weight=0.5, counts_with="test_train_follows_the_gradient")
def test_epoch_losses(student, rng):
    """The losses that train returns are means over the samples, one for each epoch."""
    W, b, X = rng.normal(size=(4, 6)), rng.normal(size=4), rng.normal(size=(33, 6))
    labels = rng.integers(0, 4, size=33)
    model = student.support.records.Classifier(W, b)
    each = losses_of(X @ W.T + b, labels)
    loss = each.mean()
    losses = student.problem_6.train(model, X, labels, 3, 0.0, 16, 2)
    epochs = check(losses, "what train returns for 3 epochs").sequence(3)
    for epoch, got in enumerate(epochs, 1):
        what = f"the loss of epoch {epoch} with learning rate 0, 33 samples in batches of 16,"
        # The order is the student's, so the last batch, of one sample, can be any of them.
        unweighted = [(33 * loss - last) / 16 / 3 + last / 3 for last in each]
        close_by = min(unweighted, key=lambda value: abs(value - as_number(got)))
        check(got, what).close(
            loss,
            rtol=1e-4,
            squeeze=True,
            hints={
                "a mean over batches: the last one has a single sample, and counts as much as "
                "the others": close_by,
                "the losses of the batches are summed up: divide by the number of samples": (
                    3 * close_by
                ),
                "the losses of the samples are summed up: divide by their number": 33 * loss,
                "the loss of one batch only": min(each, key=lambda v: abs(v - as_number(got))),
                "divided by the number of whole batches": 3 * close_by / 2,
            },
            carried={
                # In batches of 16 that is one sample, whichever it is.
                "the last batch of each epoch is left out": min(
                    ((33 * loss - last) / count for last in each for count in (32, 33)),
                    key=lambda value: abs(value - as_number(got)),
                )
            }
            | with_constant(each),
        )


@pytest.mark.item("p6-training", weight=1.0)
def test_training(student, data, rng):
    """Six epochs on 1,200 images bring a new model above 70 % on images it has never seen."""
    mnist = data.mnist()
    images, labels = mnist.all_train()
    chosen = rng.permutation(len(images))[:1200]
    # Pixels and classes have numbers of our own, so that only a training on these images helps.
    pixels, classes = rng.permutation(784), rng.permutation(10)
    X = images[chosen].reshape(len(chosen), 784)[:, pixels] / 255
    model = student.problem_6.build_model()
    losses = student.problem_6.train(model, X, classes[labels[chosen]], 6, 0.05, 16, 3)
    losses = check(losses, "what train returns for 6 epochs").sequence(6)
    asked = rng.permutation(len(mnist.test_images))[:1000]
    X_test = mnist.test_images[asked].reshape(len(asked), 784)[:, pixels] / 255
    # Our own argmax of the model's logits: predict has a check of its own.
    logits = model.forward(X_test)
    check(logits, "the logits of the trained model").close(np.zeros((len(asked), 10)), atol=np.inf)
    right = np.mean(logits.argmax(axis=1) == classes[mnist.test_labels[asked]])
    # A right solution gets 83 % to 90 % of MNIST and 84 % to 94 % of its stand-in (150 draws each),
    # and got 80.6 % once. What does not learn has about 10 %; epochs are counted elsewhere.
    check(100 * right, "the test accuracy (per cent) after training").above(
        70, hint=diagnosis(losses)
    )


def diagnosis(losses):
    """What the losses of six epochs say about a training that has not worked."""
    losses = [as_number(loss) for loss in losses]
    if not np.all(np.isfinite(losses)):
        return "the loss is not finite: is the sign of the update right?"
    if losses[-1] > 1.2 * losses[0]:
        return "the loss rises: is the sign of the update right?"
    if losses[-1] > 0.9 * losses[0] and losses[-1] > 2.0:
        return "the loss stays near log 10 = 2.30: are images and labels shuffled together?"
    return "the loss falls, but too slowly: does every epoch see every image?"


@pytest.mark.item("p6-training", weight=0.25)
def test_predict_and_accuracy(student, rng):
    """The prediction is the class of the largest logit, and accuracy is in per cent."""
    W, b, X = rng.normal(size=(4, 6)), rng.normal(size=4), rng.normal(size=(40, 6))
    model = student.support.records.Classifier(W, b)
    logits = X @ W.T + b
    got = student.problem_6.predict(model, X)
    check(got if got is None else np.asarray(got, dtype=float), "predict(model, X)").close(
        logits.argmax(axis=1).astype(float),
        hints={
            "these are logits: the index of the largest is wanted": logits,
            "the class of the smallest logit": logits.argmin(axis=1).astype(float),
        },
    )
    count = int(rng.choice([5, 6, 7, 9, 10, 11]))  # of 8, as many are right as wrong
    labels = rng.integers(0, 4, size=16)
    wrong = rng.permutation(np.arange(16) >= count)
    predictions = np.where(wrong, (labels + 1) % 4, labels)
    what = f"accuracy, {count} of 16 right,"
    check(student.problem_6.accuracy(predictions, labels), what).number().close(
        100 * count / 16,
        hints={
            "that is a share of 1: it is asked for in per cent": count / 16,
            "that is the number of right predictions": float(count),
            "that is the share of wrong predictions": 100 - 100 * count / 16,
        },
    )
