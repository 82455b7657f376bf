"""Hidden checks of Problem 4's results: classes that do not occur, and exact borders."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import count_confusion

QUADRANTS = ("confident right", "confident wrong", "unsure right", "unsure wrong")


@pytest.mark.item("p4-confusion")
def test_classes_that_do_not_occur(student, rng):
    """The matrix is (8, 8), also where a class occurs neither in labels nor in predictions."""
    labels, predictions = rng.choice([0, 2, 3, 6, 7], size=(2, 90))
    matrix = student.support.blood_cells.plain(
        student.hold(student.problem_4.make_confusion, labels, predictions)
    )
    check(np.shape(matrix), "the shape of the confusion matrix").equals(
        (8, 8), hints={"classes that do not occur have no row: labels=range(8)": (5, 5)}
    )
    right = count_confusion(labels, predictions, 8).astype(float)
    check(np.asarray(matrix, dtype=float), "make_confusion").close(right, hints={})


@pytest.mark.item("p4-confused-pairs", counts_with="test_confused_pairs")
def test_matrix_is_left(student, rng):
    """The confusion matrix is left as it is."""
    confusion = rng.permutation(64).reshape(8, 8) + 3
    kept = student.place(confusion)
    student.hold(student.problem_4.most_confused, kept)
    if not np.array_equal(student.read(kept), confusion):
        hint = "work on a copy: confusion.copy()"
        raise CheckFailed("the confusion matrix", "is changed by most_confused", hint)


@pytest.mark.item("p4-confidence")
def test_borders(student, rng):
    """Confidences of exactly 0.9 and 0.6 belong to no quadrant."""
    confidence = np.array([0.9, 0.9, 0.6, 0.6, 0.95, 0.95, 0.5, 0.5])
    labels = rng.integers(0, 8, size=8)
    classes = np.where(np.arange(8) % 2, labels, (labels + 1) % 8)
    rows = np.repeat((1 - confidence[:, None]) / 7, 8, axis=1)
    rows[np.arange(8), classes] = confidence
    got = student.support.blood_cells.plain(
        student.hold(student.problem_4.find_quadrants, rows, labels)
    )
    expected = {name: [place] for name, place in zip(QUADRANTS, (5, 4, 7, 6), strict=True)}
    for name in QUADRANTS:
        indices = sorted(np.asarray(got[name]).astype(int).ravel().tolist())
        too_many = sorted(expected[name] + [expected[name][0] - 4])
        check(indices, f"{name} where confidences are exactly 0.9 and 0.6").equals(
            expected[name],
            hints={"the borders belong to no quadrant: > 0.9 and < 0.6": too_many},
        )
