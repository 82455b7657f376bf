"""Hidden checks of the Huber loss's gradients: the kinks, sizes, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check


def gradient(w, X, y, delta):
    """The gradient of the Huber loss."""
    return -X.T @ np.clip(y - X @ w, -delta, delta)


@pytest.mark.item("p2-huber-gradient")
def test_residuals_at_the_threshold(student):
    """A residual of exactly δ counts with δ, one of exactly 0 not at all."""
    w, X = np.zeros(2), np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 1.0]])
    y = np.array([0.5, -0.5, 0.0])
    check(student.theory.huber_gradient(w, X, y, 0.5), "∂L/∂w for residuals δ, -δ and 0").close(
        gradient(w, X, y, 0.5)
    )


@pytest.mark.item("p2-huber-gradient")
def test_sizes(student, rng):
    """One sample, one weight, more weights than samples."""
    for n, d in [(1, 1), (1, 5), (6, 1), (3, 8), (200, 3)]:
        w, X, y = rng.normal(size=d), rng.normal(size=(n, d)), 3 * rng.normal(size=n)
        check(student.theory.huber_gradient(w, X, y, 0.8), f"∂L/∂w for n = {n}, d = {d}").close(
            gradient(w, X, y, 0.8),
            hints={"divided by the number of samples: L is a sum": gradient(w, X, y, 0.8) / n},
        )


@pytest.mark.item("p2-huber-gradient")
def test_one_outlier(student, rng):
    """An outlier pulls no harder than δ, however far off it is."""
    w, X = rng.normal(size=3), rng.normal(size=(6, 3))
    y = X @ w
    y[2] += 1e6
    check(student.theory.huber_gradient(w, X, y, 1.5), "∂L/∂w with one outlier").close(
        # Residuals of about 1e-16 remain where the line is met.
        -1.5 * X[2],
        hints={
            "the outlier counts with its whole residual": -X.T @ (y - X @ w),
            "the outlier does not count at all": np.zeros(3),
        },
    )


@pytest.mark.item("p2-huber-gradient", counts_with="test_small_residuals")
def test_arguments_are_left_alone(student, rng):
    """w, X and y are the same after the call."""
    values = {"w": rng.normal(size=2), "X": rng.normal(size=(5, 2)), "y": rng.normal(size=5)}
    placed = {name: student.place(value) for name, value in values.items()}
    student.theory.huber_gradient(*placed.values(), 0.3)
    for name, value in values.items():
        check(student.read(placed[name]), f"{name} after the call").close(value)


def excess(student, w, X, y, delta, lam):
    """What lam changes in the gradient, in the student's own terms: λw where it is right."""
    ridge = student.theory.huber_ridge_gradient
    difference = []
    for factor in (lam, 0.0):
        got = ridge(w, X, y, delta, factor)
        check(got, f"∂L/∂w for λ = {factor:.2f}").close(np.zeros(len(w)), atol=np.inf)
        difference.append(got)
    return difference[0] - difference[1]


@pytest.mark.item("p2-ridge")
def test_penalty_of_any_size(student, rng):
    """The penalty grows with λ and with w, and vanishes for λ = 0."""
    for lam in (0.1, 7.0):
        w, X, y = rng.normal(size=4), rng.normal(size=(3, 4)), rng.normal(size=3)
        got = excess(student, w, X, y, 0.5, lam)
        check(got, f"what a penalty with λ = {lam:g} adds to ∂L/∂w").close(
            lam * w,
            hints={
                "twice λw: the ½ cancels the 2 of the square": 2 * lam * w,
                "λw divided by the number of samples": lam * w / 3,
                "λw times the number of samples": 3 * lam * w,
                "λ counts squared": lam**2 * w,
            },
        )


@pytest.mark.item("p2-ridge")
def test_all_weights_are_penalised(student):
    """No weight is left out of the penalty, the first and the last included."""
    w, X, y = np.array([1.0, -2.0, 3.0]), np.zeros((2, 3)), np.zeros(2)
    got = student.theory.huber_ridge_gradient(w, X, y, 1.0, 0.5)
    check(got, "∂L/∂w where only the penalty is left").close(
        0.5 * w,
        hints={
            "the first weight is not penalised: this model has no intercept": [0.0, -1.0, 1.5],
            "the last weight is not penalised: this model has no intercept": [0.5, -1.0, 0.0],
        },
    )
