"""Hidden checks of 2.3: other networks, samples and types."""

import numpy as np
import pytest

from autograder.rubric import check

# Items whose faults make another network of FFNet: then its own gradients are right.
OWN = ("q2-linear-init", "q2-linear-forward", "q2-ffnet-init", "q2-ffnet-forward")
DIFFERENTIATES = (
    "torch.Tensor.backward",
    "torch.Tensor.grad",
    "torch.Tensor.grad_fn",
    "torch.Tensor.next_functions",
    "torch.autograd.*",
    "torch.func.*",
    "torch.optim.*",
)
SHAPES = ((2, 2), (2,), (1, 2), (1,))


def sigmoid(x):
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def cut(flat):
    """Nine numbers as the four parameters."""
    parts = np.split(np.asarray(flat, dtype=float), [4, 6, 8])
    return [part.reshape(shape) for part, shape in zip(parts, SHAPES, strict=True)]


def gradients(flat, x, y):
    """The nine gradients of the squared error."""
    W1, b1, W2, b2 = cut(flat)
    s = sigmoid(W1 @ x + b1)
    error = 2 * (W2 @ s + b2 - y)
    back = error * W2[0] * s * (1 - s)
    return np.concatenate([np.outer(back, x).ravel(), back, error * s, error])


def with_flat(net, flat):
    """A network with these nine numbers, in its own order and shapes, which q2-ffnet-init asks."""
    shapes = [parameter.shape for parameter in net.parameters()]
    sizes = [int(np.prod(shape)) for shape in shapes]
    check(sum(sizes), "the number of parameters of FFNet(2, 1, 2)").equals(9)
    parts = np.split(np.asarray(flat, dtype=float), np.cumsum(sizes)[:-1])
    return net.with_parameters(*(p.reshape(s) for p, s in zip(parts, shapes, strict=True)))


def placed(student, flat, x, y, dtype="float64"):
    """A network of these parameters, and the sample, on the student's side."""
    net = student.mnist_xor.FFNet(2, 1, 2)
    net = with_flat(net.double() if dtype == "float64" else net, flat)
    return net, *(student.torch(value, dtype=dtype) for value in (x, y))


def calculated(student, net, x, y):
    """What calc_gradients returns, as flat numbers."""
    y_hat = net(x)
    got = student.mnist_xor.calc_gradients(net, x, y, y_hat, (y_hat - y).square().mean())
    parts = got if isinstance(got, list | tuple) else [got]
    return np.concatenate([np.ravel(np.float64(student.array(part))) for part in parts])


def own_gradients(student, flat, x, y):
    """The gradients of the student's own FFNet, by differences."""
    net, x, y = placed(student, flat, x, y)

    def error(values):
        return float((with_flat(net, values)(x) - y).square().sum())

    step, found = 1e-5, np.zeros(9)
    for k in range(9):
        move = step * np.eye(9)[k]
        found[k] = (error(flat + move) - error(flat - move)) / (2 * step)
    return found


CASES = {
    "bits": ((1.0, 0.0), 1.0),
    "zeros": ((0.0, 0.0), 0.0),
    "negative": ((-0.7, 1.3), -0.4),
}


@pytest.mark.item("q2-gradients", weight=2)
@pytest.mark.parametrize("case", CASES)
def test_nine_gradients(student, rng, case):
    """All nine gradients, in float64 and in float32."""
    check(student.mnist_xor.calc_gradients).uses_no(*DIFFERENTIATES)
    flat = rng.normal(size=9)
    x, y = np.array(CASES[case][0]), np.array([CASES[case][1]])
    right = gradients(flat, x, y)
    transposed = right.copy()
    transposed[:4] = right[:4].reshape(2, 2).T.ravel()
    for dtype, rtol, atol in (("float64", 1e-5, 1e-9), ("float32", 1e-4, 1e-6)):
        got = calculated(student, *placed(student, flat, x, y, dtype))
        check(got, f"the nine gradients in {dtype}").close(
            right,
            rtol=rtol,
            atol=atol,
            carried={
                "the factor 2": right / 2,
                "the sign is wrong": -right,
                "the error ŷ - y is missing": right / right[8],
                "hidden weights are transposed": transposed,
                "test_gradient_of_the_hidden_biases": with_own(right, got, slice(0, 6)),
                "test_gradient_of_the_hidden_weights": with_own(right, got, slice(0, 4)),
                "test_gradient_of_the_output_weights": with_own(right, got, slice(6, 8)),
            }
            | carried_by_ffnet(student, flat, x, y),
        )


def carried_by_ffnet(student, flat, x, y):
    """For faults of the student's FFNet: the gradients that are right for it."""

    def own():
        return own_gradients(student, flat, x, y)

    def of_the_output():
        # All gradients are proportional to the error of the output.
        net, *sample = placed(student, flat, x, y)
        right = gradients(flat, x, y)
        return right * (2 * (np.ravel(student.array(net(sample[0])))[0] - y[0]) / right[8])

    carried = dict.fromkeys(("q2-linear-init", "q2-ffnet-init"), own)
    carried |= dict.fromkeys(("q2-linear-forward", "q2-ffnet-forward"), of_the_output)
    return carried | dict.fromkeys(("tanh instead", "ReLU instead", "W is transposed"), own)


def with_own(right, got, block):
    """The right gradients, with those of a block that has cost points as they are."""
    values = right.copy()
    values[block] = got[block]
    return values


@pytest.mark.item("q2-gradients", weight=0.5, counts_with="test_gradient_of_the_output_bias")
def test_network_is_left(student, rng):
    """The network is left as it is."""
    check(student.mnist_xor.calc_gradients).uses_no(*DIFFERENTIATES)
    flat = rng.normal(size=9)
    net, *sample = placed(student, flat, rng.normal(size=2), rng.normal(size=1))
    calculated(student, net, *sample)
    after = np.concatenate([np.ravel(one) for one in net.parameters_as_arrays()])
    check(after, "the parameters behind calc_gradients").close(flat)


@pytest.mark.item("q2-gradient-errors", weight=0.5, counts_with="test_errors")
def test_gradients_that_are_zero(student, rng):
    """Where both gradients are 0 the error is 0."""
    book = student.mnist_xor
    flat, x, y = rng.normal(size=9), np.zeros(2), np.array([1.0])
    net, *sample = placed(student, flat, x, y)
    right = gradients(flat, x, y)
    kept = book.calc_gradients
    stated = student.torch(right, dtype="float64")
    book.calc_gradients = student.unittest.mock.Mock(return_value=stated)
    try:
        got = book.gradient_errors(net, *sample)
    finally:
        book.calc_gradients = kept
    errors = np.ravel(np.float64(student.array(got)))

    def own():
        exact = own_gradients(student, flat, x, y)
        larger = np.maximum(np.abs(right), np.abs(exact))
        return (np.abs(right - exact) / np.where(larger > 0, larger, 1))[:4]

    check(errors[:4], "the errors of the hidden weights where x is 0").close(
        np.zeros(4),
        atol=1e-5,
        hint="0 / 0 is not a number: the error is 0 where both are 0",
        carried=dict.fromkeys(OWN, own),
    )
