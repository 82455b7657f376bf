"""Weights are put through the judge's own arithmetic; nothing else makes a claim true."""

import itertools

import numpy as np
import pytest

from autograder.datasets import Data, Dataset, write_prepared
from autograder.datasets.data import DataNotHere
from autograder.datasets.stand_ins import STAND_INS
from autograder.rubric import CheckFailed, StudentError
from autograder.rubric.audit_claims import (
    audit,
    claimed_dataset,
    count_confusion,
    fitting_claims,
    layers_of,
    precision_and_recall,
    softmax,
)


def network(rng, sizes, scale=1.0):
    """A state dict of fully connected layers, as PyTorch names them."""
    state = {}
    for number, (before, after) in enumerate(itertools.pairwise(sizes)):
        state[f"{2 * number}.weight"] = scale * rng.normal(size=(after, before)) / before**0.5
        state[f"{2 * number}.bias"] = rng.normal(size=after)
    return state


def through(state, x, activation):
    """The logits of a state dict's layers in their order."""
    layers = list(zip(list(state.values())[::2], list(state.values())[1::2], strict=True))
    for number, (weight, bias) in enumerate(layers):
        x = x @ weight.T + bias
        x = activation(x) if number < len(layers) - 1 else x
    return x


def relu(z):
    return np.maximum(z, 0)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_probabilities_are_those_of_the_network(rng):
    state, x = network(rng, (12, 9, 7, 4)), rng.normal(size=(30, 12))
    logits = through(state, x, relu)
    audited = audit(state, x, logits.argmax(axis=1))
    np.testing.assert_allclose(audited.probabilities, softmax(logits), rtol=1e-4)
    assert (audited.activation, audited.accuracy) == ("ReLU", 100.0)
    assert audited.confusion.trace() == 30


def test_half_precision_changes_little(rng):
    state, x = network(rng, (50, 20, 4)), rng.normal(size=(200, 50))
    halved = {name: array.astype(np.float16) for name, array in state.items()}
    labels = through(state, x, relu).argmax(axis=1)
    assert audit(halved, x, labels).accuracy > 97


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "nothing"])
def test_another_activation_is_found_where_it_explains_much_more(rng, name):
    known = {"tanh": np.tanh, "sigmoid": lambda z: 1 / (1 + np.exp(-z)), "nothing": lambda z: z}
    state, x = network(rng, (12, 40, 40, 8), scale=3.0), rng.normal(size=(300, 12))
    labels = through(state, x, known[name]).argmax(axis=1)
    audited = audit(state, x, labels)
    assert (audited.activation, audited.accuracy) == (name, 100.0)


@pytest.mark.parametrize("name", ["ReLU", "tanh", "sigmoid", "nothing"])
def test_an_activation_that_is_said_is_taken_whatever_another_would_reach(rng, name):
    state, x = network(rng, (12, 40, 40, 8), scale=3.0), rng.normal(size=(300, 12))
    labels = through(state, x, np.tanh).argmax(axis=1)
    audited = audit(state, x, labels, activation=name)
    assert audited.activation == name and (audited.accuracy == 100.0) == (name == "tanh")


def test_relu_is_taken_where_another_is_better_by_chance(rng):
    state, x = network(rng, (12, 9, 4)), rng.normal(size=(400, 12))
    assert audit(state, x, rng.integers(0, 4, 400)).activation == "ReLU"


def test_the_same_weights_and_labels_are_audited_once(rng):
    state, x, made = network(rng, (5, 4, 3)), rng.normal(size=(6, 5)), []
    labels = rng.integers(0, 3, 6)

    def to_inputs(images):
        made.append(len(images))
        return images

    first = audit(state, x, labels, to_inputs)
    asked = len(made)
    assert asked and audit(dict(state), x, labels, to_inputs) is first and len(made) == asked
    assert audit({**state, "2.bias": state["2.bias"] + 1}, x, labels, to_inputs) is not first


def test_inputs_are_made_of_a_few_images_at_a_time(rng):
    state, images = network(rng, (20, 4)), rng.integers(0, 256, (2_345, 4, 5), dtype=np.uint8)
    made = []

    def to_inputs(some):
        made.append(len(some))
        return some.reshape(len(some), -1) / 255

    whole = images.reshape(len(images), -1) / 255
    labels = through(state, whole, relu).argmax(axis=1)
    assert audit(state, images, labels, to_inputs).accuracy > 99.9
    assert max(made) <= 250 and len(made) >= 10


def test_layers_are_found_in_any_order_and_turned_if_need_be(rng):
    state = network(rng, (12, 9, 7, 4))
    names = ["4", "2", "0"]
    shuffled = {f"{n}.{kind}": state[f"{n}.{kind}"] for n in names for kind in ("weight", "bias")}
    shapes = [weight.shape for weight, _ in layers_of(shuffled, 12)]
    assert shapes == [(9, 12), (7, 9), (4, 7)]
    turned = {name: array.T for name, array in state.items()}
    for (weight, bias), name in zip(layers_of(turned, 12), ("0", "2", "4"), strict=True):
        np.testing.assert_allclose(weight, state[f"{name}.weight"], rtol=1e-6)
        np.testing.assert_allclose(bias, state[f"{name}.bias"], rtol=1e-6)


@pytest.mark.parametrize("shape", [(1, -1), (-1, 1)])
def test_biases_may_be_rows_or_columns(rng, shape):
    state = network(rng, (12, 9, 7, 4))
    named = {name: a.reshape(shape) if a.ndim == 1 else a for name, a in state.items()}
    nameless = {f"arr_{number}": array for number, array in enumerate(named.values())}
    for weights in (named, nameless):
        for (weight, bias), name in zip(layers_of(weights, 12), ("0", "2", "4"), strict=True):
            np.testing.assert_allclose(weight, state[f"{name}.weight"], rtol=1e-6)
            np.testing.assert_allclose(bias, state[f"{name}.bias"], rtol=1e-6)


def test_layers_without_biases(rng):
    state = {name: array for name, array in network(rng, (6, 5, 3)).items() if "weight" in name}
    assert all(not bias.any() for _, bias in layers_of(state, 6))


@pytest.mark.parametrize(
    "weights",
    [
        {},
        {"0.weight": np.ones((3, 4))},  # reads 4 numbers, not 5
        {"0.weight": np.ones((3, 5)), "extra": np.ones(7)},
        {"0.weight": np.full((3, 5), np.nan)},
        {"0.weight": np.ones((3, 5, 2, 2))},
    ],
)
def test_what_is_no_chain_of_layers_is_told(weights):
    with pytest.raises(CheckFailed, match="the saved weights"):
        layers_of(weights, 5)


def test_too_few_logits_are_told(rng):
    state, x = network(rng, (5, 4, 3)), rng.normal(size=(6, 5))
    with pytest.raises(CheckFailed, match="make 3 logits, expected 8"):
        audit(state, x, np.arange(6) + 2)


def test_precision_and_recall_of_a_class_that_never_occurs():
    confusion = count_confusion(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1]), 3)
    assert confusion.tolist() == [[1, 1, 0], [0, 2, 0], [0, 0, 0]]
    precision, recall = precision_and_recall(confusion)
    np.testing.assert_allclose(precision, [1, 2 / 3, 0])
    np.testing.assert_allclose(recall, [0.5, 1, 0])


def data_of(kind, value):
    """A dataset of three grey images."""
    splits = [(np.full((1, 28, 28), value, dtype=np.uint8), np.zeros(1, dtype=np.int64))] * 3
    return Dataset.of("mnist", kind, splits, "0123456789")


REAL, STAND_IN = data_of("real", 1), data_of("stand-in", 2)


def grader_with(tmp_path, monkeypatch, dataset):
    """The `data` of a grader that has this dataset, and can make the stand-in."""
    monkeypatch.setitem(STAND_INS, "mnist", lambda: STAND_IN)
    write_prepared(dataset, tmp_path)
    return Data(tmp_path)


def claims_on(dataset):
    facts = {"name": "mnist", "kind": dataset.kind, "sha256": dataset.sha256}
    return {"numbers": {}, "weights": {}, "data": facts}


class HandIn:
    """Stands for `student`: claims by name, and the error of those that are missing."""

    def __init__(self, **claims):
        self._claims = claims

    def claims(self, name):
        if name not in self._claims:
            raise StudentError("NotImplementedError", f"claims/{name}.json is missing", (), name)
        return self._claims[name]


def test_claims_on_the_stand_in_do_not_count_where_the_real_data_are_at_hand(tmp_path, monkeypatch):
    data = grader_with(tmp_path, monkeypatch, REAL)
    with pytest.raises(CheckFailed, match="made on the stand-in for mnist") as caught:
        claimed_dataset(data, claims_on(STAND_IN), "mnist")
    assert "rerun the whole notebook" in caught.value.hint
    assert claimed_dataset(data, claims_on(REAL), "mnist").kind == "real"
    accepted = claimed_dataset(data, claims_on(STAND_IN), "mnist", accept_stand_in=True)
    assert accepted.kind == "stand-in"


def test_a_second_set_of_claims_on_the_stand_in_does_not_help_a_first_one(tmp_path, monkeypatch):
    data = grader_with(tmp_path, monkeypatch, REAL)
    student = HandIn(p6=claims_on(STAND_IN), p6_stand_in=claims_on(STAND_IN))
    with pytest.raises(CheckFailed, match="stand-in"):
        fitting_claims(student, data, "p6", "mnist")


def test_a_second_set_of_claims_is_measured_where_only_the_stand_in_is_at_hand(
    tmp_path, monkeypatch
):
    data = grader_with(tmp_path, monkeypatch, STAND_IN)
    second = claims_on(STAND_IN)
    student = HandIn(p6=claims_on(REAL), p6_stand_in=second)
    found, dataset = fitting_claims(student, data, "p6", "mnist")
    assert found is second and dataset.kind == "stand-in"
    first = HandIn(p6=claims_on(STAND_IN))
    assert fitting_claims(first, data, "p6", "mnist")[1].kind == "stand-in"


def test_claims_on_real_data_that_a_grader_lacks_are_the_graders_affair(tmp_path, monkeypatch):
    data = grader_with(tmp_path, monkeypatch, STAND_IN)
    with pytest.raises(DataNotHere):
        fitting_claims(HandIn(p6=claims_on(REAL)), data, "p6", "mnist")


def test_the_real_set_is_taken_where_both_are_handed_in(tmp_path, monkeypatch):
    data = grader_with(tmp_path, monkeypatch, REAL)
    student = HandIn(p6=claims_on(REAL), p6_stand_in=claims_on(STAND_IN))
    assert fitting_claims(student, data, "p6", "mnist")[1].kind == "real"
