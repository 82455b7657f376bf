"""Hidden checks of Problem 4's model: batches of one, new weights each time."""

import numpy as np
import pytest

from autograder.rubric import CheckFailed, check
from autograder.rubric.audit_claims import layers_of


@pytest.mark.item("p4-model")
def test_one_image(student, rng):
    """A batch of one image gives logits of the shape (1, 8)."""
    model = student.hold(student.problem_4.build_model)
    image = rng.uniform(-1, 1, size=(1, 3, 28, 28))
    got = student.support.blood_cells.logits_of(model, image, student.problem_4.DEVICE)
    check(np.shape(got), "the shape of the logits of one image").equals((1, 8))


@pytest.mark.item("p4-model")
def test_new_weights(student):
    """Every call builds a new model with random weights of its own."""
    describe = student.support.blood_cells.describe_model
    first, second = (
        describe(student.hold(student.problem_4.build_model))["state"] for _ in range(2)
    )
    pairs = zip(layers_of(first, 2352), layers_of(second, 2352), strict=False)
    for number, ((one, _), (other, _)) in enumerate(pairs, 1):
        if np.array_equal(one, other):
            hint = "random weights as PyTorch draws them, new in every call"
            raise CheckFailed(f"layer {number} of a second model", "has the same weights", hint)
