"""Small PyTorch networks that the checks of Problem 5 use with your code.

With them the parts of the notebook are checked separately: your `activation_statistics` on a
network whose weights are known, your `train` on a network that records what it is shown.
"""

import torch
from torch import nn

ACTIVATIONS = {"tanh": nn.Tanh, "relu": nn.ReLU}


def floats(values, device):
    """Make a float32 tensor."""
    return torch.tensor(values, dtype=torch.float32, device=device)


def classes(values, device):
    """Make an int64 tensor, of labels."""
    return torch.tensor(values, dtype=torch.int64, device=device)


def plain(value):
    """Turn tensors into arrays, also inside of lists, tuples and dicts."""
    if isinstance(value, torch.Tensor):
        return value.detach().cpu().numpy().copy()
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value


def entries(mapping):
    """Make a plain dict of any mapping; its values stay as they are."""
    return dict(mapping)


def network_of(layers, activation, device):
    """Build an nn.Sequential of Linear layers with an activation function between them.

    Args:
        layers: a pair (W, b) for each, W of shape (fan_in, fan_out).
        activation: "tanh" or "relu".
        device: where it shall be.
    """
    modules = []
    for W, _ in layers:
        modules += [nn.Linear(*W.shape), ACTIVATIONS[activation]()]
    return plant(nn.Sequential(*modules[:-1]), layers).to(device)


@torch.no_grad()
def plant(network, layers):
    """Overwrite the weights and biases of a network, in the order of its layers."""
    linear = [module for module in network.modules() if isinstance(module, nn.Linear)]
    for module, (W, b) in zip(linear, layers, strict=True):
        module.weight.copy_(torch.tensor(W.T, dtype=torch.float32))
        module.bias.copy_(torch.tensor(b, dtype=torch.float32))
    return network


def layers_of(network):
    """List the pairs (W, b) of all Linear layers of a network, W of shape (fan_in, fan_out)."""
    linear = [module for module in network.modules() if isinstance(module, nn.Linear)]
    return [(plain(module.weight.T), plain(module.bias)) for module in linear]


def error_of(function, *arguments):
    """Tell what kind of error a call raises: "ValueError" for all of its kind, or "nothing"."""
    try:
        function(*arguments)
    except NotImplementedError:
        raise  # still to be written
    except ValueError:
        return "ValueError"
    except Exception as error:
        return type(error).__name__
    return "nothing"


def trainable(network):
    """Count the parameters of a network that take gradients."""
    return sum(parameter.requires_grad for parameter in network.parameters())


@torch.no_grad()
def logits(network, images):
    """Compute what a network makes of images, without gradients."""
    return plain(network(images))


class Diary(nn.Module):
    """A linear model that writes down which images it is trained on.

    The first number of an image is its index, and no part of what is computed from the others.
    What happens without gradients is not training.
    """

    def __init__(self, W, device):
        super().__init__()
        self.W = nn.Parameter(floats(W, device))
        self.batches = []

    def forward(self, images):
        """Compute the logits, and write down the images' indices."""
        if torch.is_grad_enabled():
            self.batches.append([round(index) for index in images[:, 0].tolist()])
        return images[:, 1:] @ self.W
