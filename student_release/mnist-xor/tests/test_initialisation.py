"""Public checks of 1.4 and 1.5: the initialisations and the optimizers."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check

# Two nn.Linear layers of different shapes, the second of them deeper inside.
SIZES = (600, 100, 1200)
OPTIMIZERS = ("adam", "sgd", "rmsprop", "adagrad")


def initialised(student, method):
    """The parameters [W1, b1, W2, b2] before and after initialise, in float64."""
    nn = student.torch.nn
    deeper = nn.Sequential(nn.Linear(SIZES[1], SIZES[2]))
    model = nn.Sequential(nn.Linear(SIZES[0], SIZES[1]), nn.ReLU(), deeper)
    before = model.parameters_as_arrays()
    student.mnist_xor.initialise(model, method)
    after = model.parameters_as_arrays()
    check(len(after), "the number of parameters of the module").equals(4)
    return [np.float64(array) for array in before], [np.float64(array) for array in after]


def check_spread(array, mean, std, what, hints, hint=""):
    """Require mean and standard deviation of independent draws."""
    count = array.size
    got = array.std()
    check(got, f"the standard deviation of {what}").close(
        std,
        # Eight standard errors of a sample of this size, for the roundest of the distributions.
        rtol=8 / np.sqrt(2 * count),
        atol=1e-12,
        hints=hints,
        hint=hint,
    )
    check(array.mean(), f"the mean of {what}").close(mean, atol=8 * std / np.sqrt(count))


@pytest.mark.item("q1-initialise")
def test_zero(student):
    """With `zero` all weights and biases are 0."""
    before, after = initialised(student, "zero")
    check_all_overwritten(before, after)
    for array, name in zip(after, ("W1", "b1", "W2", "b2"), strict=True):
        check(float(np.abs(array).max()), f"the largest entry of {name} in size").close(0.0)


def check_all_overwritten(before, after):
    """Require other values in both layers than before."""
    for layer in (0, 1):
        kept = np.array_equal(before[2 * layer], after[2 * layer])
        hint = "go through model.modules(), so that layers inside of layers are found"
        if kept and not np.array_equal(before[2 - 2 * layer], after[2 - 2 * layer]):
            raise CheckFailed(f"layer {layer + 1}", "keeps the weights it had", hint)
        if kept:
            hint = "overwrite the weights in place"
            raise CheckFailed("the module", "keeps the weights it had", hint)
        if np.array_equal(before[2 * layer + 1], after[2 * layer + 1]):
            hint = "weights and biases: both are overwritten"
            raise CheckFailed(f"layer {layer + 1}", "keeps the biases it had", hint)


@pytest.mark.item("q1-initialise")
def test_uniform(student):
    """With `uniform` weights and biases are uniform in [0, 1]."""
    before, after = initialised(student, "uniform")
    check_all_overwritten(before, after)
    for array, name in zip(after, ("W1", "b1", "W2", "b2"), strict=True):
        check(float(array.min()), f"the smallest entry of {name}").at_least(
            0.0, hint="uniform in [0, 1], not in [-1, 1]"
        )
        check(float(array.max()), f"the largest entry of {name}").at_most(1.0)
        hints = {"a normal distribution, not a uniform one": 1.0}
        check_spread(array, 0.5, 1 / np.sqrt(12), name, hints)


@pytest.mark.item("q1-initialise")
def test_normal(student):
    """With `normal` weights and biases are standard normal."""
    before, after = initialised(student, "normal")
    check_all_overwritten(before, after)
    for array, name in zip(after, ("W1", "b1", "W2", "b2"), strict=True):
        hints = {
            "0.01 is too small: the standard deviation is 1": 0.01,
            "0.02 is too small: the standard deviation is 1": 0.02,
            "0.1 is too small: the standard deviation is 1": 0.1,
            "a uniform distribution, not a normal one": 1 / np.sqrt(12),
        }
        check_spread(array, 0.0, 1.0, name, hints)
    check(float(np.abs(after[0]).max()), "the largest weight in size of 60,000").above(3)


@pytest.mark.item("q1-initialise", weight=2)
def test_xavier(student):
    """With `xavier` weights have variance 2/(fan_in + fan_out), and biases are 0."""
    before, after = initialised(student, "xavier")
    check_all_overwritten(before, after)
    for layer in (0, 1):
        fan_in, fan_out = SIZES[layer], SIZES[layer + 1]
        mistakes = {
            "2/fan_in is He's variance": 2 / fan_in,
            "1/fan_in instead of 2/(fan_in + fan_out)": 1 / fan_in,
            "2/fan_out instead of 2/(fan_in + fan_out)": 2 / fan_out,
            "1/(fan_in + fan_out) instead of 2/(fan_in + fan_out)": 1 / (fan_in + fan_out),
            "that is PyTorch's default": 1 / (3 * fan_in),
            "the variance was taken as the standard deviation": (2 / (fan_in + fan_out)) ** 2,
        }
        check_spread(
            after[2 * layer],
            0.0,
            np.sqrt(2 / (fan_in + fan_out)),
            f"the weights of a layer {fan_in} → {fan_out}",
            {hint: np.sqrt(variance) for hint, variance in mistakes.items()},
        )
        largest = float(np.abs(after[2 * layer + 1]).max())
        check(largest, f"the largest bias in size of layer {layer + 1}").close(
            0.0, hint="Xavier's formula is about weights; biases are 0"
        )


@pytest.mark.item("q1-initialise", weight=0.5, counts_with=("test_zero", "test_xavier"))
def test_default(student):
    """`default` changes nothing."""
    before, after = initialised(student, "default")
    same = all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
    check(same, 'that "default" leaves all parameters as they are').is_true()


def moves(name, gradients, rate, momentum=0.0):
    """How far an optimizer has moved a parameter after each of some gradients."""
    at, first, second, found = 0.0, 0.0, 0.0, []
    for step, gradient in enumerate(gradients, 1):
        if name == "sgd":
            first = momentum * first + gradient
            at = at - rate * first
        elif name == "adagrad":
            second = second + gradient**2
            at = at - rate * gradient / (np.sqrt(second) + 1e-10)
        elif name == "rmsprop":
            second = 0.99 * second + 0.01 * gradient**2
            at = at - rate * gradient / (np.sqrt(second) + 1e-8)
        else:
            first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
            size = np.sqrt(second / (1 - 0.999**step)) + 1e-8
            at = at - rate * first / (1 - 0.9**step) / size
        found.append(at)
    return np.array(found)


RATES = {"adam": 1e-3, "sgd": 1e-2, "rmsprop": 1e-3, "adagrad": 1e-2}


@pytest.mark.item("q1-optimizers")
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizer(student, rng, name):
    """The optimizer makes the steps that its name and its learning rate say."""
    W, b = rng.normal(size=(2, 3)), rng.normal(size=2)
    model = student.torch.nn.Linear(3, 2).double().with_parameters(W, b)
    optimizer = student.mnist_xor.make_optimizer(model, name)
    if optimizer is None:
        raise CheckFailed("make_optimizer", "returns None", "is there a return?")
    gradients = [[rng.normal(size=(2, 3)), rng.normal(size=2)] for _ in range(4)]
    begin, after = model.parameters_as_arrays(), []
    for step in gradients:
        for parameter, gradient in zip(model.parameters(), step, strict=True):
            parameter.grad = student.torch(gradient, dtype="float64")
        optimizer.step()
        after.append(model.parameters_as_arrays())
    for place, what in enumerate(("W", "b")):
        got = np.array([step[place] - begin[place] for step in after])
        of_step = [step[place] for step in gradients]
        hints = {
            f"the learning rate is {rate:g}, expected {RATES[name]:g}": moves(name, of_step, rate)
            for rate in (0.1, 0.02, 1e-2, 1e-3, 1e-4)
            if rate != RATES[name]
        }
        hints["these are not all parameters: it has not moved"] = 0 * got
        for other in OPTIMIZERS:
            if other != name:
                for rate in {RATES[name], RATES[other]}:
                    hints[f"this is {other}, with the learning rate {rate:g}"] = moves(
                        other, of_step, rate
                    )
        if name == "sgd":
            hints["there is momentum: plain SGD has none"] = moves(name, of_step, 1e-2, 0.9)
        check(got, f"how far {name} has moved {what} after each of four steps").close(
            moves(name, of_step, RATES[name]), rtol=1e-5, hints=hints
        )
