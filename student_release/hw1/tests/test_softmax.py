"""Public checks of the Jacobian of softmax: your formula is compared with measured derivatives."""

import numpy as np
import pytest

from autograder.rubric import check
from autograder.rubric.differences import derivative


def softmax(z):
    """The softmax of scores that are not large, as the notebook defines it."""
    return np.exp(z) / np.exp(z).sum()


def jacobian(z, tau):
    """The Jacobian of softmax(z / tau), measured."""
    return derivative(lambda scores: softmax(scores / tau), z)


def mistakes(z, tau):
    """What known mistakes give for the Jacobian, by their description."""
    J, J_cold = jacobian(z, tau), jacobian(z, 1.0)
    total = np.exp(z / tau).sum()
    # What comes out if the denominator is taken for a constant.
    frozen = derivative(lambda scores: np.exp(scores / tau) / total, z)
    return {
        "the factor 1/τ of the inner derivative is missing": J * tau,
        "multiplied by τ: the inner derivative of z/τ is 1/τ": J * tau**2,
        "1/τ occurs twice": J / tau,
        "τ is missing throughout: y is softmax(z/τ), and the inner derivative 1/τ": J_cold,
        "y is softmax(z): it has to be softmax(z/τ)": J_cold / tau,
        "y is softmax(z·τ): it has to be softmax(z/τ)": jacobian(z * tau, 1.0) / tau,
        "the sign is wrong: yyᵀ is taken from diag(y), not the other way round": -J,
        "only the diagonal: every probability depends on every score": np.diag(np.diag(J)),
        "yyᵀ is missing: y has the sum of all exponentials in it": frozen,
        "yyᵀ is added: it has to be subtracted": 2 * frozen - J,
        "diag(y) is missing": J - frozen,
        "the identity is used instead of diag(y)": J - frozen + np.eye(len(z)) / tau,
        "these are the probabilities y, not their derivatives": softmax(z / tau),
        "only ∂yᵢ/∂zᵢ is returned: the Jacobian has K rows and K columns": np.diag(J),
    }


@pytest.mark.item("p1-softmax-jacobian")
def test_jacobian_without_temperature(student, rng):
    """For τ = 1 the Jacobian of softmax is right in every entry."""
    z = rng.normal(size=4)
    # What is done with τ makes no difference here.
    hints = {hint: value for hint, value in mistakes(z, 1.0).items() if "τ" not in hint}
    check(student.theory.softmax_jacobian(z, 1.0), "J for K = 4, τ = 1").close(
        jacobian(z, 1.0), hints=hints
    )


@pytest.mark.item("p1-softmax-jacobian")
def test_jacobian_with_temperature(student, rng):
    """For other temperatures the Jacobian has τ where it belongs."""
    for tau in (rng.uniform(0.3, 0.7), rng.uniform(1.5, 3.0)):
        z = rng.normal(size=5)
        J = student.theory.softmax_jacobian(z, tau)
        check(J, f"J for K = 5, τ = {tau:.2f}").close(jacobian(z, tau), hints=mistakes(z, tau))


@pytest.mark.item("p1-softmax-jacobian")
def test_large_scores(student):
    """Scores in the thousands neither overflow nor turn into nan."""
    z = np.array([0.0, 1.0, -1.0])  # softmax does not change when 1000 is added to all scores
    J = student.theory.softmax_jacobian(z + 1000, 1.0)
    overflow = "an exponential has overflowed: subtract the largest score first"
    check(J, "J for z = (1000, 1001, 999)").close(
        jacobian(z, 1.0), hints={overflow: np.full((3, 3), np.nan)}
    )
