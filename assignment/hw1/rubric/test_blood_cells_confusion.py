"""Public checks of Problem 4: the confusion matrix, its heat map and the most confused pairs.

Each function is called with answers of the check's own, so that an item does not depend on the
items before it.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import count_confusion
from autograder.rubric.pictures import has_words
from autograder.rubric.rerun import left_by_run

CLASSES = (
    "basophil", "eosinophil", "erythroblast", "immature granulocyte", "lymphocyte", "monocyte",
    "neutrophil", "platelet",
)  # fmt: skip
HEAT_MAP = "the heat map of the confusion matrix"


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


@pytest.mark.item("p4-confusion")
def test_confusion(student, rng):
    """Rows of the confusion matrix are true classes, columns are predicted ones."""
    labels, predictions = answers(rng)
    right = count_confusion(labels, predictions, 8).astype(float)
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.make_confusion, labels, predictions)
    )
    rows, columns = right.sum(axis=1, keepdims=True), right.sum(axis=0, keepdims=True)
    check(np.asarray(got, dtype=float), "make_confusion").close(
        right,
        hints={
            "it is transposed: rows are true classes, columns predicted ones": right.T,
            "it is normalised: the entries are numbers of images": right / rows,
            "it is normalised by columns: the entries are numbers of images": right / columns,
            "the right answers are missing on the diagonal": right - np.diag(right.diagonal()),
        },
    )


def is_map_of(shown, confusion):
    """Whether a heat map shows a matrix, as numbers or as shares."""
    rows = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    forms = (confusion, rows, 100 * rows, confusion / confusion.sum())
    # Shares may have been rounded to two digits before they were drawn.
    return any(np.allclose(shown, form, rtol=1e-3, atol=6e-3) for form in forms)


def check_heat_map(figures, confusion):
    """Require a heat map of a confusion matrix with names on both axes, labelled."""
    confusion = np.asarray(confusion, dtype=float)
    maps = [
        (axes, np.asarray(image["values"], dtype=float))
        for figure in figures
        for axes in figure["axes"]
        for image in axes["images"]
        if np.shape(image["values"]) == confusion.shape
    ]
    if not maps:
        raise CheckFailed(HEAT_MAP, "is missing: no figure has an image of 8 × 8 values")
    right = [axes for axes, shown in maps if is_map_of(shown, confusion)]
    turned = [axes for axes, shown in maps if is_map_of(shown, confusion.T)]
    if not right and not turned:
        raise CheckFailed(HEAT_MAP, "shows other numbers than the confusion matrix")
    axes = (right or turned)[0]
    for side in ("xticklabels", "yticklabels"):
        missing = [name for name in CLASSES if not has_words(" ".join(axes[side]), name)]
        if missing:
            hint = "class names as tick labels"
            problem = f"does not name {', '.join(missing)} on its {side[0]} axis"
            raise CheckFailed(HEAT_MAP, problem, hint)
    sides = {"right": ("ylabel", "xlabel"), "turned": ("xlabel", "ylabel")}
    true_side, predicted_side = sides["right" if right else "turned"]
    true_words = ("true", "actual", "truth", "label", "real", "target")
    labels = {side: axes[side].lower() for side in ("xlabel", "ylabel")}
    for side, words, name in (
        (predicted_side, ("predict", "model", "taken for"), "predicted"),
        (true_side, true_words, "true"),
    ):
        if not any(word in labels[side] for word in words):
            problem = f"has the {side[0]} label {axes[side]!r} where the {name} classes are"
            hint = "rows, on the y axis, are true classes; columns, on the x axis, predicted ones"
            raise CheckFailed(HEAT_MAP, problem, hint)
    if "predict" in labels[true_side] and "true" not in labels[true_side]:
        problem = f"has the {true_side[0]} label {axes[true_side]!r} where the true classes are"
        raise CheckFailed(HEAT_MAP, problem, "the labels of the axes are swapped")


@pytest.mark.item("p4-confusion")
def test_heat_map(student, rng):
    """A heat map shows the matrix, with class names and labels on both axes."""
    confusion = count_confusion(*answers(rng), 8)
    figures = student.drawn(student.problem_4.show_confusion, confusion)
    check_heat_map(figures, confusion)


@pytest.mark.item("p4-confusion", counts_with="test_confusion")
def test_confusion_of_the_run(student, rng):
    """The notebook's own run makes the matrix of its predictions, and shows it."""
    student.hold(student.problem_4.make_confusion, *answers(rng))
    student.drawn(student.problem_4.show_confusion, count_confusion(*answers(rng), 8))
    found = run_answers(student)
    confusion = None if found is None else variable(student, "confusion")
    if confusion is None:
        return
    right, confusion = count_confusion(*found, 8).astype(float), np.asarray(confusion, dtype=float)
    if confusion.shape == (8, 8) and np.ptp(np.diag(confusion)) == 0:
        # most_confused has overwritten its diagonal; that is checked where it is asked for.
        confusion = confusion - np.diag(np.diag(confusion)) + np.diag(np.diag(right))
    hints = {"it is transposed: rows are true classes, columns predicted ones": right.T}
    check(confusion, "confusion").close(right, hints=hints)
    check_heat_map(student.figures("problem_4"), right)


def check_pairs(got, confusion, what, classes=CLASSES):
    """Require the two largest entries off the diagonal of a matrix, as (true, predicted, count)."""
    right = largest_two(confusion)
    expected = [(classes[row], classes[column], count) for row, column, count in right]
    pairs = [as_pair(pair, what) for pair in check(got, what).sequence(2)]
    turned = [(column, row, count) for row, column, count in expected]
    hints = {
        "true and predicted class are swapped": turned,
        "the more frequent mistake comes first": expected[::-1],
        "these are the same two classes twice: (i, j) and (j, i) are different mistakes": [
            pairs[0], (pairs[0][1], pairs[0][0], pairs[0][2]),
        ],
        "the diagonal holds the right answers, not mistakes": [
            (classes[row], classes[row], int(confusion[row, row]))
            for row in np.argsort(-confusion.diagonal(), kind="stable")[:2]
        ],
    }  # fmt: skip
    check(pairs, what).equals(expected, hints=hints)


def largest_two(confusion):
    """The two largest entries off the diagonal: (row, column, count)."""
    counts = np.array(confusion, dtype=np.int64)
    mistakes = np.where(np.eye(8, dtype=bool), -1, counts)
    places = np.argsort(-mistakes, axis=None, kind="stable")[:2]
    return [
        (int(row), int(column), int(mistakes[row, column]))
        for row, column in zip(*np.unravel_index(places, mistakes.shape), strict=True)
    ]


def as_pair(pair, what):
    """A pair as (name, name, int), however the classes are named and the images counted."""
    true, predicted, count = check(pair, f"each entry of {what}").sequence(3)
    names = check([true, predicted], f"each pair of classes in {what}").names(of=CLASSES).got
    try:
        return names[0], names[1], int(count)
    except (TypeError, ValueError):
        problem = "does not have a number of images in the third place"
        raise CheckFailed(what, problem, "(true class, predicted class, count)") from None


def distinct_confusion(rng):
    """A confusion matrix in which no two entries are alike; not symmetric."""
    confusion = rng.permutation(64).reshape(8, 8) + 3
    confusion[np.arange(8), np.arange(8)] += 100
    return confusion


@pytest.mark.item("p4-confused-pairs")
def test_confused_pairs(student, rng):
    """The two largest entries off the diagonal are found, with true and predicted class."""
    confusion = distinct_confusion(rng)
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.most_confused, confusion.copy())
    )
    check_pairs(got, confusion, "most_confused of a random matrix")


@pytest.mark.item("p4-confused-pairs")
def test_one_class_taken_for_two(student, rng):
    """Both mistakes may be of one class."""
    confusion, (row, first, second) = distinct_confusion(rng), rng.permutation(8)[:3]
    confusion[row, first], confusion[row, second] = 91, 90
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.most_confused, confusion.copy())
    )
    check_pairs(got, confusion, "most_confused of a class that is often taken for two others")


@pytest.mark.item("p4-confused-pairs", counts_with="test_confused_pairs")
def test_pairs_of_the_run(student, rng):
    """confused_pairs are those of the notebook's own confusion matrix."""
    student.hold(student.problem_4.most_confused, distinct_confusion(rng))
    confusion = variable(student, "confusion", own=False)
    pairs = None if np.shape(confusion) != (8, 8) else variable(student, "confused_pairs")
    if pairs is None:
        return
    pairs = check(pairs, "confused_pairs").sequence(2)
    counts = [as_pair(pair, "confused_pairs")[2] for pair in pairs]
    right = [count for _, _, count in largest_two(np.asarray(confusion, dtype=np.int64))]
    # Which of two equal entries comes first is free, so the run is judged by the counts.
    check(counts, "the counts of confused_pairs").equals(right)
