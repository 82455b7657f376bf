"""Compare students' claimed results with the weights that they submitted.

The weights arrive as numbers over the channel, and the judge evaluates the network on its own
images with NumPy. No student code runs, so the results depend on the weights alone.

    audited = audit(claims["weights"], images, labels, to_inputs)
    audited.accuracy, audited.confusion, audited.probabilities

`audit` evaluates fully connected networks. The fixture `forward_pass` (forward.py) evaluates any
model by a function of the rubric.
"""

import contextlib
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.datasets import Data, Dataset
from autograder.rubric.check import CheckFailed
from autograder.rubric.student import StudentError, StudentProxy

Array = np.ndarray
Layer = tuple[Array, Array]  # weight (out, in) and bias (out,)

# The activations that a network may use; the weights alone do not tell which.
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "ReLU": lambda z: np.maximum(z, 0),
    "tanh": np.tanh,
    "sigmoid": lambda z: 0.5 + 0.5 * np.tanh(0.5 * z),
    "nothing": lambda z: z,
}
# An activation other than the first is assumed if the accuracy is this much higher with it.
MARGIN = 5.0
# Larger networks are not audited, to bound the judge's time and memory.
MAX_ARRAYS = 200
MAX_NUMBERS = 12_000_000
_ROWS = 250  # evaluated at a time: touching new memory is the most expensive part

_WEIGHTS = "the saved weights"
_kept: dict[str, "Audited"] = {}


@dataclass(frozen=True)
class Audited:
    """The predictions of a network with given weights for labelled images.

    Attributes:
        activation: the activation between its layers; "" if it is not known.
        probabilities: `(N, C)`, the softmax of its logits.
        labels: `(N,)`, the true classes.
    """

    activation: str
    probabilities: Array
    labels: Array

    @property
    def predictions(self) -> Array:
        """`(N,)`, the class of the largest probability."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def accuracy(self) -> float:
        """The share of correct predictions, in per cent."""
        return np.count_nonzero(self.predictions == self.labels) * 100 / len(self.labels)

    @property
    def confusion(self) -> Array:
        """`(C, C)`: rows are true classes, columns predicted ones."""
        return count_confusion(self.labels, self.predictions, self.probabilities.shape[1])


def fitting_claims(
    student: StudentProxy, data: Data, name: str, dataset: str, *, accept_stand_in: bool = False
) -> tuple[dict[str, Any], Dataset]:
    """Return the claims that can be verified here, and their dataset.

    A grader that has only the stand-in cannot verify claims about the real dataset. A submission
    may therefore contain a second set, `claims/<name>_stand_in.json` and `.npz`; the complete
    solution does, because every machine must be able to grade it.

    Args:
        student: the fixture.
        data: the fixture.
        name: of the claims.
        dataset: the one that they should be about.
        accept_stand_in: as for `claimed_dataset`.

    Raises:
        CheckFailed, DataNotHere: as `claimed_dataset`.
    """
    claims = student.claims(name)
    if claims["data"]["kind"] == "real" and data.named(dataset).kind != "real":
        with contextlib.suppress(StudentError):  # without a second set, judge the first
            claims = student.claims(f"{name}_stand_in")
    return claims, claimed_dataset(data, claims, dataset, accept_stand_in=accept_stand_in)


def claimed_dataset(
    data: Data, claims: Mapping[str, Any], name: str, *, accept_stand_in: bool = False
) -> Dataset:
    """Return the dataset that claims were measured on: the real one where it is available.

    The stand-in is easier or harder than the real dataset, so numbers on it prove nothing. They
    count only if the grader has nothing else.

    Args:
        data: the fixture.
        claims: as `student.claims` returns them.
        name: of the dataset that they should be about.
        accept_stand_in: whether claims on the stand-in count even if the real dataset is
            available. Use it only while the solution itself has no others.

    Raises:
        CheckFailed: they are about something else, or needlessly about the stand-in.
        DataNotHere: they are about the real dataset, which this machine lacks; this is not the
            student's fault.
    """
    facts = claims["data"]
    found = data.with_checksum(name, facts["kind"], facts["sha256"])
    is_needless = found is not None and found.kind != "real" and data.named(name).kind == "real"
    if is_needless and not accept_stand_in:
        problem = f"were made on the stand-in for {name}, but are verified on the real dataset"
        hint = (
            f"the download had failed: rerun the whole notebook where datasets.{name}() finds "
            "the real dataset, and submit the new claims/"
        )
        raise CheckFailed("the claims", problem, hint)
    if found is not None:
        return found
    problem = f"are about other data ({facts['name']}, {facts['kind']}), expected {name}"
    hint = f"rerun the whole notebook with datasets.{name}() unchanged, and submit the new claims/"
    raise CheckFailed("the claims", problem, hint)


def audit(
    weights: Mapping[str, Array],
    images: Array,
    labels: Array,
    to_inputs: Callable[[Array], Array] = lambda images: images,
    activation: str = "",
) -> Audited:
    """Evaluate the fully connected network with these weights on images.

    The weights do not tell the activation. If it is not given, ReLU is assumed, unless the network
    is much better with another one: a wrong activation is not what this check is about.

    Args:
        weights: arrays by name, of a state dict or the like: a matrix and a vector for each layer.
        images: `(N, ...)`.
        labels: `(N,)`, the true classes.
        to_inputs: converts some of the images, `(n, ...)`, to the network's inputs `(n, D)`; it is
            called for a few at a time to limit memory.
        activation: the one between the layers, a key of `ACTIVATIONS`; "" if unknown.

    Raises:
        CheckFailed: the weights are not those of a chain of fully connected layers.
    """
    key = activation + _digest([*checked_weights(weights).values(), labels])
    if key not in _kept:
        _kept.clear()  # one submission is audited at a time, by several tests
        _kept[key] = _audit(weights, images, labels, to_inputs, activation)
    return _kept[key]


def audit_logits(logits: Array, labels: Array) -> Audited:
    """Return the predictions of a model with given logits, as the fixture `forward_pass` gives.

    Args:
        logits: `(N, C)`, one row for each image.
        labels: `(N,)`, the true classes.

    Raises:
        CheckFailed: the logits are not a finite matrix with a row for each label.
    """
    shape = (len(labels), int(labels.max(initial=0)) + 1)
    if logits.ndim != 2 or len(logits) != shape[0] or logits.shape[1] < shape[1]:
        raise CheckFailed(_WEIGHTS, f"make an output of shape {logits.shape}, expected {shape}")
    if not np.all(np.isfinite(logits)):
        raise CheckFailed(_WEIGHTS, "make logits that are no finite numbers")
    return Audited("", softmax(logits), labels)


def layers_of(weights: Mapping[str, Array], features: int) -> list[Layer]:
    """Order a network's matrices and vectors, from the layer that reads `features` numbers.

    Matrices are `(out, in)`, as in PyTorch; `(in, out)` is transposed. A vector may also be a row
    `(1, out)` or a column `(out, 1)`.

    Raises:
        CheckFailed: they do not form a chain of fully connected layers.
    """
    arrays = checked_weights(weights)
    matrices = [name for name, array in arrays.items() if array.ndim == 2]
    layers: list[Layer] = []
    used: set[str] = set()
    width = features
    while matrices:
        name = next((name for name in matrices if width in arrays[name].shape[::-1]), "")
        if not name:
            break
        matrices.remove(name)
        matrix = arrays[name].astype(np.float32)
        matrix = matrix if matrix.shape[1] == width else matrix.T
        bias = _bias_of(name, arrays, len(matrix))
        matrices = [name for name in matrices if name != bias]
        used |= {name, bias} - {""}
        offset = arrays[bias] if bias else np.zeros(len(matrix))
        layers.append((matrix, offset.astype(np.float32).ravel()))
        width = len(matrix)
    if not layers or used != set(arrays):
        shapes = ", ".join(str(array.shape) for array in arrays.values()) or "nothing"
        problem = f"are not those of fully connected layers that read {features:,} numbers"
        raise CheckFailed(_WEIGHTS, f"{problem}: they hold arrays of the shapes {shapes}")
    return layers


def softmax(logits: Array) -> Array:
    """Compute the softmax of every row.

    This file is released and assignments may ask for softmax, so it must not show their answer.
    """
    return np.asarray(np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)))


def count_confusion(labels: Array, predictions: Array, classes: int) -> Array:
    """Count how often each class is taken for each; rows are true classes."""
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (labels, predictions), 1)
    return confusion


def precision_and_recall(confusion: Array) -> tuple[Array, Array]:
    """Compute precision and recall of each class; 0 for a class never predicted or present."""
    right = confusion.diagonal().astype(float)
    predicted, true = confusion.sum(axis=0), confusion.sum(axis=1)
    return right / np.maximum(predicted, 1), right / np.maximum(true, 1)


def checked_weights(weights: object) -> dict[str, Array]:
    """Return the weights received over the channel, if they are finite and not too many.

    Raises:
        CheckFailed: they are not, or they are no dict of arrays of numbers.
    """
    arrays = weights if isinstance(weights, dict) else {}
    if not arrays or not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise CheckFailed(_WEIGHTS, "are not a dict of arrays")
    if len(arrays) > MAX_ARRAYS or sum(array.size for array in arrays.values()) > MAX_NUMBERS:
        limit = f"{MAX_ARRAYS} arrays of {MAX_NUMBERS:,} numbers in all"
        raise CheckFailed(_WEIGHTS, f"are those of a network larger than the limit: {limit}")
    for name, array in arrays.items():
        if array.dtype.kind not in "fiu" or not array.size or not np.all(np.isfinite(array)):
            raise CheckFailed(_WEIGHTS, f"hold values other than finite numbers in {name!r}")
    return {str(name): array for name, array in arrays.items()}


def _audit(
    weights: Mapping[str, Array],
    images: Array,
    labels: Array,
    to_inputs: Callable[[Array], Array],
    activation: str,
) -> Audited:
    layers = layers_of(weights, to_inputs(images[:1]).shape[1])
    classes = len(layers[-1][0])
    if labels.max(initial=0) >= classes:
        raise CheckFailed(_WEIGHTS, f"make {classes} logits, expected {labels.max() + 1}")
    activations = [activation] if activation else list(ACTIVATIONS)
    said = {name: np.empty((len(images), classes), np.float32) for name in activations}
    for start in range(0, len(images), _ROWS):
        rows = slice(start, start + _ROWS)
        inputs = to_inputs(images[rows]).astype(np.float32, copy=False)
        # The first product is most of the work, and the same for all activations.
        first = _through(layers[0], inputs)
        for name in activations:
            values = first
            with np.errstate(over="ignore", invalid="ignore"):
                for layer in layers[1:]:
                    values = _through(layer, ACTIVATIONS[name](values))
                said[name][rows] = np.nan_to_num(softmax(values))
    candidates = [Audited(name, probabilities, labels) for name, probabilities in said.items()]
    first_choice, best = candidates[0], max(candidates, key=lambda one: one.accuracy)
    return best if best.accuracy > first_choice.accuracy + MARGIN else first_choice


def _through(layer: Layer, values: Array) -> Array:
    weight, bias = layer
    return np.asarray(values @ weight.T + bias)


def _bias_of(name: str, arrays: Mapping[str, Array], width: int) -> str:
    """Return the bias of a matrix: by its name, else the next of the right length, else ""."""
    names = list(arrays)
    wanted = [name.replace("weight", "bias"), *names[names.index(name) + 1 :]]
    for shape in ((width,), (1, width), (width, 1)):
        for one in wanted:
            if one in arrays and one != name and arrays[one].shape == shape:
                return one
    return ""


def _digest(arrays: list[Array]) -> str:
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()
