"""Public checks of the first two updates of Adam, by examples.

The numbers were worked out beforehand: for four weights, what is right, and what known mistakes
give. Other weights follow from them: the steps are as long as the learning rate says, turn with the
sign of the gradients, and stay as they are where the gradients and ε are multiplied alike.
"""

import numpy as np
import pytest

from autograder.rubric import check

RATES = {"lr": 0.1, "beta1": 0.8, "beta2": 0.9, "eps": 0.05}
W1, G1, G2 = np.array([[0.3, -1.2, 2.0, 0.7], [1.0, -0.5, 0.2, -2.0], [-0.6, -0.8, 0.1, 1.5]])
W2 = np.array([0.2047619048, -1.1090909091, 1.9200000000, 0.7975609756])
W3 = np.array([0.1919069566, -1.0171028715, 1.8497440046, 0.8006393694])

# What mistakes in the first update make of W2, and in the second of W3.
FIRST_MISTAKES = {
    "the bias correction is missing: m̂ = m / (1 - β₁ᵗ), v̂ = v / (1 - β₂ᵗ)": [
        0.2453891762,
        -1.1519493853,
        1.9646785248,
        0.7586118774,
    ],
    "the bias correction is that of t = 2: the first update has t = 1": [
        0.2283594365,
        -1.1326987838,
        1.9430477620,
        0.7740270669,
    ],
    "the bias correction of v is missing": [
        0.0269458810,
        -0.9597469266,
        1.8233926240,
        0.9930593872,
    ],
    "the bias correction of m is missing": [
        0.2809523810,
        -1.1818181818,
        1.9840000000,
        0.7195121951,
    ],
    "the bias correction divides by βᵗ: it is 1 - βᵗ": [
        0.2347826087,
        -1.1423076923,
        1.9571428571,
        0.7697674419,
    ],
    "ε is under the root: it is added to √v̂": [
        0.2024099927,
        -1.1087129071,
        1.9333333333,
        0.7993807990,
    ],
    "the root of v̂ is missing": [0.2047619048, -1.0333333333, 1.7777777778, 0.7493827160],
    "v averages the gradient, not its square": [
        0.2047619048,
        -1.1339591175,
        1.9597758384,
        0.8365920964,
    ],
}
SECOND_MISTAKES = {
    "the bias correction is that of t = 1: here it is 1 - β²": [
        0.1877042950,
        -0.9866486466,
        1.8216924425,
        0.8016117278,
    ],
    "m and v have started at zero once more: the second update carries them on": [
        0.2970695971,
        -1.0149732620,
        1.8533333333,
        0.7007867821,
    ],
    "m and v are those of the first update with the correction of the second": [
        0.2734499578,
        -1.0385868101,
        1.8746661508,
        0.7243468824,
    ],
    "the corrected averages m̂ and v̂ were carried on: it is m and v": [
        0.1215337278,
        -0.9878765486,
        1.8182271112,
        0.8771565706,
    ],
    "β₁ and β₂ are swapped": [0.1862464567, -1.0193531148, 1.8473161099, 0.8063816589],
    "the new gradient counts with β, the old average with 1 - β: it is the other way round": [
        0.2630067028,
        -0.9994912945,
        1.8188317489,
        0.7295268726,
    ],
}


def first_mistakes():
    """What known mistakes give for w2, by their description."""
    return FIRST_MISTAKES | {
        "the sign is wrong: the step goes against the gradient": 2 * W1 - W2,
        "ε is missing": W1 - RATES["lr"] * np.sign(G1),
        "that is plain SGD: the step is divided by √v̂ + ε": W1 - RATES["lr"] * G1,
        "the learning rate is missing": W1 + (W2 - W1) / RATES["lr"],
        "only the step is returned: w2 = w1 + step": W2 - W1,
        "nothing has moved": W1,
    }


def second_mistakes():
    """What known mistakes give for w3, by their description."""
    return SECOND_MISTAKES | {
        "the second update starts from w1: it starts from w2": W1 + (W3 - W2),
        "the first gradient was used twice": W2 + (W2 - W1),
        "w2 and w3 are the same: the second update is missing": W2,
        "only the step is returned: w3 = w2 + step": W3 - W2,
    }


def updated(student, w1, g1, g2, **rates):
    """What adam_updates returns: the pair (w2, w3)."""
    got = student.theory.adam_updates(w1, g1, g2, **rates)
    return check(got, "what adam_updates returns").sequence(2)


def alike(rng):
    """Arguments whose steps follow from the example, and what makes its steps theirs."""
    scale, lr = rng.uniform(0.1, 10), rng.uniform(0.01, 1)
    signs, order = rng.choice([-1.0, 1.0], size=4), rng.permutation(4)
    w1, rates = rng.normal(size=4), RATES | {"lr": lr, "eps": scale * RATES["eps"]}
    g1, g2 = scale * (signs * G1)[order], scale * (signs * G2)[order]
    return w1, g1, g2, rates, lambda step: (signs * step)[order] * lr / RATES["lr"]


@pytest.mark.item("p3-adam-updates")
def test_first_update(student, rng):
    """w2 is right for arrays of weights."""
    w2, _ = updated(student, W1, G1, G2, **RATES)
    check(w2, "w2").close(W2, hints=first_mistakes())
    w1, g1, g2, rates, same = alike(rng)
    w2, _ = updated(student, w1, g1, g2, **rates)
    check(w2, f"w2 for lr = {rates['lr']:.3f}, ε = {rates['eps']:.3f}").close(w1 + same(W2 - W1))


@pytest.mark.item("p3-adam-updates")
def test_second_update(student, rng):
    """w3 is right: the averages are carried on, and corrected for t = 2."""
    w2, w3 = updated(student, W1, G1, G2, **RATES)
    check(w2, "w2").close(W2, hints=first_mistakes())
    check(w3, "w3").close(W3, hints=second_mistakes())
    w1, g1, g2, rates, same = alike(rng)
    _, w3 = updated(student, w1, g1, g2, **rates)
    check(w3, f"w3 for lr = {rates['lr']:.3f}, ε = {rates['eps']:.3f}").close(w1 + same(W3 - W1))


@pytest.mark.item("p3-adam-updates")
def test_numbers(student, rng):
    """One weight, given as plain numbers: a step of the learning rate's length."""
    w1, g, lr = (float(number) for number in rng.uniform([0.5, 10, 0.01], [2, 30, 0.1]))
    got = student.theory.adam_updates(w1, g, g, lr, 0.9, 0.999, 1e-8)
    w2, w3 = check(got, "what adam_updates returns").sequence(2)
    for name, weight, right in (("w2", w2, w1 - lr), ("w3", w3, w1 - 2 * lr)):
        check(weight, f"{name} for w1 = {w1:.3f}, g1 = g2 = {g:.3f}, lr = {lr:.3f}").close(right)
