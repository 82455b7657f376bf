"""Public checks of what the full runs stated, held against the weights and the data."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import audit, fitting_claims

EPOCHS = 20
METHODS = ("default", "zero", "uniform", "normal", "xavier")
OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad")
# Test accuracy in per cent from which on a model counts as trained.
LEARNED = {
    "logistic": {"real": 88.0, "stand-in": 60.0},
    "mlp": {"real": 95.0, "stand-in": 70.0},
    "run": {"real": 80.0, "stand-in": 50.0},
}
# Weights are handed in as float16: a few of 10,000 images may be read otherwise by them.
ROUNDING = 0.3
# So many test images are put through each of the many networks.
IMAGES = 2000


def rows(images):
    """Images as rows from 0 to 1."""
    return images.reshape(len(images), -1).astype(np.float32) / 255


def numbers_of(claims, key, file):
    """A number that was stated."""
    if key not in claims["numbers"]:
        hint = "leave the cell with save_claims as it is given, and run the notebook once more"
        raise CheckFailed(f"{key} in {file}", "is missing", hint)
    return claims["numbers"][key]


def check_accuracy(stated, reached, what, rounding=ROUNDING):
    """Require the accuracy that saved weights reach."""
    got = check(stated, f"the stated test accuracy of {what}").number(per_cent=True).value()
    if abs(got - reached) > rounding:
        raise CheckFailed(
            f"the stated test accuracy of {what}",
            f"is {got:.2f} %, but the saved weights reach {reached:.2f} %",
            "run the whole notebook once more, so that weights and numbers are of one run",
        )


@pytest.mark.item("q1-logistic-result", weight=2, counts_with="test_logistic_of_the_run")
def test_logistic_claims(student, data, measured):
    """The saved W and b reach the test accuracy that is stated for them."""
    claims, mnist = fitting_claims(student, data, "logistic", "mnist")
    file = "claims/logistic.json"
    check(numbers_of(claims, "epochs", file), f"the stated epochs in {file}").equals(
        EPOCHS, hint="set EPOCHS back to 20 and run the notebook once more"
    )
    check(numbers_of(claims, "learning_rate", file), f"the stated learning rate in {file}").equals(
        0.1, hint="set LOGISTIC_RATE back to 0.1 and run the notebook once more"
    )
    shapes = sorted(list(array.shape) for array in claims["weights"].values())
    check(shapes, "the shapes of the saved weights").equals([[10], [784, 10]])
    reached = audit(claims["weights"], mnist.test_images, mnist.test_labels, rows).accuracy
    measured("Softmax regression: test accuracy (%)", reached)
    check_accuracy(numbers_of(claims, "test_accuracy", file), reached, "softmax regression")
    limit = LEARNED["logistic"][claims["data"]["kind"]]
    check(reached, "the test accuracy (per cent) of the saved W and b").above(limit)


@pytest.mark.item("q1-mlp-result", weight=2, counts_with="test_mlp_of_the_run")
def test_mlp_claims(student, data, measured):
    """The saved weights of the MLP reach the test accuracy that is stated for them."""
    claims, mnist = fitting_claims(student, data, "mlp", "mnist")
    file = "claims/mlp.json"
    history = numbers_of(claims, "history", file)
    values = history.get("val_accuracy") if isinstance(history, dict) else None
    check(values, f"the validation accuracies in {file}").numbers(per_cent=True)
    check(len(values), f"the number of epochs in {file}").equals(
        EPOCHS,
        hint="the run that is handed in has EPOCHS = 20",
    )
    audited = audit(claims["weights"], mnist.test_images, mnist.test_labels, rows, "ReLU")
    reached = audited.accuracy
    measured("MLP: test accuracy (%)", reached)
    check_accuracy(numbers_of(claims, "test_accuracy", file), reached, "the MLP")
    limit = LEARNED["mlp"][claims["data"]["kind"]]
    check(reached, "the test accuracy (per cent) of the saved MLP").above(limit)


class Runs:
    """The runs that were stated in claims/runs.json, with a sample of the test images."""

    def __init__(self, student, data, rng):
        self.claims, mnist = fitting_claims(student, data, "runs", "mnist")
        self.kind = self.claims["data"]["kind"]
        self.stated = numbers_of(self.claims, "runs", "claims/runs.json")
        chosen = rng.permutation(len(mnist.test_images))[:IMAGES]
        self.images, self.labels = mnist.test_images[chosen], mnist.test_labels[chosen]
        self.share = len(chosen) / len(mnist.test_images)

    def accuracies(self, name):
        """The stated validation accuracies of a run, in per cent."""
        if name not in self.stated:
            hint = "run the notebook once more, with all its cells, and hand in claims/"
            raise CheckFailed(f"the run {name} in claims/runs.json", "is missing", hint)
        values = self.stated[name].get("val_accuracy")
        got = check(values, f"the validation accuracies of {name}").numbers(per_cent=True).got
        return np.float64(got)

    def weights(self, name):
        """The saved weights of a run."""
        begin = f"{name}."
        found = {
            key.removeprefix(begin): array
            for key, array in self.claims["weights"].items()
            if key.startswith(begin)
        }
        if not found:
            raise CheckFailed(f"the weights of {name} in claims/runs.npz", "are missing")
        return found

    def check(self, name):
        """Require the stated accuracies of a run; return the one that its weights reach."""
        values = self.accuracies(name)
        check(len(values), f"the number of epochs of {name} in claims/runs.json").equals(
            EPOCHS, hint="the run that is handed in has EPOCHS = 20"
        )
        reached = audit(self.weights(name), self.images, self.labels, rows, "ReLU").accuracy
        # Measured on a sample of the test images; the margin is five standard errors of it.
        spread = np.sqrt(max(reached * (100 - reached), 100) / len(self.labels) * (1 - self.share))
        rounding = ROUNDING + 5 * spread
        check_accuracy(self.stated[name].get("test_accuracy"), reached, name, rounding)
        # The validation images are other ones of the same kind.
        if abs(values[-1] - reached) > rounding + 5:
            raise CheckFailed(
                f"the last validation accuracy of {name}",
                f"is {values[-1]:.2f} %, but the saved weights reach {reached:.2f} % in the test",
                "run the whole notebook once more, so that weights and numbers are of one run",
            )
        return reached

    def check_apart(self, names):
        """Require that no two runs have the same weights."""
        kept = {name: next(iter(self.weights(name).values())).ravel() for name in names}
        for place, one in enumerate(names):
            for other in names[:place]:
                same = kept[one].shape == kept[other].shape and np.array_equal(
                    kept[one], kept[other]
                )
                check(same, f"that the saved weights of {one} are those of {other}").equals(
                    False, hint="train a new model in every run"
                )


def best_of(runs, names):
    """The best and the worst of some runs, by the last validation accuracy."""
    last = {name: runs.accuracies(name)[-1] for name in names}
    return max(last, key=last.__getitem__), min(last, key=last.__getitem__)


@pytest.mark.item("q1-init-study", weight=2, counts_with="test_init_runs")
def test_init_claims(student, data, rng):
    """What the five initialisations reached is what their weights reach."""
    runs = Runs(student, data, rng)
    names = [f"{method}+adam" for method in METHODS]
    reached = {name: runs.check(name) for name in names}
    runs.check_apart(names)
    for method in ("default", "xavier"):
        check(reached[f"{method}+adam"], f"the test accuracy (per cent) of {method}").above(
            LEARNED["mlp"][runs.kind]
        )
    largest = max(float(np.abs(array).max()) for array in runs.weights("zero+adam").values()
                  if array.ndim == 2)  # fmt: skip
    check(largest, "the largest weight of the run that began with zeros").close(0.0, atol=1e-6)


@pytest.mark.item("q1-optimizer-study", weight=2, counts_with="test_optimizer_runs")
def test_optimizer_claims(student, data, rng):
    """What the four optimizers reached is what their weights reach."""
    runs = Runs(student, data, rng)
    best, _ = best_of(runs, [f"{method}+adam" for method in METHODS])
    method = best.partition("+")[0]
    names = [f"{method}+{name}" for name in OPTIMIZERS]
    for name in names:
        check(runs.check(name), f"the test accuracy (per cent) of {name}").above(
            LEARNED["run"][runs.kind]
        )
    runs.check_apart(names)


@pytest.mark.item("q1-crossed", counts_with="test_crossed_runs")
def test_crossed_claims(student, data, rng):
    """What the crossed runs reached is what their weights reach."""
    runs = Runs(student, data, rng)
    best, worst = best_of(runs, [f"{method}+adam" for method in METHODS])
    method, worst_method = best.partition("+")[0], worst.partition("+")[0]
    names = [f"{method}+{name}" for name in OPTIMIZERS]
    best_run, worst_run = best_of(runs, names)
    runs.check(worst_run)
    runs.check(f"{worst_method}+{best_run.partition('+')[2]}")
