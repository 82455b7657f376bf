"""Hidden checks of gradient_check: single entries, the step, the loss it starts from."""

import numpy as np
import pytest

from autograder.rubric import check


def trials(student, model, x, y, **options):
    """What gradient_check says of a model, under either loss."""
    return student.support.modules.call_gradient_check(
        student.mytorch.utils.gradient_check,
        student.mytorch.nn.SoftmaxCrossEntropy,
        model,
        x,
        y,
        **options,
    )


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


def relative_error(true, factor):
    """‖a - n‖ / (‖a‖ + ‖n‖) of a = factor ⊙ n."""
    a = factor * true
    return np.linalg.norm(a - true) / (np.linalg.norm(a) + np.linalg.norm(true))


def starts(P, r, x, classes):
    """dL/dlogits of the two losses for the model P ⊙ x + r: cross-entropy, and the stand-in."""
    (N, C), logits = P.shape, P * x + r.reshape(P.shape)
    y, powers = np.eye(C)[classes], np.exp(logits)
    return (powers / powers.sum(axis=1)[:, None] - y) / N, 2 * (logits - y) / (N * C)


@pytest.mark.item("p6-gradient-check")
def test_one_wrong_entry(student, rng):
    """One wrong entry of one gradient is found, with the norm of the whole array."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 5, 4))
    r, classes = rng.normal(size=20), rng.integers(0, 4, size=5)
    for place in [(4, 3), (0, 0), (2, 1)]:
        factor = np.ones((5, 4))
        factor[place] = rng.uniform(3, 6)
        model = student.support.modules.Model(P, r, [factor, np.ones(20)])
        seen = trials(student, model, x, classes)
        errors = [relative_error(start * x, factor) for start in starts(P, r, x, classes)]
        expected = min(errors, key=lambda error: distance(nearest(seen, error), error))
        what = f"gradient_check where entry {list(place)} of one gradient is wrong"
        # 1e-4: the numeric gradients it is compared with are good to 1e-8 of the whole array.
        check(nearest(seen, expected)["answer"], what).close(
            expected,
            rtol=1e-4,
            hints={
                "nothing was found: every entry has to be compared": 0.0,
                "that is the error of single entries: take norms over the whole parameter": (
                    factor[place] - 1
                )
                / (factor[place] + 1),
            },
        )


@pytest.mark.item("p6-gradient-check")
def test_several_wrong_gradients(student, rng):
    """The largest error counts where several gradients are wrong."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    for factors in [(1.2, 5.0), (5.0, 1.2)]:
        model = student.support.modules.Model(P, rng.normal(size=12), list(factors))
        seen = trials(student, model, x, rng.integers(0, 3, size=4))
        answer = nearest(seen, 4 / 6)["answer"]
        what = "gradient_check where both gradients are wrong"
        check(answer, what).close(
            4 / 6,
            rtol=1e-4,
            hints={
                "the smallest error was returned, or only one parameter compared": 0.2 / 2.2,
                "that is the mean: the largest error counts": (4 / 6 + 0.2 / 2.2) / 2,
                "that is the sum: the largest error counts": 4 / 6 + 0.2 / 2.2,
            },
        )


@pytest.mark.item("p6-gradient-check")
def test_sign_of_a_gradient(student, rng):
    """A gradient of the wrong sign has the relative error 1, a right one 0."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    r, classes = rng.normal(size=12), rng.integers(0, 3, size=4)
    for sign, error in [(1.0, 0.0), (-1.0, 1.0)]:
        model = student.support.modules.Model(P, r, [1.0, sign])
        answer = nearest(trials(student, model, x, classes), error)["answer"]
        what = f"gradient_check where one gradient is {sign:g} times the right one"
        check(answer, what).close(
            error, rtol=1e-4, atol=1e-5, hints={"the signs are dropped before comparing": 0.0}
        )


@pytest.mark.item("p6-gradient-check")
def test_parameter_without_influence(student, rng):
    """Where both gradients of a parameter are zero its error is 0, and the others count."""
    x, P = np.zeros((4, 3)), rng.uniform(0.5, 1.5, size=(4, 3))
    r, classes = rng.normal(size=12), rng.integers(0, 3, size=4)
    for factor, error in [(1.0, 0.0), (3.0, 0.5)]:
        model = student.support.modules.Model(P, r, [1.0, factor])
        answer = nearest(trials(student, model, x, classes), error)["answer"]
        what = f"gradient_check where dL/dP is 0 and dL/dr {factor:g} times the right one"
        check(answer, what).close(
            error, rtol=1e-4, atol=1e-5, hints={"0 / 0: the error is 0 there": np.nan}
        )


@pytest.mark.item("p6-gradient-check")
def test_epsilon(student, rng):
    """The differences are central, and as wide as epsilon says."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    y = np.eye(3)[rng.integers(0, 3, size=4)]
    epsilon = rng.uniform(5e-4, 1e-3)
    model = student.support.modules.Model(P, rng.normal(size=12), [1.0, 1.0])
    trial = nearest(trials(student, model, x, y, epsilon=epsilon), 0.0)
    check(trial["answer"], f"gradient_check of a right model with epsilon = {epsilon:.2g}").below(
        1e-5, hint="a one-sided difference is off by about ε; a central one by ε² only"
    )
    check(trial["largest_step"], "the largest change of a parameter on the way").close(
        epsilon,
        rtol=1e-6,
        hints={
            "epsilon was not used: 1e-5 is fixed in the code": 1e-5,
            "the parameters were never moved": 0.0,
            "moved by 2ε: from θ - ε to θ + ε": 2 * epsilon,
            "moved by ε/2: from θ - ε to θ + ε": epsilon / 2,
        },
    )


@pytest.mark.item("p6-gradient-check")
def test_loss(student, rng):
    """The loss is SoftmaxCrossEntropy of the model's output."""
    x, P = rng.uniform(0.5, 1.5, size=(2, 4, 3))
    r, classes = rng.normal(size=12), rng.integers(0, 3, size=4)
    model = student.support.modules.Model(P, r, [3.0, 1.0])
    seen = trials(student, model, x, classes)
    own, quadratic = starts(P, r, x, classes)
    right = [
        trial
        for trial in seen
        if is_close(trial["first_grad_output"], own)
        or is_close(trial["first_grad_output"], quadratic)
    ]
    if not right:
        what = "the first gradient that gradient_check hands to model.backward"
        check(seen[0]["first_grad_output"], what).close(
            own,
            hints={
                f"that is the gradient of a squared error ({times:g} times its mean over all "
                "entries), not of SoftmaxCrossEntropy": times * quadratic
                for times in (0.5, 1.5, 3, 6, 12)
            },
        )
    check(nearest(right, 0.5)["answer"], "gradient_check where one gradient is tripled").close(
        0.5, rtol=1e-4
    )


def is_close(got, expected):
    """Whether an answer is an array near to another, float32 included."""
    return (
        isinstance(got, np.ndarray)
        and got.dtype.kind == "f"
        and got.shape == expected.shape
        and np.allclose(got, expected, rtol=1e-4, atol=1e-5)
    )
