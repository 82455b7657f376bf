"""Public checks of Problem 4: accuracy and report.

Each function is called with predictions of the check's own, so that an item does not depend on
the items before it.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import count_confusion, precision_and_recall
from autograder.rubric.rerun import left_by_run

CLASSES = (
    "basophil", "eosinophil", "erythroblast", "immature granulocyte", "lymphocyte", "monocyte",
    "neutrophil", "platelet",
)  # fmt: skip


def answers(rng, count=400):
    """Labels in which every class occurs, and predictions of which about 2 of 3 are right."""
    labels = rng.permutation(np.arange(count) % 8)
    guesses = rng.choice(8, size=count, p=[0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05])
    return labels, np.where(rng.random(count) < 0.6, labels, guesses)


def variable(student, name, own=True):
    """A variable of the notebook's own run by value, or None where the run has not got there."""
    value = left_by_run(student.problem_4, name, own=own)
    return None if value is None else student.support.blood_cells.plain(value)


def run_answers(student):
    """Labels and predictions of the notebook's own run, or None where it has none."""
    labels = variable(student, "test_labels", own=False)
    predictions = variable(student, "test_predictions", own=False)
    if labels is None or predictions is None:
        return None
    labels, predictions = np.asarray(labels), np.asarray(predictions)
    usable = predictions.shape == labels.shape and np.isin([labels, predictions], range(8)).all()
    return (labels.astype(int), predictions.astype(int)) if usable else None


def ask_teacher(student, rng, function, logits):
    """What a function says of images for which a model of ours has these logits."""
    order, signs = rng.permutation(8), rng.choice([-1.0, 1.0], size=8)
    pixels = np.empty_like(logits)
    pixels[:, order] = logits * signs
    ask = student.support.blood_cells.ask_teacher
    return ask(function, pixels, order, signs, student.problem_4.DEVICE)


@pytest.mark.item("p4-accuracy")
def test_predictions(student, rng):
    """The class predicted is that of the largest logit, in evaluation mode."""
    logits = rng.permuted(np.tile(np.linspace(-3, 4, 8), (20, 1)), axis=1).astype(np.float32)
    got = ask_teacher(student, rng, student.problem_4.predict, logits)
    right = logits.argmax(axis=1)
    check(np.shape(got), "the shape of what predict returns for 20 inputs").equals(
        (20,), hints={"these are the logits: take the class of the largest": (20, 8)}
    )
    check(np.asarray(got, dtype=float), "predict").close(
        right.astype(float),
        hints={
            "the model was in training mode: model.eval()": (right + 1.0) % 8,
            "these are the classes of the smallest logit": logits.argmin(axis=1) * 1.0,
            "these are the largest logits themselves, not their classes": logits.max(axis=1),
        },
    )


def unit_carried(right, count):
    """What is right where the unit of an accuracy has cost points: that fault -> the accuracy."""
    return {
        "that is a fraction, expected per cent": right,
        "that is the share of wrong predictions": 100 * (1 - right),
        "that is the number of right predictions": count * right,
    }


@pytest.mark.item("p4-accuracy")
@pytest.mark.parametrize("shape", [(120,), (120, 1)])
def test_accuracy(student, rng, shape):
    """The share of right predictions, in per cent; labels may be (N,) or (N, 1)."""
    labels, predictions = answers(rng, 120)
    right = np.mean(labels == predictions)
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.accuracy, predictions, labels.reshape(shape))
    )
    # The unit is asked for once, with labels (N,).
    got = check(got, f"accuracy with labels of the shape {shape}").number(per_cent=len(shape) == 2)
    got.close(
        100 * right,
        hints={
            "that is a fraction, expected per cent": right,
            "that is the share of wrong predictions": 100 * (1 - right),
            "that is the number of right predictions": 120 * right,
            "labels (N, 1) and predictions (N,) are compared each with each: flatten the labels": (
                100 * np.mean(labels[:, None] == predictions)
            ),
        },
        carried=unit_carried(right, 120),
    )


@pytest.mark.item("p4-accuracy", counts_with="test_predictions")
def test_accuracy_of_the_run(student, rng):
    """test_accuracy is the accuracy of test_predictions."""
    labels, predictions = answers(rng, 16)
    student.hold(student.problem_4.accuracy, predictions, labels)
    got, found = variable(student, "test_accuracy"), run_answers(student)
    variable(student, "test_predictions")
    if got is not None and found is not None:
        labels, predictions = found
        right = float(np.mean(labels == predictions))
        check(got, "test_accuracy").number(per_cent=True).close(
            100 * right, carried=unit_carried(right, len(labels))
        )


def report_of(student, labels, predictions):
    """The student's report, by value."""
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.make_report, labels, predictions)
    )
    if isinstance(got, str):
        hint = "output_dict=True makes a dict of it"
        raise CheckFailed("the report", "is a text, expected a dict", hint)
    return got


def check_report(report, confusion, what):
    """Require precision and recall of each class."""
    if not isinstance(report, dict):
        raise CheckFailed(what, f"is of type {type(report).__name__}, expected a dict")
    report = check(report, what).names(of=CLASSES).got
    missing = [name for name in CLASSES if name not in report]
    numbered = all(str(number) in report for number in range(8))
    if missing and numbered:
        raise CheckFailed(what, "has numbers for classes", "target_names=CLASSES")
    if missing:
        raise CheckFailed(what, f"lacks {', '.join(missing)}")
    values = dict(zip(("precision", "recall"), precision_and_recall(confusion), strict=True))
    for key, other in (("precision", "recall"), ("recall", "precision")):
        got = np.array([report[name].get(key, np.nan) for name in CLASSES], dtype=float)
        check(got, f"the {key} of the 8 classes in {what}").close(
            values[key],
            hints={
                "labels and predictions are swapped: first the true classes": values[other],
                "that is in per cent, expected from 0 to 1": 100 * values[key],
            },
        )


@pytest.mark.item("p4-report")
def test_report(student, rng):
    """The report has precision and recall of each class, by its name."""
    labels, predictions = answers(rng)
    report = report_of(student, labels, predictions)
    check_report(report, count_confusion(labels, predictions, 8), "the report")


@pytest.mark.item("p4-report")
def test_class_that_is_never_predicted(student, rng):
    """A class that is never predicted stays in the report."""
    labels, predictions = answers(rng)
    absent = int(rng.integers(0, 8))
    predictions = np.where(predictions == absent, (absent + 1) % 8, predictions)
    report = report_of(student, labels, predictions)
    what = f"the report where {CLASSES[absent]} is never predicted"
    check_report(report, count_confusion(labels, predictions, 8), what)


@pytest.mark.item("p4-report", counts_with="test_report")
def test_report_of_the_run(student, rng):
    """The notebook's own report is that of its predictions."""
    report_of(student, *answers(rng))
    found = run_answers(student)
    report = None if found is None else variable(student, "report")
    if report is not None:
        check_report(report, count_confusion(*found, 8), "the notebook's report")
