"""Public checks of the Huber loss's gradient, without and with a ridge penalty."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check


def draw(rng, n, d, delta):
    """Weights, samples and targets whose residuals lie on both sides of delta, on either side."""
    # Of both signs, and for a δ of 0.3 to 0.5 with large residuals on either side of 1: no two of
    # the mistakes below give the same.
    w, X = np.abs(rng.normal(size=d)) * np.resize([1.0, -1.0], d), rng.normal(size=(n, d))
    sizes = np.where(np.arange(n) % 2, rng.uniform(1.5, 4, n), rng.uniform(0.1, 0.9, n))
    sizes[[1, 3]] = 1.6, 4.0
    residuals = delta * sizes * rng.permutation(np.resize([1.0, 1.0, -1.0, -1.0], n))
    return w, X, X @ w + residuals


def gradient(w, X, y, delta):
    """The gradient of the Huber loss."""
    return -X.T @ np.clip(y - X @ w, -delta, delta)


def mistakes(w, X, y, delta):
    """What known mistakes give for the gradient, by their description."""
    r = y - X @ w
    small = np.abs(r) <= delta
    right = gradient(w, X, y, delta)
    return {
        "the sign is wrong: r falls when wᵀx rises": -right,
        "divided by the number of samples: L is a sum": right / len(y),
        "half of it: the ½ cancels the 2 of the square": right / 2,
        "twice of it: the ½ cancels the 2 of the square": 2 * right,
        "nothing is clipped: that is the gradient of the squared error": -X.T @ r,
        "every residual counts by its sign alone: small ones count by their size": (
            -X.T @ (delta * np.sign(r))
        ),
        "residuals beyond δ count by their sign alone: δ·sign(r), not sign(r)": (
            -X.T @ np.where(small, r, np.sign(r))
        ),
        "residuals beyond δ lost their sign: the derivative there is δ·sign(r)": (
            -X.T @ np.where(small, r, delta)
        ),
        "residuals beyond δ do not count at all: their derivative is δ·sign(r)": (
            -X.T @ np.where(small, r, 0.0)
        ),
        "the two cases are swapped: residuals up to δ count by their size": (
            -X.T @ np.where(small, delta * np.sign(r), r)
        ),
        "clipped at 1: the threshold is δ": -X.T @ np.clip(r, -1, 1),
        "residuals are only clipped from above: large negative ones count as -δ": (
            -X.T @ np.minimum(r, delta)
        ),
        "clipped the whole gradient: each residual is clipped by itself": np.clip(
            -X.T @ r, -delta, delta
        ),
        "δ is the norm of the residuals here: each residual is compared with it by itself": (
            -X.T @ (r if np.linalg.norm(r) <= delta else delta * r / np.linalg.norm(r))
        ),
    }


@pytest.mark.item("p2-huber-gradient")
def test_small_residuals(student, rng):
    """Where all residuals are within δ it is the gradient of half the squared error."""
    w, X = rng.normal(size=3), rng.normal(size=(8, 3))
    y = X @ w + np.concatenate([[0.9, -0.9], rng.uniform(-0.9, 0.9, size=6)])
    # What is done to large residuals makes no difference here.
    told = ("the sign", "divided", "half", "twice", "every residual", "δ is the norm")
    hints = {hint: value for hint, value in mistakes(w, X, y, 1.0).items() if hint.startswith(told)}
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
    right = gradient(w, X, y, delta)
    got = student.theory.huber_ridge_gradient(w, X, y, delta, lam)
    hints = {
        "the penalty is missing": right,
        "twice the penalty: the ½ cancels the 2 of the square": right + 2 * lam * w,
        "half of the penalty: the ½ cancels the 2 of the square": right + lam * w / 2,
        "the penalty is taken away: it is added to the loss": right - lam * w,
        "λ is missing": right + w,
        "only the penalty: the gradient of the Huber loss is missing": lam * w,
        "λ|w|: that would be the derivative of something else": right + lam * np.abs(w),
        "that is the penalty ½λ‖w‖² itself: its derivative is wanted": right + lam * w @ w / 2,
        "λ·sign(w) belongs to the penalty λ‖w‖₁": right + lam * np.sign(w),
        "the penalty is multiplied by the number of samples": right + 12 * lam * w,
    }
    try:
        check(got, "∂L/∂w with the penalty").close(right + lam * w, hints=hints)
    except CheckFailed:
        # A wrong huber_gradient, if it is used here, costs its own item's points only.
        own = student.theory.huber_gradient(w, X, y, delta)
        if not is_own_with_penalty(got, own, lam * w):
            raise


def is_own_with_penalty(got, own, penalty):
    """Whether `got` is the student's own Huber gradient with the right penalty added."""
    arrays = [got, own]
    if not all(isinstance(a, np.ndarray) and a.dtype.kind == "f" for a in arrays):
        return False
    return got.shape == own.shape == penalty.shape and np.allclose(got, own + penalty)
