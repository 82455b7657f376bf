"""Weights that a student's process has made up cost their item, and the judge next to nothing."""

import time

import numpy as np
import pytest

from autograder.rubric import CheckFailed
from autograder.rubric.audit_claims import audit

GOOD = np.ones((10, 784), np.float32)
LABELS = np.arange(50) % 10


@pytest.mark.parametrize(
    "weights",
    [
        7,
        None,
        [GOOD],
        {},
        {"a": "a text"},
        {"a": None, "b": GOOD},
        {"a": np.array(1.0)},
        {"a": GOOD.astype(complex)},
        {"a": np.full((10, 784), np.nan)},
        {"a": np.zeros((3, 0, 784))},
        {"a": np.zeros((0, 784)), "b": np.zeros(0)},
        {"a": np.ones((3, 784))},
        {"a": np.ones((20_000, 784), np.int8), "b": np.ones((10, 20_000), np.int8)},
        {"first": np.ones((1, 784)), **{str(n): np.ones((1, 1)) for n in range(20_000)}},
    ],
)
def test_weights_of_an_odd_form_fail_the_check_at_once(weights):
    started = time.monotonic()
    with pytest.raises(CheckFailed):
        audit(weights, np.ones((50, 784)), LABELS)
    assert time.monotonic() - started < 5


def test_names_need_not_be_texts():
    audited = audit({5: GOOD, "bias": np.arange(10.0)}, np.ones((50, 784)), LABELS)
    assert audited.accuracy == 10.0


def test_many_images_are_put_through_in_pieces():
    rng = np.random.default_rng(1)
    images, labels = rng.normal(size=(2_345, 20)), rng.integers(0, 3, 2_345)
    W, b = rng.normal(size=(3, 20)), rng.normal(size=3)
    audited = audit({"W": W, "b": b}, images, labels)
    right = (images @ W.T + b).argmax(axis=1)
    assert (audited.predictions == right).mean() > 0.999
    np.testing.assert_allclose(audited.probabilities.sum(axis=1), 1, rtol=1e-5)
