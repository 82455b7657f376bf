"""Replayed steps are those of PyTorch's optimizers."""

import numpy as np
import pytest

from autograder.rubric.replay import ends_of_training

BATCHES = [[0, 1, 2], [3, 4, 5], [6, 7], [2, 0, 6]]
RATE = 0.3


def trained_by_torch(weights, x, labels, optimizer, is_reset=True):
    """Where PyTorch gets with the same steps."""
    torch = pytest.importorskip("torch")
    parameter = torch.tensor(weights, requires_grad=True)
    steps = getattr(torch.optim, optimizer)([parameter], lr=RATE)
    for batch in BATCHES:
        if is_reset:
            steps.zero_grad()
        logits = torch.tensor(x[batch]) @ parameter
        torch.nn.functional.cross_entropy(logits, torch.tensor(labels[batch])).backward()
        steps.step()
    return parameter.detach().numpy()


@pytest.fixture
def task():
    rng = np.random.default_rng(5)
    return rng.normal(size=(3, 2)), rng.normal(size=(8, 3)), rng.integers(0, 2, size=8)


@pytest.mark.parametrize(("optimizer", "is_reset"), [("SGD", True), ("SGD", False), ("Adam", True)])
def test_steps_of_pytorch_are_among_the_ends(task, optimizer, is_reset):
    right = trained_by_torch(*task, optimizer, is_reset)
    ends = ends_of_training(*task, BATCHES, RATE)
    assert min(np.abs(end - right).max() for end in ends) < 1e-9


def test_sgd_with_the_rate_comes_first(task):
    right = trained_by_torch(*task, "SGD")
    np.testing.assert_allclose(ends_of_training(*task, BATCHES, RATE)[0], right, rtol=1e-9)


def test_no_step_at_all_is_no_end(task):
    # The smallest steps are those with a rate of 0.01; rubrics allow for 1e-4.
    ends = ends_of_training(*task, BATCHES, RATE)
    assert min(np.abs(end - task[0]).max() for end in ends) > 1e-3


def test_other_batches_lead_elsewhere(task):
    right = ends_of_training(*task, BATCHES, RATE)[0]
    others = ends_of_training(*task, [[5, 4, 3], [1, 2, 0], [7, 6], [1, 1, 1]], RATE)
    assert min(np.abs(end - right).max() for end in others) > 0.01
