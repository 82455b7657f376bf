"""Public checks of 2.3: nine gradients by hand, and their comparison with autograd."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.differences import derivative

SHAPES = ((2, 2), (2,), (1, 2), (1,))
# Items whose faults make another network of FFNet: then its own gradients are right.
OWN = ("q2-linear-init", "q2-linear-forward", "q2-ffnet-init", "q2-ffnet-forward")
# What differentiates; the item's banned_names hold against it while the code runs, too.
DIFFERENTIATES = (
    "torch.Tensor.backward",
    "torch.Tensor.grad",
    "torch.Tensor.grad_fn",
    "torch.Tensor.next_functions",
    "torch.autograd.*",
    "torch.func.*",
    "torch.optim.*",
)
BLOCKS = {"hidden W": (0, 4), "hidden b": (4, 6), "output W": (6, 8), "output b": (8, 9)}


def sigmoid(x):
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def squared_error(flat, x, y):
    """The squared error of a 2-2-1 network with these nine parameters, by its definition."""
    W1, b1, W2, b2 = cut(flat)
    return float(((W2 @ sigmoid(W1 @ x + b1) + b2 - y) ** 2).sum())


def cut(flat):
    """Nine numbers as the four parameters."""
    ends = np.cumsum([int(np.prod(shape)) for shape in SHAPES])
    parts = np.split(np.asarray(flat, dtype=float), ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)]


def with_flat(net, flat):
    """A network with these nine numbers, in its own order and shapes, which q2-ffnet-init asks."""
    shapes = [parameter.shape for parameter in net.parameters()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    check(sum(sizes), "the number of parameters of FFNet(2, 1, 2)").equals(9)
    parts = np.split(np.asarray(flat, dtype=float), np.cumsum(sizes)[:-1])
    return net.with_parameters(*(p.reshape(s) for p, s in zip(parts, shapes, strict=True)))


class Task:
    """A 2-2-1 network of nine random parameters and one sample."""

    def __init__(self, rng):
        self.flat = rng.uniform(0.4, 1.6, size=9) * rng.choice([-1, 1], size=9)
        self.x, self.y = rng.uniform(0.3, 1.2, size=2), rng.uniform(2, 3, size=1)

    def right(self):
        """The nine gradients."""
        return derivative(lambda flat: squared_error(flat, self.x, self.y), self.flat)

    def place(self, student):
        """The network and the sample on the student's side, in float64."""
        net = with_flat(student.mnist_xor.FFNet(2, 1, 2).double(), self.flat)
        return (net, *(student.torch(value, dtype="float64") for value in (self.x, self.y)))

    def ask(self, student):
        """What calc_gradients returns; nothing in it may differentiate."""
        check(student.mnist_xor.calc_gradients).uses_no(*DIFFERENTIATES)
        net, x, y = self.place(student)
        y_hat = net(x)
        return student.mnist_xor.calc_gradients(net, x, y, y_hat, (y_hat - y).square().mean())

    def nine(self, student):
        """The gradients as nine numbers; their form is asked in test_form."""
        got = self.ask(student)
        if got is None:
            raise CheckFailed("calc_gradients", "returns None", "is there a return?")
        parts = got if isinstance(got, list | tuple) else [got]
        flat = np.concatenate([np.ravel(np.float64(student.array(part))) for part in parts])
        check(len(flat), "the number of gradients that calc_gradients returns").equals(9)
        return flat

    def carried(self, student, block):
        """For faults of the student's FFNet: the gradients that are right for it."""

        def of_the_output():
            # All gradients are proportional to the error of the output.
            net, x, _ = self.place(student)
            error = 2 * (np.ravel(student.array(net(x)))[0] - self.y[0])
            return (self.right() * error / self.right()[8])[block]

        def own():
            return self.own(student)[block]

        carried = dict.fromkeys(("q2-linear-init", "q2-ffnet-init"), own)
        carried |= dict.fromkeys(("q2-linear-forward", "q2-ffnet-forward"), of_the_output)
        return carried | dict.fromkeys(("tanh instead", "ReLU instead", "W is transposed"), own)

    def own(self, student):
        """The gradients of the student's own FFNet, by differences."""
        net, x, y = self.place(student)

        def error(flat):
            return float((with_flat(net, flat)(x) - y).square().sum())

        return derivative(error, self.flat)


def mistakes_of(task):
    """Known mistakes: words -> the nine gradients that they give."""
    W1, b1, W2, _ = cut(task.flat)
    h = W1 @ task.x + b1
    s = sigmoid(h)
    right = task.right()
    output = right[8]
    grad_W1, grad_b1 = right[:4].reshape(2, 2), right[4:6]
    back = output * W2[0]
    twice = np.diag(derivative(sigmoid, s))
    slope = np.diag(derivative(sigmoid, h))

    def with_hidden(values):
        """All gradients, with these ones of the hidden sums."""
        return np.concatenate([np.outer(values, task.x).ravel(), values, right[6:]])

    swapped = right.copy()
    swapped[:4] = grad_W1.T.ravel()
    inputs = right.copy()
    inputs[6:8] = output * h
    ones = right.copy()
    ones[4:6] = [1.0, 1.0]
    missing = right.copy()
    missing[4:6] = output
    return {
        "the factor 2 of the square is missing": right / 2,
        "the sign is wrong: the error is ŷ - y": -right,
        "that is the gradient of ŷ: the error ŷ - y is missing": right / output,
        "the derivative of the sigmoid is missing": with_hidden(back),
        "the output weights are missing in the way back": with_hidden(output * slope),
        "σ' is s(1 - s) with s the sigmoid; here it is taken of h itself": with_hidden(
            back * (h - h**2)
        ),
        "σ' is s(1 - s), not s": with_hidden(back * s),
        "the sigmoid was taken twice": with_hidden(back * twice),
        "the hidden weights are transposed: row by row, one row for each unit": swapped,
        "the gradient of the output weights has h, expected s = σ(h)": inputs,
        "the gradient of the hidden biases lacks W₂ and σ'": missing,
        "the two hidden units are mixed up": with_hidden(grad_b1[::-1]),
        "the gradient of the hidden biases is not 1: the way back goes on": ones,
    }


def charged(mistakes, block):
    """The mistakes of all gradients that an earlier check has charged, for one block."""
    words = ("the factor 2", "the sign is wrong", "the error ŷ - y is missing")
    return {
        word: mistake[block] for word in words for hint, mistake in mistakes.items() if word in hint
    }


def check_block(student, task, name, words, follow=True):
    """Compare one block of the nine gradients."""
    block = slice(*BLOCKS[name])
    mistakes = mistakes_of(task)
    carried = charged(mistakes, block) if follow else {}

    right = task.right()[block]
    check(task.nine(student)[block], f"the gradient of {name}").close(
        right,
        rtol=1e-5,
        hints={
            hint: mistakes[hint][block]
            for hint in mistakes
            if any(word in hint for word in words)
        },
        carried=carried | task.carried(student, block),
    )  # fmt: skip


@pytest.mark.item("q2-gradients")
def test_gradient_of_the_output_bias(student, rng):
    """∂L/∂b₂ is the error of the output."""
    words = ("the factor 2", "the sign", "the error ŷ - y is missing")
    check_block(student, Task(rng), "output b", words, follow=False)


@pytest.mark.item("q2-gradients")
def test_gradient_of_the_output_weights(student, rng):
    """∂L/∂W₂ is the error of the output times the hidden units."""
    words = ("expected s", "the two hidden units")
    check_block(student, Task(rng), "output W", words)


HIDDEN = (
    "sigmoid", "output weights are missing", "σ' is s(1 - s), not s", "two hidden units",
)  # fmt: skip


@pytest.mark.item("q2-gradients", weight=1.5)
def test_gradient_of_the_hidden_biases(student, rng):
    """∂L/∂b₁ is the error that comes back to the hidden units."""
    check_block(student, Task(rng), "hidden b", (*HIDDEN, "hidden biases"))


@pytest.mark.item("q2-gradients", weight=1.5)
def test_gradient_of_the_hidden_weights(student, rng):
    """∂L/∂W₁ is that error times the inputs."""
    task = Task(rng)
    mistakes = mistakes_of(task)
    block = slice(*BLOCKS["hidden W"])
    words = (*HIDDEN, "transposed")
    carried = {
        hint: mistakes[hint][block]
        for hint in mistakes
        if any(word in hint for word in HIDDEN) and "transposed" not in hint
    }

    check(task.nine(student)[block], "the gradient of hidden W, row by row").close(
        task.right()[block],
        rtol=1e-5,
        hints={
            hint: mistakes[hint][block] for hint in mistakes if any(word in hint for word in words)
        },
        carried=charged(mistakes, block) | carried | task.carried(student, block),
    )


@pytest.mark.item("q2-gradients", weight=0.5, counts_with="test_gradient_of_the_output_bias")
def test_form(student, rng):
    """calc_gradients returns one flat tensor of nine numbers."""
    got = Task(rng).ask(student)
    if got is None or isinstance(got, list | tuple):
        hint = "torch.cat the four flat gradients"
        problem = f"returns a {type(got).__name__}, expected one tensor"
        raise CheckFailed("calc_gradients", problem, hint)
    check(list(np.shape(got)), "the shape of what calc_gradients returns").equals(
        [9], hints={"it is a row or a column: flatten it": [1, 9]}
    )


def errors_of(student, task, numbers, times=1):
    """What the last of some calls of gradient_errors says if calc_gradients returned these."""
    book = student.mnist_xor
    net, x, y = task.place(student)
    kept = book.calc_gradients
    stated = student.torch(numbers, dtype="float64")
    book.calc_gradients = student.unittest.mock.Mock(return_value=stated)
    try:
        for _ in range(times):
            got = book.gradient_errors(net, x, y)
    finally:
        book.calc_gradients = kept
    got = student.array(got)
    return np.float64(np.ravel(got)) if np.size(got) == 9 else got


@pytest.mark.item("q2-gradient-errors", weight=2)
def test_errors(student, rng):
    """The errors are relative, one for each of the nine gradients."""
    task = Task(rng)
    right = task.right()
    mine = right * (1 + rng.uniform(0.1, 0.9, size=9) * rng.choice([-1, 1], size=9))
    got = errors_of(student, task, mine)
    distance = np.abs(mine - right)
    larger = np.maximum(np.abs(mine), np.abs(right))
    check(np.shape(got), "the shape of what gradient_errors returns").equals(
        (9,),
        hints={"that is one number: compare entry by entry": ()},
    )
    check(got, "the relative errors where every gradient is wrong").close(
        distance / larger,
        rtol=1e-5,
        hints={
            "these are differences: divide by the larger of both sizes": distance,
            "these have signs: take the absolute value": (mine - right) / larger,
            "divided by autograd's size, expected the larger of both": distance / np.abs(right),
            "divided by your own size, expected the larger of both": distance / np.abs(mine),
            "divided by the sum of both, expected the larger of both": distance
            / (np.abs(mine) + np.abs(right)),
            "divided by the smaller, expected the larger of both": distance
            / np.minimum(np.abs(mine), np.abs(right)),
            "these are squared": (distance / larger) ** 2,
            "they are 0 for wrong gradients: is autograd asked at all?": 0 * right,
        },
        carried=dict.fromkeys(OWN, lambda: own_errors(student, task, mine)),
    )


def own_errors(student, task, mine):
    """The errors for the student's own FFNet."""
    exact = task.own(student)
    return np.abs(mine - exact) / np.maximum(np.abs(mine), np.abs(exact))


@pytest.mark.item("q2-gradient-errors", counts_with="test_errors")
def test_errors_of_right_gradients(student, rng):
    """Right gradients have errors below 1e-5, also in a second call."""
    task = Task(rng)
    right = task.right()
    for times, words in ((1, ""), (2, " in a second call")):
        largest = float(np.max(errors_of(student, task, right, times)))
        check(largest, f"the largest error of right gradients{words}").close(
            0.0,
            atol=1e-5,  # what the notebook asks for
            hint="gradients of two calls add up: zero_grad" if words else "",
            carried=dict.fromkeys(OWN, lambda: float(np.max(own_errors(student, task, right)))),
        )
