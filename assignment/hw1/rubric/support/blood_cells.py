"""Small models and images that the checks of Problem 4 use with your code.

With them the parts of the notebook are checked separately: your `train` on a model that records
what it is shown, your `predict` on a model whose answers are known.
"""

from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset

PIXELS = 28 * 28 * 3


def generator(seed):
    """A NumPy generator, as `draw_examples` is handed."""
    return np.random.default_rng(seed)


def small_dataset(sizes):
    """A data set with as many black images in each part as `sizes` says."""
    parts = {}
    for part, size in sizes.items():
        parts[f"{part}_images"] = np.zeros((size, 28, 28, 3), dtype=np.uint8)
        parts[f"{part}_labels"] = np.zeros(size, dtype=np.int64)
    return SimpleNamespace(name="small", kind="small", sha256="", classes=("",) * 8, **parts)


def plain(value):
    """Turn tensors into arrays, also inside of lists, tuples and dicts."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy().copy()
    if isinstance(value, list | tuple):
        parts = [plain(part) for part in value]
        return parts if isinstance(value, list) else tuple(parts)
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def tensor_of(images, device):
    """Put small images of any length at the front of inputs (N, 3, 28, 28), followed by zeros."""
    inputs = np.zeros((len(images), PIXELS), dtype=np.float32)
    inputs[:, : np.shape(images)[1]] = images
    return torch.tensor(inputs.reshape(-1, 3, 28, 28), device=device)


def set_of(images, labels, device):
    """Inputs and labels as a TensorDataset; the first number of each image is its own number."""
    return TensorDataset(tensor_of(images, device), torch.tensor(labels, device=device))


class Diary(nn.Module):
    """A linear model of a few pixels that writes down what it is shown.

    The first pixel of an image is its number, and no part of what the model computes from.

    Args:
        W: (classes, pixels), to begin with.
        b: (classes,), to begin with.
        rolls: whether the pixels change places in training mode, as a model with dropout would
            give other answers.

    Attributes:
        shown: for each call, the images' numbers and whether it was in training mode.
        learned: for each backward pass, the numbers of the images that it came from.
        modes: for each backward pass, whether the model was in training mode.
    """

    def __init__(self, W, b, rolls=False):
        super().__init__()
        self.rolls = rolls
        self.linear = nn.Linear(W.shape[1], W.shape[0])
        with torch.no_grad():
            self.linear.weight.copy_(torch.tensor(W, dtype=torch.float32))
            self.linear.bias.copy_(torch.tensor(b, dtype=torch.float32))
        self.shown, self.learned, self.modes = [], [], []

    def forward(self, x):
        """Compute the logits, and write down the images' numbers."""
        x = x.flatten(1)
        numbers = [round(number) for number in x[:, 0].tolist()]
        self.shown.append({"numbers": numbers, "training": self.training})
        pixels = x[:, 1 : 1 + self.linear.in_features]
        logits = self.linear(pixels.roll(1, dims=1) if self.rolls and self.training else pixels)
        if logits.requires_grad:
            mode = self.training
            logits.register_hook(lambda _: self._remember(numbers, mode))
        return logits

    def _remember(self, numbers, mode):
        self.learned.append(numbers)
        self.modes.append(mode)


def train_diary(
    train, parameters, train_set, validation_set, device, *hyperparameters, rolls=False
):
    """Train a Diary with your `train`, and return what it recorded.

    Args:
        train: your function.
        parameters: (W, b) to begin with.
        train_set: (images, labels).
        validation_set: the same.
        device: where to train.
        hyperparameters: epochs, batch_size and learning_rate.
        rolls: whether the model computes something else in training mode.

    Returns:
        What train returned, and the Diary's parameters and notes behind it.
    """
    model = Diary(*parameters, rolls).to(device)
    torch.manual_seed(0)
    history = train(
        model, set_of(*train_set, device), set_of(*validation_set, device), *hyperparameters
    )
    return {
        "history": plain(history),
        "W": plain(model.linear.weight),
        "b": plain(model.linear.bias),
        "shown": model.shown,
        "learned": model.learned,
        "modes": model.modes,
    }


class Teacher(nn.Module):
    """A model whose logits are the first 8 pixels of an image, in some order, with some signs.

    In training mode it returns them in another order, as a model with dropout would give other
    answers.

    Args:
        order: the pixel of each logit.
        signs: what it is multiplied by.
    """

    def __init__(self, order, signs):
        super().__init__()
        self.order = torch.tensor(order)
        self.signs = nn.Parameter(torch.tensor(signs, dtype=torch.float32))

    def forward(self, x):
        """Look the logits up."""
        logits = self.signs * x.flatten(1)[:, :8][:, self.order.to(x.device)]
        return logits.roll(1, dims=1) if self.training else logits


def ask_teacher(function, pixels, order, signs, device):
    """Call your `predict` or `predict_probabilities` with a Teacher and these images."""
    return plain(function(Teacher(order, signs).to(device).train(), tensor_of(pixels, device)))


def count_trained(model):
    """Count the numbers that a model trains."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
