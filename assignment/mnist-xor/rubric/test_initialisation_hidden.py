"""Hidden checks of 1.4 and 1.5: unknown names."""

import pytest

from autograder.rubric import CheckFailed


def check_refusal(student, function, *arguments):
    """Require a ValueError."""
    error = student.raises(getattr(student.mnist_xor, function), *arguments)
    if error is None:
        raise CheckFailed(function, "accepts an unknown name", "raise a ValueError")
    if error.kind != "ValueError":
        raise CheckFailed(function, f"raises {error.kind}, expected ValueError")


@pytest.mark.item("q1-initialise", weight=0.5, counts_with="test_zero")
def test_unknown_method(student):
    """An unknown method raises ValueError."""
    model = student.torch.nn.Linear(4, 3)
    check_refusal(student, "initialise", model, "orthogonal")


@pytest.mark.item("q1-optimizers", weight=0.5, counts_with="test_optimizer")
def test_unknown_optimizer(student):
    """An unknown name raises ValueError."""
    model = student.torch.nn.Linear(4, 3)
    check_refusal(student, "make_optimizer", model, "lion")
