"""Public checks of the trained models: the runs of the notebook, their figures, the selection."""

from contextlib import contextmanager

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import layers_of
from autograder.rubric.words import says

METHODS = ("default", "zero", "uniform", "normal", "xavier")
OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad")
# The mean distance of weights that counts as none: a few steps may go the other way where a
# gradient is nearly 0, and one step is about 1e-3.
STEP = 2e-5
CROSSED = ("best initialisation, worst optimizer", "worst initialisation, best optimizer")


def digits_of_the_test(student):
    """The test images of the notebook's run as rows, and their labels."""
    images = np.array(student.mnist_xor.test_images, dtype=float)
    return images.reshape(len(images), -1), np.array(student.mnist_xor.test_labels)


def accuracy_of(state, images, labels):
    """The accuracy of fully connected layers with ReLU, in per cent."""
    x = images
    layers = layers_of(state, images.shape[1])
    with np.errstate(all="ignore"):  # a training may have diverged
        for number, (W, b) in enumerate(layers):
            x = (np.maximum(x, 0) if number else x) @ W.T + b
    return np.count_nonzero(x.argmax(axis=1) == labels) * 100 / len(labels)


def check_accuracy(student, stated, model, what, test=None):
    """Require the test accuracy of a model that the run has trained."""
    images, labels = test or digits_of_the_test(student)
    right = accuracy_of(student.state(model), images, labels)

    def own():
        book = student.mnist_xor
        return float(book.evaluate_module(model, book.test_loader))

    check(stated, what).number(per_cent=True).close(
        right,
        # float32 may read an image or two otherwise here than there; it may be rounded.
        atol=0.006 + 200 / len(labels),
        rtol=0,
        carried={"q1-mlp-model": own},
        hint="it is measured on the test images, after training",
    )


def check_run(student, found, what, test=None):
    """Require a trained model, a history of EPOCHS and the accuracy of this model."""
    if not isinstance(found, dict):
        raise CheckFailed(what, f"is of type {type(found).__name__}, expected a dict")
    missing = [key for key in ("model", "history", "test_accuracy") if key not in found]
    check(missing, f"the list of keys that {what} lacks").equals([])
    epochs = student.mnist_xor.EPOCHS
    check(len(accuracies_of(found)), f"the number of epochs in {what}").equals(
        epochs,
        hints={"EPOCHS was not used: 20 is fixed in the code": 20, "there was one epoch": 1},
    )
    what = f'"test_accuracy" of {what}'
    check_accuracy(student, found["test_accuracy"], found["model"], what, test)


def accuracies_of(found):
    """The validation accuracies of a run."""
    history = found["history"]
    if not isinstance(history, dict) or "val_accuracy" not in history:
        raise CheckFailed("the history of a run", 'has no "val_accuracy"', "return the history")
    return np.array([float(value) for value in history["val_accuracy"]])


def first_weights(found):
    """The first weights of the model of a run."""
    return np.float64(next(iter(found["model"].parameters())))


def all_weights(found):
    """All parameters of the model of a run, one behind the other."""
    return np.concatenate([np.ravel(a) for a in found["model"].parameters_as_arrays()])


SMALL = {"train_loader": 32, "val_loader": 10, "test_loader": 20}


@contextmanager
def small_study(student, rng, epochs=1):
    """Let the notebook's runs be short ones on images of stripes, and put all back after it.

    The training of all images takes minutes; what a run is made of can be seen from a short one.
    """
    book = student.mnist_xor
    kept = {name: getattr(book, name) for name in ("EPOCHS", *SMALL)}
    try:
        book.EPOCHS = epochs
        for name, count in SMALL.items():
            labels = rng.permutation(np.arange(count) % 10)
            rows = rng.uniform(0, 0.3, size=(count, 784))
            rows[np.arange(count)[:, None], 70 * labels[:, None] + np.arange(70)] += 0.6
            images = rows.reshape(-1, 1, 28, 28)
            setattr(book, name, student.loader(images, labels, batch_size=16))
        yield np.float64(np.float32(rows)), labels  # of the test images, the last
    finally:
        for name, value in kept.items():
            setattr(book, name, value)


def made_of_parts(student, method, name):
    """A run of the student's own parts: MLP, initialise, make_optimizer, train_module."""
    book = student.mnist_xor
    student.torch.manual_seed(book.SEED)
    model = book.MLP()
    book.initialise(model, method)
    optimizer = book.make_optimizer(model, name)
    book.train_module(model, book.train_loader, book.val_loader, optimizer, book.EPOCHS)
    return {"model": model}


def distance_of(one, other):
    """The mean distance of the parameters of two runs."""
    return float(np.abs(all_weights(one) - all_weights(other)).mean())


@pytest.mark.item("q1-run", weight=2)
def test_run(student, rng):
    """A run has its trained model, its history and the test accuracy of the model."""
    with small_study(student, rng, epochs=2) as test:
        found = student.mnist_xor.run("default", "adam")
        check_run(student, found, 'run("default", "adam")', test)
        parts = made_of_parts(student, "default", "adam")
    what = 'the distance of run("default", "adam") from a model that train_module has trained'
    check(distance_of(found, parts), what).close(
        0.0, atol=STEP, hint="train the model for EPOCHS by train_module"
    )


@pytest.mark.item("q1-run")
def test_run_begins_anew(student, rng):
    """Every run has a new model and the same seed."""
    with small_study(student, rng):
        one, two = (student.mnist_xor.run("xavier", "sgd") for _ in range(2))
        check(student.same(one["model"], two["model"]), "that two runs share a model").equals(
            False, hint="build a new MLP in every run"
        )
        what = "the first weights of a second run of the same kind"
        check(first_weights(two), what).close(
            first_weights(one), hint="call torch.manual_seed(SEED) first", atol=1e-6
        )


@pytest.mark.item("q1-run")
def test_run_initialises(student, rng):
    """The model of a run begins as its method says."""
    with small_study(student, rng):
        found = student.mnist_xor.run("normal", "sgd")
        distance = distance_of(found, made_of_parts(student, "normal", "sgd"))
    what = 'the distance of run("normal", "sgd") from a model that began with normal'
    check(distance, what).close(0.0, atol=STEP, hint="method was not used")


@pytest.mark.item("q1-run")
def test_run_uses_the_optimizer(student, rng):
    """Runs with other optimizers end elsewhere."""
    with small_study(student, rng):
        for name in ("rmsprop", "adagrad"):
            found = student.mnist_xor.run("default", name)
            distance = distance_of(found, made_of_parts(student, "default", name))
            what = f'the distance of run("default", "{name}") from a model trained with {name}'
            check(distance, what).close(0.0, atol=STEP, hint="optimizer_name was not used")


def planted_runs(rng, names, epochs):
    """Runs that never were: validation accuracies in per cent, no two alike."""
    values = rng.permutation(np.linspace(40, 95, len(names) * epochs)).reshape(len(names), epochs)
    return {
        name: {
            "model": None,
            "history": {
                "loss": np.linspace(2, 1, epochs).tolist(),
                "train_accuracy": (row + 2).tolist(),
                "val_accuracy": row.tolist(),
            },
            "test_accuracy": float(rng.uniform(50, 90)),
        }
        for name, row in zip(names, values, strict=True)
    }


def curves_of(axes, runs):
    """The line of each run in one pair of axes: {name: line}."""
    found = {}
    for name, values in runs.items():
        for line in axes.any_lines(0):
            y = np.asarray(line.y, dtype=float)
            if y.shape == np.shape(values) and any(
                np.allclose(y, scale * np.asarray(values), rtol=1e-4) for scale in (1, 0.01)
            ):
                found.setdefault(name, line)
    return found


def check_curves(figures, runs, what, words=("accuracy",)):
    """Require one plot with the validation accuracies of all runs."""
    most = max(figures.axes(), key=lambda axes: len(curves_of(axes, runs)), default=None)
    found = curves_of(most, runs) if most else {}
    if not found:
        problem = "is missing: no line goes through the validation accuracies of these runs"
        figures.missing(what, list(words), problem)
    missing = [name for name in runs if name not in found]
    check(missing, f"the list of runs without a line in {what}").equals(
        [], hint="draw all runs in one plot" if len(found) == 1 else ""
    )
    return most, found


@pytest.mark.item("q1-plot-runs")
@pytest.mark.parametrize("count", [4, 3])
def test_plot_runs(student, rng, count):
    """plot_runs draws the validation accuracies of all runs in one plot."""
    names = rng.permutation(["one", "two", "three", "four", "five"])[:count].tolist()
    planted = planted_runs(rng, names, int(rng.integers(5, 9)))
    figures = student.drawn(student.mnist_xor.plot_runs, planted, "a title")
    runs = {name: found["history"]["val_accuracy"] for name, found in planted.items()}
    _, found = check_curves(figures, runs, "the plot of the runs")
    for name, line in found.items():
        steps = np.diff(line.x)
        is_epoch = np.allclose(steps, 1) and line.x[0] in (0, 1)
        check(bool(is_epoch), f"that {name} is drawn against the epoch").is_true()


@pytest.mark.item("q1-plot-runs")
def test_words_of_the_plot(student, rng):
    """The plot of the runs has axis labels, a title, and a legend with the names of the runs."""
    planted = planted_runs(rng, ["red", "green", "blue"], 6)
    figures = student.drawn(student.mnist_xor.plot_runs, planted, "a fine title")
    runs = {name: found["history"]["val_accuracy"] for name, found in planted.items()}
    axes, found = check_curves(figures, runs, "the plot of the runs")
    for name, line in found.items():
        named = bool(axes.data["legend"]) and says(line.label, name)
        check(named, f"that the legend names the line of {name}").is_true(
            hint="label=name for each line, and plt.legend()"
        )
    axes.what = "the plot of the runs"
    axes.labelled(x="epoch", y="accuracy")
    shown = f"{axes.data['title']} {axes.figure['title']}"
    check("a fine title" in shown, "that the plot has the title it was given").is_true()


def runs_of(student, name, keys):
    """Some runs of the notebook by name, with the keys that are asked for."""
    found = getattr(student.mnist_xor, name)
    keys_there = sorted(map(str, found)) if isinstance(found, dict) else type(found).__name__
    check(keys_there, f"the keys of {name}").equals(sorted(keys))
    return found


def check_study(student, name, keys):
    """Require runs that are those of their names, all different."""
    found = runs_of(student, name, keys)
    for key in keys:
        check_run(student, found[key], f'{name}["{key}"]')
    check_apart(found, name)
    return found


def check_repeated(student, found, what, setting, hint=""):
    """Require the model that `run` makes of this initialisation and this optimizer.

    The small data of the notebook's run are one batch, so that their order does not matter.
    """
    distance = distance_of(found, student.mnist_xor.run(*setting))
    check(distance, f"the distance of {what} from a run of {setting[0]} with {setting[1]}").close(
        0.0,
        atol=STEP,
        hint=hint or "it is not what run makes of these two",
        carried={"q1-run": distance},
    )


def check_apart(runs, name):
    """Require that no two runs have the same weights."""
    keys = list(runs)
    weights = {key: all_weights(runs[key]) for key in keys}
    for place, one in enumerate(keys):
        for other in keys[:place]:
            distance = float(np.abs(weights[one] - weights[other]).max())
            check(distance, f'how far the models of "{one}" and "{other}" in {name} are').above(
                1e-6, hint="they are one model: train each run anew"
            )


@pytest.mark.item("q1-init-study")
def test_init_runs(student, rng):
    """init_runs has a run for each method, all different."""
    runs = check_study(student, "init_runs", METHODS)
    method = str(rng.choice(METHODS))
    check_repeated(student, runs[method], f'init_runs["{method}"]', (method, "adam"))


@pytest.mark.item("q1-init-study", weight=0.5, counts_with="test_init_runs")
def test_init_figure(student):
    """A figure shows the validation accuracies of init_runs."""
    check_figure(student, "init_runs", METHODS)


def check_figure(student, name, keys):
    """Require a figure of the run with the curves of a study."""
    runs = runs_of(student, name, keys)
    values = {key: accuracies_of(runs[key]) for key in keys}
    check_curves(student.figures("mnist_xor"), values, f"the plot of {name}")


@pytest.mark.item("q1-optimizer-study")
def test_optimizer_runs(student, rng):
    """optimizer_runs has a run for each optimizer, all different, from the best initialisation."""
    runs = check_study(student, "optimizer_runs", OPTIMIZERS)
    best = str(student.mnist_xor.best_method)
    for name in ("adam", str(rng.choice(OPTIMIZERS[1:]))):
        check_repeated(
            student,
            runs[name],
            f'optimizer_runs["{name}"]',
            (best, name),
            f"begin from the best initialisation, best_method, here {best}",
        )


@pytest.mark.item("q1-optimizer-study", weight=0.5, counts_with="test_optimizer_runs")
def test_optimizer_figure(student):
    """A figure shows the validation accuracies of optimizer_runs."""
    check_figure(student, "optimizer_runs", OPTIMIZERS)


@pytest.mark.item("q1-best-and-worst")
@pytest.mark.parametrize("count", [5, 3])
def test_best_and_worst(student, rng, count):
    """The best and the worst run are those of the last validation accuracy."""
    runs = planted_runs(rng, ["a", "b", "c", "d", "e"][:count], 4)

    curves = {name: found["history"]["val_accuracy"] for name, found in runs.items()}

    def ends(number_of):
        numbers = {name: number_of(name) for name in runs}
        return [max(numbers, key=numbers.__getitem__), min(numbers, key=numbers.__getitem__)]

    got = check(student.mnist_xor.best_and_worst(runs), "best_and_worst").sequence(2)
    right = ends(lambda name: curves[name][3])
    hints = {
        "the worst and the best are the wrong way round": right[::-1],
        "the test images decide nothing: compare by validation accuracy": ends(
            lambda name: runs[name]["test_accuracy"]
        ),
        "that is the first epoch, expected the last": ends(lambda name: curves[name][0]),
        "that is the best epoch of each run, expected the last": ends(
            lambda name: max(curves[name])
        ),
    }
    check(list(got), "the names that best_and_worst returns").equals(
        right, hints={hint: value for hint, value in hints.items() if value != right}
    )


@pytest.mark.item("q1-crossed")
def test_crossed_runs(student):
    """crossed_runs are the two runs that cross best and worst."""
    book = student.mnist_xor
    best, worst = (
        (str(getattr(book, f"{end}_method")), str(getattr(book, f"{end}_optimizer")))
        for end in ("best", "worst")
    )
    found = runs_of(student, "crossed_runs", CROSSED)
    for key, pair in zip(CROSSED, ((best[0], worst[1]), (worst[0], best[1])), strict=True):
        check_run(student, found[key], f'crossed_runs["{key}"]')
        check_repeated(student, found[key], f'crossed_runs["{key}"]', pair)


@pytest.mark.item("q1-mlp-result")
def test_mlp_of_the_run(student):
    """The notebook's MLP is trained by Adam for EPOCHS, and its test accuracy is its own."""
    book = student.mnist_xor
    found = {
        "model": book.mlp,
        "history": book.mlp_history,
        "test_accuracy": book.mlp_test_accuracy,
    }
    check_run(student, found, "the training of the MLP")
    student.torch.manual_seed(book.SEED)
    model = book.MLP()
    begin = all_weights({"model": model})
    adam = student.torch.optim.Adam(model.parameters())
    book.train_module(model, book.train_loader, book.val_loader, adam, book.EPOCHS)
    # Where train_module moves no weights, that has cost its own points.
    is_trained = distance_of(found, {"model": model}) == 0 or np.any(all_weights(found) != begin)
    check(bool(is_trained), "that mlp is trained").is_true(hint="train it by train_module")
    got, begin = first_weights(found), first_weights({"model": book.MLP()})
    check(float(got.std()), "the standard deviation of the first weights of the MLP").close(
        float(begin.std()),
        # Some steps change it a little.
        rtol=0.1,
        hint="the MLP begins as PyTorch makes it",
        carried={"q1-mlp-model": float(got.std())},
    )


@pytest.mark.item("q1-logistic-result")
def test_logistic_of_the_run(student):
    """The notebook's W and b are trained, and their test accuracy is their own."""
    book = student.mnist_xor
    W, b = np.float64(book.W), np.float64(book.b)
    stated = book.logistic_test_accuracy
    images, labels = digits_of_the_test(student)
    check(list(W.shape), "the shape of W").equals([784, 10])
    check(float(W.std()), "the standard deviation of W").above(
        1e-8, hint="W was not trained: call logistic_regression"
    )
    student.torch.manual_seed(book.SEED)
    rate = book.LOGISTIC_RATE
    again, _ = book.logistic_regression(book.train_loader, book.val_loader, book.EPOCHS, rate)
    check(W, "W").close(
        # The small data are one batch, whose order does not matter.
        np.float64(again),
        atol=1e-4,
        hint="it is not what logistic_regression returns for EPOCHS and LOGISTIC_RATE",
    )
    right = np.count_nonzero((images @ W + b).argmax(axis=1) == labels) * 100 / len(labels)
    check(stated, "logistic_test_accuracy").number(per_cent=True).close(
        right,
        # float32 may read an image otherwise here than there; it may be rounded.
        atol=0.006 + 100 / len(labels),
        rtol=0,
        hint="it is measured on the test images, after training",
    )
