"""Hidden checks of 2.1: a batch of one, and other sizes."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("q2-linear-forward", counts_with="test_batch")
@pytest.mark.parametrize("sizes", [(1, 1), (3, 3), (5, 1)])
@pytest.mark.parametrize("count", [1, 3, 5])
def test_other_shapes(student, rng, sizes, count):
    """Batches of one and of as many rows as inputs, and layers of one output."""
    n, m = sizes
    shapes = [one.shape for one in student.mnist_xor.Linear(2, 5).parameters()]
    layer = student.mnist_xor.Linear(n, m).double()
    W, b, x = rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=(count, n))
    # In the student's own order and shapes, which are asked in q2-linear-init.
    own = [one.shape for one in layer.parameters()]
    arrays = [W.T if (2, 5) in shapes else W, b]
    arrays = arrays[::-1] if len(shapes[0]) == 1 else arrays
    layer.with_parameters(*(a.reshape(shape) for a, shape in zip(arrays, own, strict=True)))
    got = layer(student.torch(x, dtype="float64"))
    product = np.einsum("oi,ni->no", W, x)
    check(got, f"Linear({n}, {m}) of a batch of {count}").close(
        product + b,
        carried={
            "the bias b is missing": product,
            "the bias b is subtracted": product - b,
            "there is an activation": 0.5 + 0.5 * np.tanh(0.5 * (product + b)),
        },
    )
