"""Public checks of 2.1 and 2.2: Linear and FFNet from parameters, and the study of XOR."""

from itertools import product

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.differences import derivative
from autograder.rubric.words import says

# Parameters, tensors and torch.sigmoid are what the question allows.
LAYERS = (
    *(f"torch.nn.modules.{name}" for name in ("linear", "conv", "rnn", "transformer", "sparse")),
    *(f"torch.nn.modules.{name}" for name in ("activation", "normalization", "batchnorm")),
    *(f"torch.nn.{name}" for name in ("Linear", "LazyLinear", "Bilinear", "Sequential")),
    *(f"torch.nn.{name}" for name in ("Conv1d", "LazyConv1d", "Conv2d", "LazyConv2d")),
    *(f"torch.nn.{name}" for name in ("Embedding", "EmbeddingBag", "RNN", "RNNCell", "GRU")),
    *(f"torch.nn.{name}" for name in ("GRUCell", "LSTM", "LSTMCell", "MultiheadAttention")),
    *(f"torch.nn.{name}" for name in ("Transformer", "TransformerEncoderLayer", "Sigmoid")),
    *(f"torch.nn.functional.{name}" for name in ("linear", "bilinear", "conv1d", "conv2d")),
)
EPOCHS = 300
DIMENSIONS = (2, 3, 4, 5)


def sigmoid(x):
    """The logistic function, without overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * x)


def planted(module, arrays):
    """A module with these parameters, each where its shape fits; in float64.

    A matrix that is the other way round has cost points, and gets its transpose.
    """
    own = shapes_of(module)
    left, placed = list(arrays), []
    for shape in own:
        fitting = next((a for a in left if list(a.shape) == shape), None)
        turned = next((a for a in left if list(a.T.shape) == shape), None)
        chosen = turned if fitting is None else fitting
        if chosen is None:
            raise CheckFailed("the parameters", f"have the shapes {own}, which do not fit")
        left = [one for one in left if one is not chosen]
        placed.append(chosen if fitting is not None else chosen.T)
    return module.double().with_parameters(*placed)


def output_of(student, module, x):
    """What a module makes of a vector or a batch, as an array."""
    return student.array(module(student.torch(x, dtype="float64")))


def shapes_of(module):
    """The shapes of a module's parameters, in their order."""
    return [list(parameter.shape) for parameter in module.parameters()]


def check_trained(module, what):
    """Require parameters that take gradients."""
    kinds = [parameter.requires_grad for parameter in module.parameters()]
    check(all(kinds), f"that all parameters of {what} take gradients").is_true()


@pytest.mark.item("q2-linear-init")
def test_parameters_of_linear(student):
    """Linear(3, 4) has the parameters W (4, 3) and b (4,)."""
    layer = student.mnist_xor.Linear(3, 4)
    check(shapes_of(layer), "the shapes of the parameters of Linear(3, 4)").equals(
        [[4, 3], [4]],
        hints={
            "W is transposed: y = Wx + b": [[3, 4], [4]],
            "the biases are missing": [[4, 3]],
            "b has one entry for each input": [[4, 3], [3]],
            "b comes first: W, then b": [[4], [4, 3]],
            "b is a column": [[4, 3], [4, 1]],
            "b is a row": [[4, 3], [1, 4]],
            "b is a single number": [[4, 3], [1]],
            "there are none: wrap the tensors in nn.Parameter": [],
        },
    )
    check_trained(layer, "Linear")


@pytest.mark.item("q2-linear-init", weight=2, counts_with="test_parameters_of_linear")
def test_draws_of_linear(student):
    """W and b are independent draws from a standard normal distribution."""
    layers = [student.mnist_xor.Linear(150, 400) for _ in range(2)]
    first, second = (layer.parameters_as_arrays() for layer in layers)
    for name, array, again in zip(("W", "b"), first, second, strict=True):
        array, again = np.float64(array), np.float64(again)
        check(float(array.std()), f"the standard deviation of {name} of Linear(150, 400)").close(
            1.0,
            # Eight standard errors of a sample of this size.
            rtol=8 / np.sqrt(2 * array.size),
            hints={
                "torch.rand is uniform in [0, 1]; use torch.randn": 1 / np.sqrt(12),
                "it is 0 everywhere": 0.0,
                "divided by the square root of the inputs: plain torch.randn is asked for": (
                    1 / np.sqrt(150)
                ),
                "that is the default of nn.Linear": 1 / np.sqrt(450),
                "scaled by 0.01: plain torch.randn is asked for": 0.01,
                "scaled by 0.1: plain torch.randn is asked for": 0.1,
            },
        )
        check(float(array.mean()), f"the mean of {name} of Linear(150, 400)").close(
            0.0, atol=8 / np.sqrt(array.size)
        )
        distance = float(np.abs(array - again).max())
        check(distance, f"how much {name} of two layers differ").above(
            0.1, hint="draw new numbers in every layer"
        )


def refuse_layers(student, name):
    """Require that a class uses no layer; what has cost q2-linear-forward costs no more."""
    try:
        check(student.mnist_xor.Linear).uses_no(*LAYERS)
    except CheckFailed:
        if name == "Linear":
            raise
        return
    check(getattr(student.mnist_xor, name)).uses_no(*LAYERS)


def linear_task(rng):
    """W, b and a batch of vectors for Linear(3, 4)."""
    return rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(5, 3))


@pytest.mark.item("q2-linear-forward", weight=2)
def test_batch(student, rng):
    """A batch gives Wx + b of each of its rows, by tensors and their operations."""
    refuse_layers(student, "Linear")
    W, b, x = linear_task(rng)
    layer = planted(student.mnist_xor.Linear(3, 4), [W, b])
    check(output_of(student, layer, x), "Linear(3, 4) of a batch of 5").close(
        np.einsum("oi,ni->no", W, x) + b,
        hints={
            "the bias b is missing": np.einsum("oi,ni->no", W, x),
            "the bias b is subtracted": np.einsum("oi,ni->no", W, x) - b,
            "there is an activation: a linear layer has none": sigmoid(
                np.einsum("oi,ni->no", W, x) + b
            ),
            "it has one column for each sample; one row is asked for": (
                np.einsum("oi,ni->on", W, x) + b[:, None]
            ),
        },
    )


@pytest.mark.item("q2-linear-forward")
def test_vector(student, rng):
    """A vector gives the vector Wx + b."""
    refuse_layers(student, "Linear")
    W, b, x = linear_task(rng)
    layer = planted(student.mnist_xor.Linear(3, 4), [W, b])
    got = output_of(student, layer, x[0])
    product_ = np.einsum("oi,i->o", W, x[0])
    check(got, "Linear(3, 4) of a vector").close(
        product_ + b,
        hints={"it is a row (1, 4); a vector gives a vector (4,)": (product_ + b)[None]},
        carried={
            "the bias b is missing": product_,
            "the bias b is subtracted": product_ - b,
            "there is an activation": sigmoid(product_ + b),
        },
    )


@pytest.mark.item("q2-linear-forward", counts_with="test_batch")
def test_gradients_reach_the_parameters(student, rng):
    """Backward gives the gradients of W and b."""
    W, b, x = linear_task(rng)
    layer = planted(student.mnist_xor.Linear(3, 4), [W, b])
    weights = rng.normal(size=(5, 4))
    weighted = layer(student.torch(x, dtype="float64")) * student.torch(weights, dtype="float64")
    if weighted.requires_grad:
        weighted.sum().backward()
    found = layer.gradients_as_arrays(missing=True)
    if any(gradient is None for gradient in found):
        hint = "compute with the parameters themselves, not with .data, .detach() or no_grad"
        raise CheckFailed("the gradients of W and b", "are not computed", hint)
    rights = [
        derivative(lambda V: np.sum(weights * (np.einsum("oi,ni->no", V, x) + b)), W),
        weights.sum(axis=0),
    ]
    names = ("dL/dW", "dL/db")
    for got, right, name in zip(sorted(found, key=np.ndim, reverse=True), rights, names,
                                strict=True):  # fmt: skip
        right = right if np.shape(got) == right.shape else right.T
        carried = {"the bias b is subtracted": -right} if name == "dL/db" else {}
        check(got, name).close(right, carried=carried)


@pytest.mark.item("q2-ffnet-init", weight=2)
def test_parameters_of_ffnet(student):
    """FFNet(3, 2, 4) has hidden W, b and output W, b, in this order."""
    net = student.mnist_xor.FFNet(3, 2, 4)
    right = [[4, 3], [4], [2, 4], [2]]
    check(shapes_of(net), "the shapes of the parameters of FFNet(3, 2, 4)").equals(
        right,
        hints={
            "hidden_size and out_features are mixed up": [[2, 3], [2], [4, 2], [4]],
            "the output layer was made first": [[2, 4], [2], [4, 3], [4]],
            "there is one layer only": [[2, 3], [2]],
            "there is a second hidden layer": [[4, 3], [4], [4, 4], [4], [2, 4], [2]],
            "there are none: keep the layers as attributes, not in a list": [],
            "the hidden layer has in_features units": [[3, 3], [3], [2, 3], [2]],
        },
        carried={
            "W is transposed": [[3, 4], [4], [4, 2], [2]],
            "the biases are missing": [[4, 3], [2, 4]],
            "b has one entry for each input": [[4, 3], [3], [2, 4], [4]],
            "b comes first": [[4], [4, 3], [2], [2, 4]],
            "b is a column": [[4, 3], [4, 1], [2, 4], [2, 1]],
            "b is a row": [[4, 3], [1, 4], [2, 4], [1, 2]],
            "b is a single number": [[4, 3], [1], [2, 4], [1]],
        },
    )
    check_trained(net, "FFNet")


@pytest.mark.item("q2-ffnet-init", counts_with="test_parameters_of_ffnet")
def test_draws_of_ffnet(student):
    """The parameters of FFNet are random, as Linear draws them."""
    first = student.mnist_xor.FFNet(40, 3, 600).parameters_as_arrays()
    own = student.mnist_xor.Linear(40, 600).parameters_as_arrays()
    largest = max(range(len(first)), key=lambda place: np.size(first[place]))
    own_std = max(own, key=np.size).std()
    check(float(np.std(first[largest])), "the standard deviation of the hidden weights").close(
        1.0,
        rtol=0.05,  # eight standard errors of 24,000 draws are less
        hints={"that is the default of nn.Linear": 1 / np.sqrt(120)},
        carried={"q2-linear-init": float(own_std)},
    )


def ffnet_task(rng):
    """The parameters of FFNet(3, 2, 4), and a batch."""
    arrays = [rng.normal(size=(4, 3)), rng.normal(size=4)]
    arrays += [rng.normal(size=(2, 4)), rng.normal(size=2)]
    return arrays, rng.normal(size=(5, 3))


def through(arrays, x, activation=sigmoid, last=lambda z: z):
    """What FFNet computes of a batch."""
    W1, b1, W2, b2 = arrays
    return last(activation(x @ W1.T + b1) @ W2.T + b2)


def own_layers(student, arrays, x):
    """The same by the student's own Linear."""

    def value():
        W1, b1, W2, b2 = arrays
        Linear = student.mnist_xor.Linear
        hidden = planted(Linear(3, 4), [W1, b1])
        output = planted(Linear(4, 2), [W2, b2])
        return output_of(student, output, sigmoid(output_of(student, hidden, x)))

    return value


@pytest.mark.item("q2-ffnet-forward", weight=2)
def test_outputs(student, rng):
    """FFNet computes W₂ σ(W₁ x + b₁) + b₂ of a batch."""
    refuse_layers(student, "FFNet")
    arrays, x = ffnet_task(rng)
    net = planted(student.mnist_xor.FFNet(3, 2, 4), arrays)
    check(output_of(student, net, x), "FFNet(3, 2, 4) of a batch of 5").close(
        through(arrays, x),
        hints={
            "the sigmoid on the hidden layer is missing": through(arrays, x, lambda z: z),
            "there is a sigmoid behind the output, too": through(arrays, x, last=sigmoid),
            "the sigmoid is on the output, not on the hidden layer": through(
                arrays, x, lambda z: z, sigmoid
            ),
            "tanh instead of the sigmoid": through(arrays, x, np.tanh),
            "ReLU instead of the sigmoid": through(arrays, x, lambda z: np.maximum(z, 0)),
        },
        carried={"q2-linear-forward": own_layers(student, arrays, x)},
    )


@pytest.mark.item("q2-ffnet-forward")
def test_output_of_a_vector(student, rng):
    """A vector gives a vector of out_features numbers."""
    refuse_layers(student, "FFNet")
    arrays, x = ffnet_task(rng)
    net = planted(student.mnist_xor.FFNet(3, 2, 4), arrays)
    right = through(arrays, x[:1])[0]
    check(output_of(student, net, x[0]), "FFNet(3, 2, 4) of a vector").close(
        right,
        hints={"it is a row (1, 2); a vector gives a vector (2,)": right[None]},
        carried={
            "the sigmoid on the hidden layer is missing": through(arrays, x[:1], lambda z: z)[0],
            "behind the output, too": through(arrays, x[:1], last=sigmoid)[0],
            "not on the hidden layer": through(arrays, x[:1], lambda z: z, sigmoid)[0],
            "tanh instead": through(arrays, x[:1], np.tanh)[0],
            "ReLU instead": through(arrays, x[:1], lambda z: np.maximum(z, 0))[0],
            "q2-linear-forward": own_layers(student, arrays, x[0]),
        },
    )


def bits(dim):
    """All vectors of bits, and their parities, as XORData has them."""
    X = np.array(list(product((0.0, 1.0), repeat=dim)))
    return X, X.sum(axis=1, keepdims=True) % 2


def error_of(arrays, dim):
    """The mean squared error of a network on the parity of all vectors."""
    X, Y = bits(dim)
    return float(np.mean(np.square(through(arrays, X) - Y)))


def study(student, dim, sizes, epochs):
    """({size: network}, {size: list of losses}) of the student's xor_study."""
    student.torch.manual_seed(0)
    found = student.mnist_xor.xor_study(dim, sizes, epochs)
    nets, losses = check(found, "what xor_study returns").sequence(2)
    check(sizes_in(losses), "the hidden sizes of the losses that xor_study returns").equals(
        sorted(sizes)
    )
    check(sizes_in(nets), "the hidden sizes of its networks").equals(sorted(sizes))
    return nets, losses


def sizes_in(mapping):
    """The keys of a dict, as numbers."""
    return sorted(int(key) for key in mapping) if isinstance(mapping, dict) else "no dict"


@pytest.mark.item("q2-xor-study")
def test_study(student):
    """xor_study has a network and its losses for each hidden size."""
    sizes = [3, 5, 2]
    nets, losses = study(student, 2, sizes, 4)
    for size in sizes:
        values = check(losses[size], f"the losses of {size} hidden units").numbers()
        check(len(values.got), f"the number of losses of {size} hidden units, 4 epochs,").equals(
            4, hints={"epochs was not used: 300 is fixed in the code": 300}
        )
        arrays = nets[size].parameters_as_arrays()
        units = max(map(np.size, arrays)) // 2  # of the hidden W, the largest
        check(units, f"the number of hidden units of the network of {size}").equals(
            size, carried={"q2-ffnet-init": units}
        )
        got = output_of(student, nets[size].double(), bits(2)[0])
        check(list(got.shape), f"the shape of the outputs of the network of {size}").equals([4, 1])
        own = float(np.mean(np.square(got - bits(2)[1])))
        is_usual = [np.shape(a) for a in arrays] == [(size, 2), (size,), (1, size), (1,)]
        right = error_of(arrays, 2) if is_usual else own
        check(float(values.got[-1]), f"the last loss of {size} hidden units").close(
            right,
            rtol=1e-3,
            hint="the network is not the one that the losses are of",
            carried={"q2-ffnet-forward": own, "q2-linear-forward": own, "q2-linear-init": own},
        )


def squared(arrays, x, y):
    """The squared error of a network for one sample."""
    return float(np.mean(np.square(through(arrays, x[None])[0] - y)))


def steps_of(arrays, orders, rate, momentum):
    """The parameters behind SGD with momentum on single samples, in these orders."""
    X, Y = bits(1)
    velocities = [0 * array for array in arrays]
    for index in orders:
        gradients = [
            derivative(
                lambda value, k=k, now=arrays, at=index: squared(
                    [*now[:k], value, *now[k + 1 :]], X[at], Y[at]
                ),
                array,
            )
            for k, array in enumerate(arrays)
        ]
        velocities = [momentum * v + g for v, g in zip(velocities, gradients, strict=True)]
        arrays = [a - rate * v for a, v in zip(arrays, velocities, strict=True)]
    return arrays


@pytest.mark.item("q2-xor-study", counts_with="test_study")
def test_steps(student):
    """The networks are trained by SGD with the rate 0.02 and the momentum 0.9."""
    nets, _ = study(student, 1, [2], 0)
    begin = [np.float64(array) for array in nets[2].parameters_as_arrays()]
    if [array.ndim for array in begin] != [2, 1, 2, 1] or begin[0].shape != (2, 1):
        return  # parameters of another form are another item's affair
    nets, _ = study(student, 1, [2], 1)
    end = flat(nets[2].parameters_as_arrays())

    def nearest(rate, momentum):
        ends = [flat(steps_of(begin, order, rate, momentum)) for order in ([0, 1], [1, 0])]
        return min(ends, key=lambda one: float(np.abs(one - end).max()))

    check(end, "the parameters after an epoch of XOR of one bit").close(
        nearest(0.02, 0.9),
        # Two steps in float32; a step moves a parameter by some 1e-2.
        atol=2e-5,
        hints={
            "the momentum is 0: it is 0.9": nearest(0.02, 0.0),
            "the momentum is 0.5: it is 0.9": nearest(0.02, 0.5),
            "the learning rate is 0.01: it is 0.02": nearest(0.01, 0.9),
            "the learning rate is 0.1: it is 0.02": nearest(0.1, 0.9),
            "the learning rate is 0.2: it is 0.02": nearest(0.2, 0.9),
            "the learning rate is 0.01 without momentum": nearest(0.01, 0.0),
            "the networks are not trained": flat(begin),
        },
        carried=dict.fromkeys(("q2-linear-forward", "q2-ffnet-forward", "q2-ffnet-init"), end),
    )


def flat(arrays):
    """All numbers of some arrays, one behind the other."""
    return np.concatenate([np.float64(array).ravel() for array in arrays])


@pytest.mark.item("q2-xor-study")
def test_new_network_for_each_size(student):
    """Other runs of the study have other networks."""
    nets, _ = study(student, 2, [2, 4], 0)
    check(student.same(nets[2], nets[4]), "that two sizes share a network").equals(False)
    before = {size: nets[size].parameters_as_arrays() for size in (2, 4)}
    is_other = before[2][0].size != before[4][0].size
    check(is_other, "that two sizes have networks of two sizes").is_true()
    nets, _ = study(student, 2, [2, 4], 3)
    # The first network: what comes after it depends on how many random numbers it has drawn.
    pairs = zip(before[2], nets[2].parameters_as_arrays(), strict=True)
    moved = max(float(np.abs(after - start).max()) for start, after in pairs)
    check(moved, "how far three epochs move a network").above(1e-4, hint="it is not trained")


def check_grid(figures, losses, dim, what):
    """Require a line for each network, in one figure, each with its number of hidden units."""
    best = None
    for number, _ in enumerate(figures):
        panels = [axes for axes in figures.axes() if axes.figure is figures[number]]
        found = {}
        for size, values in losses.items():
            for axes in panels:
                line = next((one for one in axes.any_lines(0) if passes(one.y, values)), None)
                if line is not None:
                    found.setdefault(size, (axes, line))
        if best is None or len(found) > len(best[1]):
            best = number, found
    if best is None or not best[1]:
        figures.missing(what, ["loss"], "is missing: no line goes through these losses")
    number, found = best
    missing = [size for size in losses if size not in found]
    check(missing, f"the list of hidden sizes without a plot in {what}").equals(
        [], hint="one figure for all networks of a dimension, with a plot for each"
    )
    shared = len({id(axes) for axes, _ in found.values()}) < len(found)
    for size, (axes, line) in found.items():
        words = f"{axes.data['title']} {line.label}"
        check(says(words, str(size)), f"that the plot of {size} hidden units says so").is_true(
            hint="put the number of hidden units in the title of its plot"
        )
        if shared:
            check(bool(axes.data["legend"]), f"that {what} has a legend").is_true()
        steps = np.diff(line.x)
        check(bool(np.allclose(steps, 1)), f"that {what} draws losses against epochs").is_true()
    panel, _ = next(iter(found.values()))
    panel.what = what
    texts = " ".join([figures[number]["title"], *[axes.data["title"] for axes, _ in
                                                  found.values()]])  # fmt: skip
    is_named = any(says(texts, form) for form in (str(dim), f"{dim}d", f"d{dim}"))
    check(is_named, f"that a title of {what} has the dimension {dim}").is_true()
    return panel


def passes(y, values):
    """Whether a line goes through these values, also on a logarithmic axis."""
    y = np.asarray(y, dtype=float)
    return y.shape == np.shape(values) and bool(np.allclose(y, values, rtol=1e-4, atol=1e-9))


@pytest.mark.item("q2-xor-grid", weight=2)
def test_grid(student, rng):
    """plot_losses has a plot for each network in one figure, with titles."""
    sizes = [int(size) for size in rng.choice([7, 8, 9, 11, 12], size=3, replace=False)]
    losses = {size: np.sort(rng.uniform(0.01, 0.4, 6))[::-1].tolist() for size in sizes}
    dim = int(rng.choice([2, 3, 4, 5]))
    figures = student.drawn(student.mnist_xor.plot_losses, losses, dim)
    check_grid(figures, losses, dim, "the grid of losses")


@pytest.mark.item("q2-xor-grid", counts_with="test_grid")
def test_labels_of_the_grid(student, rng):
    """The plots of the grid have labels on their axes."""
    losses = {9: rng.uniform(0.01, 0.4, 5).tolist()}
    figures = student.drawn(student.mnist_xor.plot_losses, losses, 3)
    check_grid(figures, losses, 3, "the grid of losses").labelled(x="epoch", y="loss")


@pytest.mark.item("q2-converged", weight=2)
def test_smallest(student, rng):
    """smallest_converged finds the smallest network whose last loss is below the limit."""
    limit = float(rng.uniform(0.02, 0.05))
    sizes = [int(size) for size in rng.choice(np.arange(5, 40), size=5, replace=False)]
    small = sorted(sizes)
    ends = {small[0]: 3.0, small[1]: 0.7, small[2]: 0.1, small[3]: 2.0, small[4]: 0.5}
    losses = {size: [limit * ends[size] * 0.4, limit * 4, limit * ends[size]] for size in sizes}
    right = small[1]
    got = student.mnist_xor.smallest_converged(losses, limit)
    check(got, "the smallest network that converged").equals(
        right,
        hints={
            "that is the network of the smallest loss": small[2],
            "that is the largest network that converged": small[4],
            "that is the smallest network, converged or not": small[0],
        },
    )
    low = 0.3 * limit
    got = student.mnist_xor.smallest_converged(losses, low)
    check(got, "the smallest network that converged, with a lower limit").equals(
        small[2], hint="the limit was not used"
    )


@pytest.mark.item("q2-converged", counts_with="test_smallest")
def test_none_converged(student):
    """smallest_converged returns None where no network has converged."""
    got = student.mnist_xor.smallest_converged({4: [0.3, 0.2], 8: [0.1, 0.25]}, 0.05)
    if got is not None:
        problem = f"is {got!r} where no network has converged, expected None"
        raise CheckFailed("smallest_converged", problem)


@pytest.mark.item("q2-xor-study", weight=2, counts_with="test_study")
def test_xor_claims(student):
    """The saved networks reach the losses that are stated for them."""
    claims = student.claims("xor")
    numbers, weights = claims["numbers"], claims["weights"]
    check(numbers.get("epochs"), "the stated epochs in claims/xor.json").equals(
        EPOCHS, hint="set XOR_EPOCHS back to 300 and run the notebook once more"
    )
    stated = numbers.get("losses")
    dims = sorted(stated) if isinstance(stated, dict) else stated
    check(dims, "the dimensions in claims/xor.json").equals([str(dim) for dim in DIMENSIONS])
    for dim in DIMENSIONS:
        sizes = stated[str(dim)]
        check(float(len(sizes)), f"the number of networks of dimension {dim}").at_least(
            3.0, hint="try several hidden sizes"
        )
        for size in sizes:
            arrays = [weights.get(f"{dim}.{size}.{place}") for place in range(4)]
            what = f"the network of dimension {dim} with {size} hidden units"
            if any(array is None for array in arrays):
                raise CheckFailed(what, "is missing in claims/xor.npz")
            W1, b1, W2, b2 = (np.float64(array) for array in arrays)
            if W1.shape != (int(size), dim):
                W1 = W1.T
            if W2.shape != (1, int(size)):
                W2 = W2.T
            right = error_of([W1, b1.ravel(), W2, b2.ravel()], dim)
            check(sizes[size], f"the stated loss of {what}").number().close(
                right,
                rtol=1e-3,
                atol=1e-5,
                hint="the weights do not reach it: run the whole notebook once more",
            )
