"""Worker: set and read the parameters of a student's torch module, and make data loaders.

The parameters are those that the module's `parameters()` yields, in this order. What a student's
module says about itself is compared by the test with values that it computes; these functions only
refuse what is not a tensor, or does not end.
"""

import itertools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.remote.arrays import array_of_tensor, as_tensor, is_tensor

MAX_PARAMETERS = 2_000


class WrongModule(TypeError):
    """A student's module does not have what a test needs; the text is a sentence about it."""


def set_parameters(module: Any, values: Sequence[Any]) -> None:
    """Copy arrays or tensors into the parameters of a module, in the order of `parameters()`.

    Raises:
        WrongModule: the module has parameters of another number or of other shapes.
    """
    import torch

    parameters = _parameters_of(module)
    tensors = [one if is_tensor(one) else as_tensor(one, "float64") for one in values]
    shapes = [tuple(one.shape) for one in parameters]
    wanted = [tuple(one.shape) for one in tensors]
    if len(shapes) != len(wanted):
        raise WrongModule(
            f"has {_count(len(shapes))}{_listed(shapes)}, expected {len(wanted)}{_listed(wanted)}"
        )
    for number, (own, right) in enumerate(zip(shapes, wanted, strict=True), start=1):
        if own != right:
            also = ", the transpose" if len(own) > 1 and own == right[::-1] else ""
            raise WrongModule(
                f"has shape {own} as parameter {number} of {len(shapes)}, expected {right}{also}; "
                f"all its parameters have the shapes {', '.join(map(str, shapes))}"
            )
    with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
        for parameter, tensor in zip(parameters, tensors, strict=True):
            torch.Tensor.copy_(parameter, tensor)


def parameters_as_arrays(module: Any) -> list[np.ndarray]:
    """Return copies of a module's parameters, in the order of `parameters()`."""
    return [array_of_tensor(one) for one in _parameters_of(module)]


def gradients_as_arrays(module: Any, missing: bool = False) -> list[np.ndarray | None]:
    """Return copies of the gradients of a module's parameters, in the order of `parameters()`.

    Args:
        module: the module.
        missing: whether None is returned where a parameter has no gradient, in place of an error.

    Raises:
        WrongModule: a parameter has no gradient.
    """
    found: list[np.ndarray | None] = []
    parameters = _parameters_of(module)
    for number, parameter in enumerate(parameters, start=1):
        gradient = parameter.grad
        if gradient is None and not missing:
            shape = tuple(parameter.shape)
            raise WrongModule(
                f"has no gradient (None) for parameter {number} of {len(parameters)}, of shape "
                f"{shape}: backward() has not reached it"
            )
        if gradient is not None and not is_tensor(gradient):
            raise WrongModule(f"has a gradient of type {type(gradient).__name__}, not a tensor")
        found.append(None if gradient is None else array_of_tensor(gradient))
    return found


MODULE_WORDS: dict[str, Callable[..., Any]] = {
    "with_parameters": lambda module, *values: set_parameters(module, values),
    "parameters_as_arrays": parameters_as_arrays,
    "gradients_as_arrays": gradients_as_arrays,
}
"""The methods that references to torch modules have; a module's own of these names are not used."""


def is_module(value: object) -> bool:
    """Return whether a value is a torch module."""
    torch = sys.modules.get("torch")
    kind = getattr(getattr(torch, "nn", None), "Module", None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def make_loader(
    arrays: Sequence[Any], batch_size: int, shuffle: bool = False, drop_last: bool = False
) -> Any:
    """Return a torch DataLoader of arrays, which `as_tensor` converts."""
    from torch.utils.data import DataLoader, TensorDataset

    dataset = TensorDataset(*[one if is_tensor(one) else as_tensor(one) for one in arrays])
    return DataLoader(dataset, batch_size=batch_size, shuffle=shuffle, drop_last=drop_last)


def _parameters_of(module: Any) -> list[Any]:
    found = list(itertools.islice(iter(module.parameters()), MAX_PARAMETERS + 1))
    if len(found) > MAX_PARAMETERS:
        raise WrongModule(f"has more than {MAX_PARAMETERS:,} parameters")
    for number, one in enumerate(found, start=1):
        if not is_tensor(one):
            kind = type(one).__name__
            raise WrongModule(f"yields an object of type {kind} as parameter {number}, no tensor")
    return found


def _count(number: int) -> str:
    return f"{number} parameter{'' if number == 1 else 's'}" if number else "no parameters"


def _listed(shapes: Sequence[tuple[int, ...]]) -> str:
    if not shapes:
        return ""
    more = ", ..." if len(shapes) > 20 else ""
    return f" of the shapes {', '.join(map(str, shapes[:20]))}{more}"
