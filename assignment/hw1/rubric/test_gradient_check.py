"""Public checks of gradient_check, on a small model of their own (support/modules.py).

The model's gradients are wrong on purpose, and the step ε is large, so that the right answer is a
number that only the central differences with that step give. Where the answer is wrong with your
SoftmaxCrossEntropy, gradient_check is called again with another loss in its place: a mistake in
your loss costs nothing here.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError, check

RIPPLE = 1e-5
# float32 in a loss is accepted, and moves the answer by less; a derivative is further off.
RTOL = 2e-5
FOUND_NOTHING = (
    "nothing was found: epsilon was not used, 1e-5 is fixed in the code, or the gradients were "
    "compared with themselves, or not at all"
)


class Case:
    """A random model whose gradients are multiples of the right ones.

    Args:
        rng: a generator.
        factors: of the gradients of P and of r.
        ripples: whether small steps find other slopes than large ones.
    """

    def __init__(self, rng, factors=(1.0, 1.0), ripples=True):
        self.x = rng.uniform(0.5, 1.5, size=(4, 3))
        # Sixteenths: numbers that stay what they are when the model keeps them far from zero.
        self.P, self.r = rng.integers(-24, 24, size=(4, 3)) / 16, rng.integers(-24, 24, 12) / 16
        self.classes = rng.integers(0, 3, size=4)
        self.w = rng.uniform(0.5, 1.5, size=(4, 3))
        self.step = rng.uniform(0.8, 1.4)
        self.slopes = [factors[0] * self.x, np.full(12, factors[1])]
        self.ripples = ripples

    def model(self, student):
        """The model, on the student's side."""
        model = student.support.modules.Model
        return student.hold(model, self.P, self.r, self.slopes, ripples=self.ripples)

    def inner(self, values):
        """The values that the model puts in the place of its parameters."""
        return values + RIPPLE * np.sin(values / RIPPLE) if self.ripples else values

    def gradients(self, loss, step):
        """For P and for r, (a, n, m): analytic, by central and by one-sided differences.

        Args:
            loss: "own", which is cross-entropy, or "stand-in".
            step: by which a parameter is moved.
        """
        P, r = self.P, self.r.reshape(4, 3)
        z, y = self.inner(P) * self.x + self.inner(r), np.eye(3)[self.classes]
        p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
        slope, moved = {
            "own": ((p - y) / 4, lambda d: (np.log1p(p * np.expm1(d)) - y * d) / 4),
            "stand-in": (
                self.w * (z - y) ** 3 / 3,
                lambda d: self.w * ((z - y + d) ** 4 - (z - y) ** 4) / 12,
            ),
        }[loss]
        found = []
        for theta, x, slopes in ((P, self.x, self.slopes[0]), (r, 1.0, self.slopes[1])):
            up, down = (
                moved(x * (self.inner(theta + d) - self.inner(theta))) for d in (step, -step)
            )
            found.append((slope * slopes.reshape(4, 3), (up - down) / (2 * step), up / step))
        return found


def relative_error(a, n):
    """‖a - n‖ / (‖a‖ + ‖n‖)."""
    return np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n))


def expected(gradients):
    """The largest relative error, and what known mistakes give in its place."""
    errors = [relative_error(a, n) for a, n, _ in gradients]
    largest, worst = max(errors), int(np.argmax(errors))
    a, n, _ = gradients[worst]
    norms = [np.linalg.norm(a), np.linalg.norm(n)]
    distance, formula = np.linalg.norm(a - n), "the error is ‖a - n‖ / (‖a‖ + ‖n‖)"
    larger = [", or by the larger norm" if norm == max(norms) else "" for norm in norms]
    return largest, {
        "nothing was found: the gradients were compared with themselves, or not at all": 0.0,
        "nothing was found: every entry of every parameter has to be compared": min(errors),
        "a one-sided difference is off by about ε; a central one by ε² only": max(
            relative_error(a, m) for a, _, m in gradients
        ),
        "n is (L(θ + ε) - L(θ - ε)) / 2ε; here it was divided by ε": max(
            relative_error(a, 2 * n) for a, n, _ in gradients
        ),
        f"divided by ‖a‖ only{larger[0]}: {formula}": distance / norms[0],
        f"divided by ‖n‖ only{larger[1]}: {formula}": distance / norms[1],
        f"divided by the mean of the norms: {formula}": 2 * largest,
        "that is the mean over the parameters: the largest error counts": np.mean(errors),
        "that is the sum of squares: take the square root": largest**2,
    }


def ask(student, case, model, judge, **options):
    """Judge what gradient_check says with your own loss, and if that is wrong, with the stand-in.

    Args:
        student: the fixture.
        case: what the model was made of.
        model: makes the model to be checked.
        judge: is called with the answer and with "own" or "stand-in"; raises where it is wrong.
        options: further arguments of gradient_check.
    """
    gradient_check = student.mytorch.utils.gradient_check
    loss_class = student.mytorch.nn.SoftmaxCrossEntropy
    failures = []
    for loss in ("own", "stand-in"):
        swap = None
        try:
            if loss == "stand-in":
                swap = student.hold(student.support.modules.StandInLoss, loss_class, case.w)
            answer = gradient_check(model(), case.x, case.classes, **options)
            judge(check(answer, "what gradient_check returns").number().got, loss)
        except (CheckFailed, StudentError) as failure:
            failures.append(failure)
        else:
            return
        finally:
            if swap is not None:
                swap.undo()
    refused = [failure for failure in failures if isinstance(failure, CheckFailed)]
    raise next((one for one in refused if one.hint), refused[0] if refused else failures[-1])


def with_other_steps(case, loss):
    """What differences give whose step is not as epsilon says."""
    steps = [case.step / 2, 2 * case.step]
    # Without ripples a small step finds the derivative, which takes no differences to find.
    steps += [1e-5] if case.ripples else []
    answers = [expected(case.gradients(loss, step))[0] for step in steps]
    one_sided = [relative_error(a, m) for a, _, m in case.gradients(loss, case.step)]
    return [*answers, max(one_sided)]


def is_one_of(answer, values):
    """Whether an answer is near one of these numbers."""
    is_number = isinstance(answer, float | np.floating) and not isinstance(answer, bool)
    return is_number and np.isclose(answer, values, rtol=RTOL, atol=0).any()


def check_error(student, case, what, strict=False):
    """Require the largest relative error, for the step of the case.

    Args:
        student: the fixture.
        case: the model and the step.
        what: is compared.
        strict: whether the step matters.
    """

    def judge(answer, loss):
        if strict or not is_one_of(answer, with_other_steps(case, loss)):
            right, hints = expected(case.gradients(loss, case.step))
            if case.ripples:
                small, _ = expected(case.gradients(loss, 1e-5))
                hints["epsilon was not used: 1e-5 is fixed in the code"] = small
            else:  # right gradients, of which a small step finds nothing, as other mistakes do
                hints = {hint: value for hint, value in hints.items() if value}
                hints[FOUND_NOTHING] = 0.0
            check(answer, f"{what}, epsilon = {case.step:.3f},").close(
                right, rtol=RTOL, hints=hints
            )

    ask(student, case, lambda: case.model(student), judge, epsilon=case.step)


@pytest.mark.item("p6-gradient-check")
def test_right_gradients_pass(student, rng):
    """A model with right gradients has a relative error below 1e-5."""
    case = Case(rng, ripples=False)

    def judge(answer, loss):
        check(answer, "gradient_check of a model with right gradients").below(
            1e-5,
            hint="n is (L(θ + ε) - L(θ - ε)) / 2ε, with everything else as in the analytic pass",
        )

    ask(student, case, lambda: case.model(student), judge)
    # A constant would pass so far. With a large step, right gradients have an error, too.
    check_error(student, case, "gradient_check of a model with right gradients", strict=True)


@pytest.mark.item("p6-gradient-check")
def test_wrong_first_parameter(student, rng):
    """A wrong gradient of the first parameter is found, with the right relative error."""
    factor = rng.uniform(2, 4)
    what = f"gradient_check where the first gradient is {factor:.3f} times the right one"
    check_error(student, Case(rng, (factor, 1.0)), what)


@pytest.mark.item("p6-gradient-check")
def test_wrong_last_parameter(student, rng):
    """A wrong gradient of the last parameter is found, with the right relative error."""
    factor = rng.uniform(0.2, 0.5)
    what = f"gradient_check where the last gradient is {factor:.3f} times the right one"
    check_error(student, Case(rng, (1.0, factor)), what)


def check_twice(student, case, parameters, steps, **options):
    """Require that gradient_check leaves a model as it was, and finds the same as before in it.

    Args:
        student: the fixture.
        case: what the model was made of.
        parameters: of the model.
        steps: epsilon of the first call and of the second.
        options: further arguments of the model.
    """
    models = []

    def new_model():
        modules = student.support.modules
        slopes = [options.get("gain", 1.0) * slope for slope in case.slopes]
        models.append(student.hold(modules.Model, *parameters, slopes, **options))
        return models[-1]

    def judge(_, loss):
        check_unmoved(models[-1], parameters, steps[0])
        # What the model says of its parameters is one thing, what follows from them another.
        gradient_check = student.mytorch.utils.gradient_check
        answer = gradient_check(models[-1], case.x, case.classes, epsilon=steps[1])
        answer = check(answer, "what gradient_check returns").number().got
        if not is_one_of(answer, with_other_steps(case, loss)):
            right, hints = expected(case.gradients(loss, case.step))
            what = "what a second gradient_check finds in the same model"
            check(answer, what).close(right, rtol=RTOL, hints=hints)

    ask(student, case, new_model, judge, epsilon=steps[0])


def check_unmoved(model, parameters, step):
    """Require the parameters of a model, bit for bit."""
    for before, after in zip(parameters, model.get_parameters(), strict=True):
        check(after, "a parameter after gradient_check").close(
            before,
            hints={
                "ε was not taken off again": before + step,
                "ε was taken off once too often": before - step,
            },
        )
        # No tolerance: the old number can be kept and written back.
        check(after, "a parameter after gradient_check, compared bit for bit,").close(
            before,
            rtol=0,
            atol=0,
            hint="rounding: θ + ε - 2ε + ε is not θ; keep the old number and write it back",
        )


@pytest.mark.item("p6-gradient-check")
def test_parameters_are_put_back(student, rng):
    """gradient_check leaves the parameters exactly as they were."""
    case = Case(rng, (rng.uniform(2, 4), 1.0))
    check_twice(student, case, (case.P, case.r), (case.step, case.step), ripples=True)


@pytest.mark.item("p6-gradient-check")
def test_large_parameters_are_put_back(student, rng):
    """Parameters that are much larger than ε also keep exactly their old values."""
    # Between 2²⁰ and 2²¹ the neighbours of a number are 2⁻³² away; the gain makes 1/16 of that.
    centre, gain, gap = 1.5 * 2.0**20, 2.0**28, 2.0**-32
    case = Case(rng, (rng.uniform(2, 4), 1.0), ripples=False)
    case.step = 16 * gap * gain
    large = [centre + case.P / gain, centre + case.r / gain]
    # A step between two neighbours is rounded: once up and once down leads to another place.
    step = float(rng.uniform(1.3, 1.45)) * gap
    check_twice(student, case, large, (step, 16 * gap), centre=centre, gain=gain)
