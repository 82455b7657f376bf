"""Hidden checks of Adam's updates: its usual rates, edge cases, arguments left alone."""

import numpy as np
import pytest

from autograder.rubric import check


def updates(w1, g1, g2, lr, beta1, beta2, eps):
    """The weights after one and after two updates, in closed form."""
    w2 = w1 - lr * g1 / (np.abs(g1) + eps)
    m_hat = (beta1 * g1 + g2) / (1 + beta1)
    v_hat = (beta2 * g1**2 + g2**2) / (1 + beta2)
    return w2, w2 - lr * m_hat / (np.sqrt(v_hat) + eps)


def compare(student, what, w1, g1, g2, rates):
    """Require both updates to be right."""
    got = student.theory.adam_updates(w1, g1, g2, *rates)
    answers = check(got, "what adam_updates returns").sequence(2)
    for name, answer, right in zip(("w2", "w3"), answers, updates(w1, g1, g2, *rates), strict=True):
        # The steps are compared, not the weights: they may be a thousandth of these.
        moved = answer if answer is None else np.asarray(answer) - w1
        check(moved, f"{name} - w1 {what}").close(np.asarray(right) - w1, rtol=1e-5, atol=1e-12)


@pytest.mark.item("p3-adam-updates")
def test_usual_rates(student, rng):
    """The rates of the paper, and gradients of very different sizes."""
    w1, g1, g2 = rng.normal(size=(3, 6))
    scale = np.array([1e-6, 1e-3, 1.0, 1.0, 1e3, 1e6])
    compare(student, "at the usual rates", w1, g1 * scale, g2 * scale, (0.001, 0.9, 0.999, 1e-8))


@pytest.mark.item("p3-adam-updates")
def test_any_rates(student, rng):
    """Rates drawn at random, for a matrix of weights."""
    rates = rng.uniform([0.01, 0.1, 0.3, 0.01], [1.0, 0.9, 0.95, 0.5])
    w1, g1, g2 = rng.normal(size=(3, 2, 5))
    compare(student, "for a matrix", w1, g1, g2, tuple(float(rate) for rate in rates))


@pytest.mark.item("p3-adam-updates")
def test_without_memory(student, rng):
    """For β₁ = β₂ = 0 each update sees its own gradient only."""
    w1, g1, g2 = rng.normal(size=(3, 4))
    compare(student, "for β₁ = β₂ = 0", w1, g1, g2, (0.1, 0.0, 0.0, 0.01))


@pytest.mark.item("p3-adam-updates")
def test_zero_gradients(student):
    """A weight without gradient stays where it is."""
    w1, zero = np.array([1.0, -2.0]), np.zeros(2)
    got = student.theory.adam_updates(w1, zero, zero, 0.1, 0.9, 0.999, 1e-8)
    for name, weight in zip(("w2", "w3"), check(got, "the answer").sequence(2), strict=True):
        check(weight, f"{name} where all gradients are zero").close(
            w1, hints={"0/0: ε is missing in the denominator": np.full(2, np.nan)}
        )


@pytest.mark.item("p3-adam-updates")
def test_arguments_are_left_alone(student, rng):
    """w1, g1 and g2 are the same after the call, and w2 is not w3's array."""
    values = dict(zip(("w1", "g1", "g2"), rng.normal(size=(3, 4)), strict=True))
    placed = {name: student.place(value) for name, value in values.items()}
    rates = (0.1, 0.8, 0.9, 0.05)
    got = student.theory.adam_updates(*placed.values(), *rates)
    for name, value in values.items():
        check(student.read(placed[name]), f"{name} after the call").close(
            value,
            hints={
                "it was updated in place: make a new array": updates(*values.values(), *rates)[1]
            },
        )
    w2, _ = check(got, "what adam_updates returns").sequence(2)
    right = updates(*values.values(), *rates)
    check(w2, "w2").close(
        right[0], hints={"the second update has changed it in place: make a new array": right[1]}
    )
