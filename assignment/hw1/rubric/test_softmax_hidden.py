"""Hidden checks of the Jacobian of softmax: extreme scores, one class, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check


def jacobian(z, tau):
    """The Jacobian of softmax(z/τ), without overflow."""
    exponentials = np.exp((z - z.max()) / tau)
    y = exponentials / exponentials.sum()
    return (np.diag(y) - np.outer(y, y)) / tau


@pytest.mark.item("p1-softmax-jacobian")
def test_extreme_scores(student, rng):
    """Scores of any sign and size give finite, right derivatives."""
    cases = {
        "all scores near -100000": (rng.normal(size=4) - 1e5, 1.0),
        "scores near 10000, a low temperature": (rng.normal(size=4) + 1e4, 0.05),
        "scores near -10000, a high temperature": (rng.normal(size=4) - 1e4, 20.0),
        "scores thousands apart": (np.array([4000.0, 0.0, -4000.0]), 1.0),
    }
    for what, (z, tau) in cases.items():
        K = len(z)
        J = student.theory.softmax_jacobian(z, tau)
        # The scores carry 16 digits; with 5 of them spent on their size, 1e-8 is left.
        check(J, f"J for {what}").close(
            jacobian(z, tau),
            rtol=1e-6,
            atol=1e-7,
            hints={
                "every exponential is rounded to 0, or has overflowed: subtract the largest "
                "score of z/τ first": np.full((K, K), np.nan),
                "the scores are clipped: subtract the largest one instead": np.full(
                    (K, K), -1 / K**2 / tau
                )
                + np.eye(K) / K / tau,
            },
        )


@pytest.mark.item("p1-softmax-jacobian")
def test_sizes(student, rng):
    """One class, two and many are treated alike."""
    for K in (1, 2, 30):
        z, tau = rng.normal(size=K), rng.uniform(0.5, 2.0)
        check(student.theory.softmax_jacobian(z, tau), f"J for K = {K}").close(jacobian(z, tau))


@pytest.mark.item("p1-softmax-jacobian", counts_with="test_jacobian_without_temperature")
def test_scores_are_left_alone(student, rng):
    """The scores are the same after the call."""
    z = rng.normal(size=4)
    scores = student.place(z)
    student.theory.softmax_jacobian(scores, 2.0)
    check(student.read(scores), "z after the call").close(
        z,
        hints={
            "z was divided by τ in place: make a new array": z / 2.0,
            "the maximum was subtracted from z in place: make a new array": z - z.max(),
        },
    )
