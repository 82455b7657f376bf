"""Public checks of the Jacobian of softmax."""

import numpy as np
import pytest

from autograder.rubric import check


def softmax(z):
    """The softmax of the scores z, without overflow."""
    exponentials = np.exp(z - z.max())
    return exponentials / exponentials.sum()


def mistakes(z, tau):
    """What known mistakes give for the Jacobian, by their description."""
    y, y_cold, K = softmax(z / tau), softmax(z), len(z)
    J = np.diag(y) - np.outer(y, y)
    return {
        "the factor 1/τ of the inner derivative is missing": J,
        "multiplied by τ: the inner derivative of z/τ is 1/τ": J * tau,
        "1/τ stands there twice": J / tau**2,
        "τ is missing throughout: y is softmax(z/τ), and the inner derivative 1/τ": (
            np.diag(y_cold) - np.outer(y_cold, y_cold)
        ),
        "y is softmax(z): it has to be softmax(z/τ)": (
            (np.diag(y_cold) - np.outer(y_cold, y_cold)) / tau
        ),
        "y is softmax(z·τ): it has to be softmax(z/τ)": (
            np.diag(softmax(z * tau)) - np.outer(softmax(z * tau), softmax(z * tau))
        )
        / tau,
        "the sign is wrong: yyᵀ is taken from diag(y), not the other way round": -J / tau,
        "only the diagonal: every probability depends on every score": np.diag(y * (1 - y)) / tau,
        "yyᵀ is missing: y has the sum of all exponentials in it": np.diag(y) / tau,
        "yyᵀ is added: it has to be taken away": (np.diag(y) + np.outer(y, y)) / tau,
        "diag(y) is missing": -np.outer(y, y) / tau,
        "the identity stands in place of diag(y)": (np.eye(K) - np.outer(y, y)) / tau,
        "these are the probabilities y, not their derivatives": y,
        "only ∂yᵢ/∂zᵢ is returned: the Jacobian has K rows and K columns": y * (1 - y) / tau,
    }


@pytest.mark.item("p1-softmax-jacobian")
def test_jacobian_without_temperature(student, rng):
    """For τ = 1 the Jacobian of softmax is right in every entry."""
    z = rng.normal(size=4)
    y = softmax(z)
    # What is done with τ makes no difference here.
    hints = {hint: value for hint, value in mistakes(z, 1.0).items() if "τ" not in hint}
    check(student.theory.softmax_jacobian(z, 1.0), "J for K = 4, τ = 1").close(
        np.diag(y) - np.outer(y, y), hints=hints
    )


@pytest.mark.item("p1-softmax-jacobian")
def test_jacobian_with_temperature(student, rng):
    """For other temperatures the Jacobian has τ where it belongs."""
    for tau in (rng.uniform(0.3, 0.7), rng.uniform(1.5, 3.0)):
        z = rng.normal(size=5)
        y = softmax(z / tau)
        J = student.theory.softmax_jacobian(z, tau)
        check(J, f"J for K = 5, τ = {tau:.2f}").close(
            (np.diag(y) - np.outer(y, y)) / tau, hints=mistakes(z, tau)
        )


@pytest.mark.item("p1-softmax-jacobian")
def test_large_scores(student):
    """Scores in the thousands neither overflow nor turn into nan."""
    z = np.array([1000.0, 1001.0, 999.0])
    y = softmax(z)
    check(student.theory.softmax_jacobian(z, 1.0), "J for z = (1000, 1001, 999)").close(
        np.diag(y) - np.outer(y, y),
        hints={
            "an exponential has overflowed: subtract the largest score first": np.full(
                (3, 3), np.nan
            )
        },
    )
