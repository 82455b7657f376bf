"""Replay a training: where do steps on these batches lead a linear model to?

A model that writes down on which batches it was trained runs where student code runs, so what it
tells may be made up. A rubric replays it here, and compares the result with what the student's
training has made of the weights: whoever invents the batches has to make the steps all the same.
"""

from collections.abc import Sequence

import numpy as np

Array = np.ndarray

_RULES = ("sgd", "momentum", "summed", "adam")
"""By which a step follows from gradients; `summed`: the gradients are never set back to zero."""
_KEPT = {"sgd": 0.0, "momentum": 0.9, "summed": 1.0, "adam": 0.9}


def ends_of_training(
    weights: Array, x: Array, labels: Array, batches: Sequence[Sequence[int]], rate: float
) -> list[Array]:
    """Return the weights that steps on these batches may lead to.

    The model is softmax regression, logits = x · weights; its loss is the mean cross-entropy of a
    batch. Besides descent by its gradients there is one end for each mistake in the steps that
    other checks ask about: momentum, Adam, gradients that pile up, another learning rate, uphill,
    sums in place of means, softmax twice.

    Args:
        weights: (D, C), to begin with.
        x: (N, D), the inputs.
        labels: (N,), the classes.
        batches: for each step, the indices of its inputs.
        rate: the learning rate.

    Returns:
        Arrays of shape (D, C).
    """
    return [
        _end(weights, x, labels, batches, rule, size, twice)
        for rule in _RULES
        for size in (rate, -rate, 0.01, rate * len(batches[0]))
        for twice in (False, True)
    ]


def _end(
    weights: Array,
    x: Array,
    labels: Array,
    batches: Sequence[Sequence[int]],
    rule: str,
    rate: float,
    twice: bool,
) -> Array:
    """The weights after all steps by one rule; `twice` takes the softmax of a softmax."""
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step, batch in enumerate(batches, 1):
        gradient = _gradient(weights, x[batch], labels[batch], twice)
        first = _KEPT[rule] * first + (1 - _KEPT[rule] if rule == "adam" else 1) * gradient
        second = 0.999 * second + 0.001 * gradient**2
        move = first
        if rule == "adam":
            move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        weights = weights - rate * move
    return weights


def _gradient(weights: Array, x: Array, labels: Array, twice: bool) -> Array:
    powers = np.exp(x @ weights)
    p = powers / powers.sum(axis=1, keepdims=True)
    q = np.exp(p) / np.exp(p).sum(axis=1, keepdims=True) if twice else p
    slope = (q - np.eye(weights.shape[1])[labels]) / len(x)
    if twice:
        slope = p * (slope - (slope * p).sum(axis=1, keepdims=True))
    return np.asarray(x.T @ slope)
