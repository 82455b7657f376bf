"""Public checks of the Huber loss's gradient, without and with a ridge penalty.

Your formula is compared with what differences of the loss give.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.differences import derivative


def draw(rng, n, d, delta):
    """Weights, samples and targets whose residuals lie on both sides of delta, on either side."""
    # Of both signs, and for a δ of 0.3 to 0.5 with large residuals on either side of 1: no two of
    # the mistakes below give the same.
    w, X = np.abs(rng.normal(size=d)) * np.resize([1.0, -1.0], d), rng.normal(size=(n, d))
    sizes = np.where(np.arange(n) % 2, rng.uniform(1.5, 4, n), rng.uniform(0.1, 0.9, n))
    sizes[[1, 3]] = 1.6, 4.0
    residuals = delta * sizes * rng.permutation(np.resize([1.0, 1.0, -1.0, -1.0], n))
    return w, X, X @ w + residuals


def huber(r, delta):
    """The loss of each residual, as the notebook defines it."""
    size = np.abs(r)
    return np.where(size <= delta, r**2 / 2, delta * (size - delta / 2))


def slope(loss, w, X, y, delta):
    """The gradient of a loss of the residuals, measured with steps that meet no kink."""
    return derivative(lambda weights: np.sum(loss(y - X @ weights)), w, step=1e-4 * delta)


def gradient(w, X, y, delta):
    """The gradient of the Huber loss, measured."""
    return slope(lambda r: huber(r, delta), w, X, y, delta)


def mistakes(w, X, y, delta):
    """What known mistakes give for the gradient, by their description: that of another loss."""
    losses = {
        "nothing is clipped: that is the gradient of the squared error": lambda r: r**2 / 2,
        "every residual counts by its sign alone: small ones count by their size": (
            lambda r: delta * np.abs(r)
        ),
        "residuals beyond δ count by their sign alone: δ·sign(r), not sign(r)": (
            lambda r: np.where(np.abs(r) <= delta, r**2 / 2, np.abs(r))
        ),
        "residuals beyond δ lost their sign: the derivative there is δ·sign(r)": (
            lambda r: np.where(np.abs(r) <= delta, r**2 / 2, delta * r)
        ),
        "residuals beyond δ do not count at all: their derivative is δ·sign(r)": (
            lambda r: np.where(np.abs(r) <= delta, r**2 / 2, 0.0)
        ),
        "the two cases are swapped: residuals up to δ count by their size": (
            lambda r: np.where(np.abs(r) <= delta, delta * np.abs(r), r**2 / 2)
        ),
        "clipped at 1: the threshold is δ": lambda r: huber(r, 1.0),
        "residuals are only clipped from above: large negative ones count as -δ": (
            lambda r: np.where(r > 0, huber(r, delta), r**2 / 2)
        ),
        "δ is the norm of the residuals here: each residual is compared with it by itself": (
            lambda r: huber(np.sqrt(np.sum(r**2)), delta)
        ),
    }
    right = gradient(w, X, y, delta)
    measured = {hint: slope(loss, w, X, y, delta) for hint, loss in losses.items()}
    squared = measured["nothing is clipped: that is the gradient of the squared error"]
    return {
        "the sign is wrong: r falls when wᵀx rises": -right,
        "divided by the number of samples: L is a sum": right / len(y),
        "half of it: the ½ cancels the 2 of the square": right / 2,
        "twice of it: the ½ cancels the 2 of the square": 2 * right,
        **measured,
        "clipped the whole gradient: each residual is clipped by itself": (
            np.sign(squared) * np.minimum(np.abs(squared), delta)
        ),
    }


@pytest.mark.item("p2-huber-gradient")
def test_small_residuals(student, rng):
    """Where all residuals are within δ it is the gradient of half the squared error."""
    w, X = rng.normal(size=3), rng.normal(size=(8, 3))
    y = X @ w + np.concatenate([[0.9, -0.9], rng.uniform(-0.9, 0.9, size=6)])
    # What is done to large residuals makes no difference here.
    named = ("the sign", "divided", "half", "twice", "every residual", "δ is the norm")
    hints = {
        hint: value for hint, value in mistakes(w, X, y, 1.0).items() if hint.startswith(named)
    }
    check(student.theory.huber_gradient(w, X, y, 1.0), "∂L/∂w").close(
        gradient(w, X, y, 1.0), hints=hints
    )


@pytest.mark.item("p2-huber-gradient")
def test_residuals_of_all_sizes(student, rng):
    """Residuals beyond δ, of either sign, count with δ and their sign."""
    delta = rng.uniform(0.3, 0.5)
    w, X, y = draw(rng, 12, 3, delta)
    check(student.theory.huber_gradient(w, X, y, delta), "∂L/∂w").close(
        gradient(w, X, y, delta), hints=mistakes(w, X, y, delta)
    )


@pytest.mark.item("p2-huber-gradient")
def test_threshold(student, rng):
    """The threshold follows delta, whether it is small or large."""
    for delta in (3.0, 0.01, 500.0):
        w, X, y = draw(rng, 10, 4, delta)
        check(student.theory.huber_gradient(w, X, y, delta), f"∂L/∂w for δ = {delta:g}").close(
            gradient(w, X, y, delta), hints=mistakes(w, X, y, delta)
        )


@pytest.mark.item("p2-ridge")
def test_ridge_penalty(student, rng):
    """The penalty adds λw to the gradient."""
    delta, lam = rng.uniform(0.3, 0.5), rng.uniform(0.3, 0.8)
    w, X, y = draw(rng, 12, 3, delta)
    without = gradient(w, X, y, delta)
    penalty = derivative(lambda weights: lam * np.sum(weights**2) / 2, w)
    lasso = derivative(lambda weights: lam * np.sum(np.abs(weights)), w, step=1e-6)
    right = without + penalty
    got = student.theory.huber_ridge_gradient(w, X, y, delta, lam)
    hints = {
        "the penalty is missing": without,
        "twice the penalty: the ½ cancels the 2 of the square": right + penalty,
        "half of the penalty: the ½ cancels the 2 of the square": right - penalty / 2,
        "the penalty is subtracted: it is added to the loss": without - penalty,
        "λ is missing": without + penalty / lam,
        "only the penalty: the gradient of the Huber loss is missing": penalty,
        "λ|w|: that would be the derivative of something else": without + np.abs(penalty),
        "that is the penalty ½λ‖w‖² itself: its derivative is wanted": (
            without + lam * np.sum(w**2) / 2
        ),
        "λ·sign(w) belongs to the penalty λ‖w‖₁": without + lasso,
        "the penalty is multiplied by the number of samples": without + 12 * penalty,
    }
    try:
        check(got, "∂L/∂w with the penalty").close(right, hints=hints)
    except CheckFailed:
        # A wrong huber_gradient, if it is used here, costs its own item's points only.
        own = student.theory.huber_gradient(w, X, y, delta)
        if not is_own_with_penalty(got, own, penalty):
            raise


def is_own_with_penalty(got, own, penalty):
    """Whether `got` is the student's own Huber gradient with the right penalty added."""
    arrays = [got, own]
    if not all(isinstance(a, np.ndarray) and a.dtype.kind == "f" for a in arrays):
        return False
    return got.shape == own.shape == penalty.shape and np.allclose(got, own + penalty)
