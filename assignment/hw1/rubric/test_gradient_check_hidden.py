"""Hidden checks of gradient_check: single entries, the step, the loss it starts from.

The model bends: a parameter moves all logits of its sample, and not in proportion. What is right
is computed here by differences, so that nothing but differences gives it.
"""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, StudentError, check

RIPPLE = 1e-5


class Case:
    """A model (sin P ⊙ x) M + sin r, with ripples, whose gradients are multiples of the right ones.

    Args:
        rng: a generator.
        factors: of the gradients of P and of r, numbers or arrays.
        scale: of x; 0 leaves P without influence.
        shape: of x and of the logits.
    """

    def __init__(self, rng, factors=(1.0, 1.0), scale=1.0, shape=(4, 3)):
        self.N, self.C = N, C = shape
        self.x, self.P = scale * rng.uniform(0.5, 1.5, size=(N, C)), rng.uniform(-1, 1, size=(N, C))
        self.r, self.M = rng.uniform(-1, 1, size=N * C), rng.normal(size=(C, C))
        self.classes, self.w = rng.integers(0, C, size=N), rng.uniform(0.5, 1.5, size=(N, C))
        self.step = float(rng.uniform(0.4, 0.8))
        self.slopes = [factors[0] * self.x * np.cos(self.P), factors[1] * np.cos(self.r)]

    def model(self, student):
        """The model, on the student's side."""
        bent = student.support.modules.BentModel
        return student.hold(bent, self.P, self.r, self.slopes, self.M)

    def distances(self, P, r):
        """The logits, less the one-hot labels."""
        P, r = (value + RIPPLE * np.sin(value / RIPPLE) for value in (P, r))
        z = (np.sin(P) * self.x) @ self.M + np.sin(r).reshape(self.N, self.C)
        return z, z - np.eye(self.C)[self.classes]

    def loss(self, name, P, r):
        """The loss that is called "own", "stand-in" or "squared"."""
        z, distance = self.distances(P, r)
        if name == "own":
            rows = np.arange(self.N)
            return np.mean(np.log(np.exp(z).sum(axis=1)) - z[rows, self.classes])
        return np.mean(distance**2 if name == "squared" else self.w * distance**4)

    def analytic(self, name):
        """What the model's backward makes of a loss."""
        z, distance = self.distances(self.P, self.r)
        if name == "own":
            powers = np.exp(z)
            slope = powers / powers.sum(axis=1, keepdims=True) - z + distance
            slope = slope / self.N
        else:
            slope = 2 * distance if name == "squared" else 4 * self.w * distance**3
            slope = slope / distance.size
        return [(slope @ self.M.T) * self.slopes[0], slope.ravel() * self.slopes[1]]

    def numeric(self, name, step, one_sided=False):
        """Differences of a loss with respect to P and r."""
        found = []
        for which, parameter in enumerate((self.P, self.r)):
            n = np.zeros(parameter.shape)
            for k in np.ndindex(parameter.shape):
                losses = []
                for move in (step, 0.0 if one_sided else -step):
                    moved = [self.P.copy(), self.r.copy()]
                    moved[which][k] += move
                    losses.append(self.loss(name, *moved))
                n[k] = (losses[0] - losses[1]) / (step if one_sided else 2 * step)
            found.append(n)
        return found

    def errors(self, name, step=None, one_sided=False):
        """The relative error of each parameter."""
        numeric = self.numeric(name, step or self.step, one_sided)
        return [relative_error(a, n) for a, n in zip(self.analytic(name), numeric, strict=True)]

    def other_steps(self, name):
        """The relative errors by differences that are not as wide as epsilon says."""
        others = [self.errors(name, step) for step in (1e-5, self.step / 2, 2 * self.step)]
        return [*others, self.errors(name, one_sided=True)]


def relative_error(a, n):
    """‖a - n‖ / (‖a‖ + ‖n‖), and 0 where both are."""
    norms = np.linalg.norm(a) + np.linalg.norm(n)
    return np.linalg.norm(a - n) / norms if norms else 0.0


def is_one_of(answer, values):
    """Whether an answer is near one of these numbers."""
    is_number = isinstance(answer, float | np.floating)
    return is_number and np.isclose(answer, values, rtol=1e-4, atol=0).any()


def check_either(student, case, judge, one_hot=False, strict=False):
    """Require the right answer with one of two losses: a mistake in the own one costs nothing.

    Args:
        student: the fixture.
        case: the model.
        judge: is called with the answer and the name of the loss; raises where it is wrong.
        one_hot: whether labels are rows and no classes.
        strict: whether the step matters, which only test_epsilon asks.
    """
    gradient_check = student.mytorch.utils.gradient_check
    loss_class = student.mytorch.nn.SoftmaxCrossEntropy
    y = np.eye(case.C)[case.classes] if one_hot else case.classes
    failures = []
    for loss in ("own", "stand-in"):
        swap = None
        try:
            if loss == "stand-in":
                swap = student.hold(student.support.modules.StandInLoss, loss_class, case.w)
            answer = gradient_check(case.model(student), case.x, y, epsilon=case.step)
            answer = check(answer, "what gradient_check returns").number().got
            if strict or not is_one_of(answer, [max(e) for e in case.other_steps(loss)]):
                judge(answer, loss)
        except (CheckFailed, StudentError) as failure:
            failures.append(failure)
        else:
            return
        finally:
            if swap is not None:
                swap.undo()
    refused = [failure for failure in failures if isinstance(failure, CheckFailed)]
    raise next((one for one in refused if one.hint), refused[0] if refused else failures[-1])


@pytest.mark.item("p6-gradient-check")
def test_one_wrong_entry(student, rng):
    """One wrong entry of one gradient is found, with the norm of the whole array."""
    # The last one comes long after the entries of the others.
    for place, shape in [((3, 2), (4, 3)), ((0, 0), (4, 3)), ((5, 3), (6, 4))]:
        factor = np.ones(shape)
        factor[place] = rng.uniform(4, 6)
        case = Case(rng, (factor, 1.0), shape=shape)

        def judge(answer, loss, case=case, place=place):
            pairs = list(zip(case.analytic(loss), case.numeric(loss, case.step), strict=True))
            entries = [abs(a - n) / (abs(a) + abs(n) + 1e-12) for a, n in pairs]
            firsts = [relative_error(a.flat[0], n.flat[0]) for a, n in pairs]
            check(
                answer, f"gradient_check where entry {list(place)} of one gradient is wrong"
            ).close(
                max(case.errors(loss)),
                rtol=1e-4,
                hints={
                    "nothing was found: every entry has to be compared": max(firsts),
                    "that is the error of single entries: take norms over the whole parameter": (
                        max(entry.max() for entry in entries)
                    ),
                },
            )

        check_either(student, case, judge)


@pytest.mark.item("p6-gradient-check")
def test_several_wrong_gradients(student, rng):
    """The largest error counts where several gradients are wrong."""
    for factors in [(1.5, 5.0), (5.0, 1.5)]:
        case = Case(rng, factors)

        def judge(answer, loss, case=case):
            errors = case.errors(loss)
            check(answer, "gradient_check where both gradients are wrong").close(
                max(errors),
                rtol=1e-4,
                hints={
                    "the smallest error was returned, or only one parameter compared": min(errors),
                    "that is the mean: the largest error counts": np.mean(errors),
                    "that is the sum: the largest error counts": sum(errors),
                },
            )

        check_either(student, case, judge)


@pytest.mark.item("p6-gradient-check")
def test_sign_of_a_gradient(student, rng):
    """A gradient of the wrong sign has a relative error near 1, a right one near 0."""
    for sign in (1.0, -1.0):
        case = Case(rng, (1.0, sign))

        def judge(answer, loss, case=case, sign=sign):
            pairs = zip(case.analytic(loss), case.numeric(loss, case.step), strict=True)
            unsigned = max(relative_error(abs(a), abs(n)) for a, n in pairs)
            check(
                answer, f"gradient_check where one gradient is {sign:g} times the right one"
            ).close(
                max(case.errors(loss)),
                rtol=1e-4,
                # Where the sign is right, nothing is lost with it.
                hints={"the signs are dropped before comparing": unsigned} if sign < 0 else {},
            )

        check_either(student, case, judge)


@pytest.mark.item("p6-gradient-check")
def test_parameter_without_influence(student, rng):
    """Where both gradients of a parameter are zero its error is 0, and the others count."""
    for factor in (1.0, 3.0):
        case = Case(rng, (1.0, factor), scale=0.0)

        def judge(answer, loss, case=case, factor=factor):
            what = f"gradient_check where dL/dP is 0 and dL/dr {factor:g} times the right one"
            check(answer, what).close(
                max(case.errors(loss)),
                rtol=1e-4,
                hints={"0 / 0: the error is 0 there": np.nan},
            )

        check_either(student, case, judge)


@pytest.mark.item("p6-gradient-check")
def test_epsilon(student, rng):
    """The differences are central, and as wide as epsilon says."""
    case = Case(rng)

    def judge(answer, loss):
        step = case.step
        check(answer, f"gradient_check of a right model with epsilon = {step:.3f}").close(
            max(case.errors(loss)),
            rtol=1e-4,
            hints={
                "a one-sided difference is off by about ε; a central one by ε² only": (
                    max(case.errors(loss, one_sided=True))
                ),
                "epsilon was not used: 1e-5 is fixed in the code": max(case.errors(loss, 1e-5)),
                "the parameters were never moved": 1.0,
                "moved by 2ε: from θ - ε to θ + ε": max(case.errors(loss, 2 * step)),
                "moved by ε/2: from θ - ε to θ + ε": max(case.errors(loss, step / 2)),
            },
        )

    check_either(student, case, judge, one_hot=True, strict=True)


@pytest.mark.item("p6-gradient-check")
def test_loss(student, rng):
    """The loss is SoftmaxCrossEntropy of the model's output."""
    case = Case(rng, (3.0, 1.0))

    def judge(answer, loss):
        check(answer, "gradient_check where one gradient is tripled").close(
            max(case.errors(loss)),
            rtol=1e-4,
            hints={
                "that is the gradient of a squared error, not of SoftmaxCrossEntropy": (
                    max(case.errors("squared"))
                )
            },
        )

    check_either(student, case, judge)
