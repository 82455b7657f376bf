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
    model = student.hold(model.to, student.problem_4.DEVICE)
    x = student.hold(student.torch(image).to, student.problem_4.DEVICE)
    got = student.array(student.hold(model, x))
    check(np.shape(got), "the shape of the logits of one image").equals((1, 8))
    # Whatever the layers are, they are those of the model.
    layers = layers_of(student.state(model), 2352)
    values = image.reshape(1, -1)
    for number, (W, b) in enumerate(layers):
        values = (np.maximum(values, 0) if number else values) @ W.T + b
    check(got, "the logits of one image").close(values, atol=1e-4)


@pytest.mark.item("p4-model")
def test_new_weights(student):
    """Every call builds a new model with random weights of its own."""
    first, second = (student.state(student.hold(student.problem_4.build_model)) for _ in range(2))
    pairs = zip(layers_of(first, 2352), layers_of(second, 2352), strict=False)
    for number, ((one, _), (other, _)) in enumerate(pairs, 1):
        if np.array_equal(one, other):
            hint = "random weights as PyTorch draws them, new in every call"
            raise CheckFailed(f"layer {number} of a second model", "has the same weights", hint)
