"""What hw1's hidden checks compute and its public examples hold is what PyTorch computes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

RUBRIC = Path(__file__).parent.parent.parent / "assignment" / "hw1" / "rubric"
BATCHES = [[0, 1, 2], [3, 4, 5], [6, 7], [2, 0, 6]]
RATE = 0.3


def module_of(name):
    """A file of the rubric as a module."""
    spec = importlib.util.spec_from_file_location(f"hw1_{name}", RUBRIC / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ends_of_training = module_of("test_dynamics_hidden").ends_of_training


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


def adam_of_torch(w1, gradients, lr, beta1, beta2, eps):
    """The weights after each step of torch.optim.Adam."""
    torch = pytest.importorskip("torch")
    weights = torch.tensor(w1, requires_grad=True)
    adam = torch.optim.Adam([weights], lr=lr, betas=(beta1, beta2), eps=eps)
    found = []
    for gradient in gradients:
        weights.grad = torch.tensor(gradient)
        adam.step()
        found.append(weights.detach().numpy().copy())
    return found


def test_the_examples_of_adam_are_those_of_pytorch():
    example = module_of("test_adam")
    w2, w3 = adam_of_torch(example.W1, [example.G1, example.G2], **example.RATES)
    np.testing.assert_allclose(example.W2, w2, atol=1e-9)
    np.testing.assert_allclose(example.W3, w3, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_what_follows_from_the_examples_of_adam_is_right(seed):
    example = module_of("test_adam")
    w1, g1, g2, rates, same = example.alike(np.random.default_rng(seed))
    w2, w3 = adam_of_torch(w1, [g1, g2], **rates)
    np.testing.assert_allclose(w1 + same(example.W2 - example.W1), w2, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(w1 + same(example.W3 - example.W1), w3, rtol=1e-7, atol=1e-9)


# mistake of an example -> optimizer, its rate, how many steps, whether gradients are forgotten
TRAINED = {
    None: ("Adam", None, 4, True),
    "gradients of all steps add up: zero_grad() before each backward": ("Adam", None, 4, False),
    "this is SGD; use torch.optim.Adam": ("SGD", None, 4, True),
    "learning_rate was not used: 1e-3 is fixed in the code": ("Adam", 1e-3, 4, True),
    "these are the weights after the first epoch": ("Adam", None, 1, True),
    "these are the weights after the third epoch: the model ends as the fourth leaves it": (
        ("Adam", None, 3, True)
    ),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("mistake", TRAINED)
def test_the_examples_of_training_are_those_of_pytorch(mistake, seed):
    torch = pytest.importorskip("torch")
    public = module_of("test_blood_cells_training")
    example = public.Example(np.random.default_rng(seed))
    optimizer, rate, epochs, is_reset = TRAINED[mistake]
    W, b = (torch.tensor(values, requires_grad=True) for values in (example.W, example.b))
    steps = getattr(torch.optim, optimizer)([W, b], lr=rate or public.RATE)
    images, labels = (torch.tensor(part) for part in example.train)
    for _ in range(epochs):
        if is_reset:
            steps.zero_grad()
        torch.nn.functional.cross_entropy(images[:, 1:] @ W.T + b, labels).backward()
        steps.step()
    moves = public.MISTAKEN_MOVES[mistake] if mistake else public.MOVES
    np.testing.assert_allclose(example.moved(moves), W.detach().numpy(), atol=2e-6)


def test_every_mistake_of_the_example_is_worked_out_here():
    public = module_of("test_blood_cells_training")
    assert public.MISTAKEN_MOVES.keys() == TRAINED.keys() - {None}
