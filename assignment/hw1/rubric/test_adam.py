"""Public checks of the first two updates of Adam."""

import numpy as np
import pytest

from autograder.rubric import check

RATES = {"lr": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 0.05}


def step(m_hat, v_hat, lr, eps):
    """One step of Adam from its corrected averages."""
    return -lr * m_hat / (np.sqrt(v_hat) + eps)


def updates(w1, g1, g2, lr, beta1, beta2, eps):
    """The weights after one and after two updates, in closed form."""
    w2 = w1 + step(g1, g1**2, lr, eps)
    m_hat = (beta1 * g1 + g2) / (1 + beta1)
    v_hat = (beta2 * g1**2 + g2**2) / (1 + beta2)
    return w2, w2 + step(m_hat, v_hat, lr, eps)


def first_mistakes(w1, g1, lr, beta1, beta2, eps):
    """What known mistakes give for w2, by their description."""
    m, v = (1 - beta1) * g1, (1 - beta2) * g1**2
    return {
        "the bias correction is missing: m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)": (
            w1 + step(m, v, lr, eps)
        ),
        "the bias correction is that of t = 2: the first update has t = 1": (
            w1 + step(m / (1 - beta1**2), v / (1 - beta2**2), lr, eps)
        ),
        "the bias correction of v is missing": w1 + step(g1, v, lr, eps),
        "the bias correction of m is missing": w1 + step(m, g1**2, lr, eps),
        "the bias correction divides by βᵗ: it is 1 - βᵗ": (
            w1 + step(m / beta1, v / beta2, lr, eps)
        ),
        "the sign is wrong: the step goes against the gradient": w1 - step(g1, g1**2, lr, eps),
        "ε stands under the root: it is added to √v̂": w1 - lr * g1 / np.sqrt(g1**2 + eps),
        "ε is missing": w1 - lr * np.sign(g1),
        "the root of v̂ is missing": w1 - lr * g1 / (g1**2 + eps),
        "that is plain SGD: the step is divided by √v̂ + ε": w1 - lr * g1,
        "the learning rate is missing": w1 + step(g1, g1**2, 1.0, eps),
        "only the step is returned: w2 = w1 + step": step(g1, g1**2, lr, eps),
        "nothing has moved": w1,
        "v averages the gradient, not its square": (w1 - lr * g1 / (np.sqrt(np.abs(g1)) + eps)),
    }


def second_mistakes(w1, g1, g2, lr, beta1, beta2, eps):
    """What known mistakes give for w3, by their description."""
    w2, _ = updates(w1, g1, g2, lr, beta1, beta2, eps)
    m = (1 - beta1) * (beta1 * g1 + g2)
    v = (1 - beta2) * (beta2 * g1**2 + g2**2)
    m_hat, v_hat = m / (1 - beta1**2), v / (1 - beta2**2)
    return {
        "the bias correction is that of t = 1: here it is 1 - β²": (
            w2 + step(m / (1 - beta1), v / (1 - beta2), lr, eps)
        ),
        "the second update starts from w1: it starts from w2": w1 + step(m_hat, v_hat, lr, eps),
        "m and v have started at zero once more: the second update carries them on": (
            w2 + step(g2, g2**2, lr, eps)
        ),
        "m and v are those of the first update with the correction of the second": (
            w2
            + step((1 - beta1) * g2 / (1 - beta1**2), (1 - beta2) * g2**2 / (1 - beta2**2), lr, eps)
        ),
        "the first gradient was used twice": w2 + step(g1, g1**2, lr, eps),
        "the corrected averages m̂ and v̂ were carried on: it is m and v": (
            w2
            + step(
                (beta1 * g1 + (1 - beta1) * g2) / (1 - beta1**2),
                (beta2 * g1**2 + (1 - beta2) * g2**2) / (1 - beta2**2),
                lr,
                eps,
            )
        ),
        "β₁ and β₂ are swapped": w2
        + step((beta2 * g1 + g2) / (1 + beta2), (beta1 * g1**2 + g2**2) / (1 + beta1), lr, eps),
        "the new gradient counts with β, the old average with 1 - β: it is the other way round": (
            w2
            + step(
                beta1 * ((1 - beta1) * g1 + g2) / (1 - beta1**2),
                beta2 * ((1 - beta2) * g1**2 + g2**2) / (1 - beta2**2),
                lr,
                eps,
            )
        ),
        "w2 and w3 are the same: the second update is missing": w2,
        "only the step is returned: w3 = w2 + step": step(m_hat, v_hat, lr, eps),
    }


@pytest.mark.item("p3-adam-updates")
def test_first_update(student, rng):
    """w2 is right for arrays of weights."""
    w1, g1, g2 = rng.normal(size=(3, 4))
    got = student.theory.adam_updates(w1, g1, g2, **RATES)
    w2, _ = check(got, "what adam_updates returns").sequence(2)
    check(w2, "w2").close(updates(w1, g1, g2, **RATES)[0], hints=first_mistakes(w1, g1, **RATES))


@pytest.mark.item("p3-adam-updates")
def test_second_update(student, rng):
    """w3 is right: the averages are carried on, and corrected for t = 2."""
    w1, g1, g2 = rng.normal(size=(3, 4))
    got = student.theory.adam_updates(w1, g1, g2, **RATES)
    w2, w3 = check(got, "what adam_updates returns").sequence(2)
    check(w2, "w2").close(updates(w1, g1, g2, **RATES)[0], hints=first_mistakes(w1, g1, **RATES))
    check(w3, "w3").close(
        updates(w1, g1, g2, **RATES)[1], hints=second_mistakes(w1, g1, g2, **RATES)
    )


@pytest.mark.item("p3-adam-updates")
def test_numbers(student):
    """One weight, given as plain numbers: a step of the learning rate's length."""
    got = student.theory.adam_updates(1.0, 20.0, 20.0, 0.001, 0.9, 0.999, 1e-8)
    w2, w3 = check(got, "what adam_updates returns").sequence(2)
    for name, weight, right in (("w2", w2, 0.999), ("w3", w3, 0.998)):
        check(weight, f"{name} for w1 = 1, g1 = g2 = 20, lr = 0.001").close(right)
