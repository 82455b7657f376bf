"""Public checks of gradient_check, on a small model of their own (support/modules.py).

Every check calls gradient_check twice: with your SoftmaxCrossEntropy, and with a simple quadratic
loss in its place. One right answer is enough, so that a mistake in your loss costs nothing here.
"""

import numpy as np
import pytest

from autograder.rubric import check


def both_ways(student, model, x, y):
    """What gradient_check says of a model with your own loss, and with the quadratic one."""
    return student.support.modules.call_gradient_check(
        student.mytorch.utils.gradient_check,
        student.mytorch.nn.SoftmaxCrossEntropy,
        model,
        x,
        y,
    )


def trials(student, rng, factors):
    """What gradient_check says of a random model whose gradients are multiplied by `factors`."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    model = student.support.modules.Model(P, rng.normal(size=12), list(factors))
    return both_ways(student, model, x, rng.integers(0, 3, size=4))


def distance(trial, expected):
    """How far a trial's answer is from what is expected; infinite where it is no number."""
    answer = trial["answer"]
    if not isinstance(answer, float | int | np.generic | np.ndarray) or np.shape(answer) != ():
        return np.inf
    answer = np.asarray(answer)
    return abs(float(answer) - expected) if answer.dtype.kind in "fiu" else np.inf


def nearest(trials, expected):
    """The trial whose answer is nearest to what is expected."""
    # Two calls, two answers: the list comes from the student's side, where it could have grown.
    return min(trials[:2], key=lambda trial: np.nan_to_num(distance(trial, expected), nan=np.inf))


@pytest.mark.item("p6-gradient-check")
def test_right_gradients_pass(student, rng):
    """A model with right gradients has a relative error below 1e-5."""
    answer = nearest(trials(student, rng, (1.0, 1.0)), 0.0)["answer"]
    check(answer, "gradient_check of a model with right gradients").below(
        1e-5, hint="n is (L(θ + ε) - L(θ - ε)) / 2ε, with everything else as in the analytic pass"
    )
    # A constant would pass so far: the same model with one gradient doubled has an error of 1/3.
    answer = nearest(trials(student, rng, (2.0, 1.0)), 1 / 3)["answer"]
    check(answer, "gradient_check of a model with one gradient doubled").above(1e-2)


def error_hints(factor):
    """What known mistakes give where one gradient is a multiple of the right one."""
    distance, right = abs(factor - 1), abs(factor - 1) / (factor + 1)
    formula, larger = "the error is ‖a - n‖ / (‖a‖ + ‖n‖)", ", or by the larger norm"
    return {
        "nothing was found: every entry of every parameter has to be compared": 0.0,
        f"divided by ‖a‖ only{larger if factor > 1 else ''}: {formula}": distance / factor,
        f"divided by ‖n‖ only{larger if factor < 1 else ''}: {formula}": distance,
        f"divided by the mean of the norms: {formula}": 2 * right,
        "that is the mean over the parameters: the largest error counts": right / 2,
        "that is the sum of squares: take the square root": right**2,
    }


@pytest.mark.item("p6-gradient-check")
def test_wrong_first_parameter(student, rng):
    """A wrong gradient of the first parameter is found, with the right relative error."""
    factor = rng.uniform(2, 4)
    expected = (factor - 1) / (factor + 1)
    answer = nearest(trials(student, rng, (factor, 1.0)), expected)["answer"]
    what = f"gradient_check where the first gradient is {factor:.3f} times the right one"
    check(answer, what).close(expected, rtol=1e-4, hints=error_hints(factor))


@pytest.mark.item("p6-gradient-check")
def test_wrong_last_parameter(student, rng):
    """A wrong gradient of the last parameter is found, with the right relative error."""
    factor = rng.uniform(0.2, 0.5)
    expected = (1 - factor) / (1 + factor)
    answer = nearest(trials(student, rng, (1.0, factor)), expected)["answer"]
    what = f"gradient_check where the last gradient is {factor:.3f} times the right one"
    check(answer, what).close(expected, rtol=1e-4, hints=error_hints(factor))


@pytest.mark.item("p6-gradient-check")
def test_parameters_are_put_back(student, rng):
    """gradient_check leaves the parameters exactly as they were."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    r, factor = rng.normal(size=12), rng.uniform(2, 4)
    model = student.support.modules.Model(P, r, [factor, 1.0])
    seen = both_ways(student, model, x, rng.integers(0, 3, size=4))
    # A gradient_check that touches nothing puts everything back: it has to find something, too.
    expected = (factor - 1) / (factor + 1)
    trial = nearest(seen, expected)
    what = f"gradient_check where the first gradient is {factor:.3f} times the right one"
    check(trial["answer"], what).close(expected, rtol=1e-2)
    for before, after in zip((P, r), trial["parameters"], strict=True):
        check(after, "a parameter after gradient_check").close(
            before,
            hints={
                "ε was not taken off again": before + 1e-5,
                "ε was taken off once too often": before - 1e-5,
            },
        )
        # No tolerance: the old number can be kept and written back.
        check(after, "a parameter after gradient_check, compared bit for bit,").close(
            before,
            rtol=0,
            atol=0,
            hints={
                "rounding: θ + ε - 2ε + ε is not θ; keep the old number and write it back": after
            },
        )
