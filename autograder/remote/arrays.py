"""Worker: convert tensors and lists to plain arrays, and arrays to tensors."""

import sys
from collections.abc import Mapping
from typing import Any

import numpy as np


class NoArray(TypeError):
    """A value cannot be converted to an array of numbers."""


def as_array(value: Any) -> np.ndarray:
    """Copy an array, a tensor on any device, a number, or lists of these to a plain array.

    Raises:
        NoArray: the value contains other things than numbers, or rows of different lengths.
    """
    try:
        array = np.asarray(_without_tensors(value))
    except ValueError as error:
        raise NoArray(f"it cannot be made an array ({error})") from None
    if array.dtype.kind not in "biufc":
        kind = type(value).__name__
        raise NoArray(f"a {kind} does not hold numbers only, so it is not an array")
    return np.array(array, subok=False)


def as_tensor(value: Any, dtype: str) -> Any:
    """Return a torch tensor of a dtype such as "float32", on the CPU."""
    import torch

    return torch.tensor(as_array(value), dtype=getattr(torch, dtype))


def state_of(model: Any) -> dict[str, np.ndarray]:
    """Return parameters and buffers by name, of a torch module or of a list or dict of arrays."""
    states = getattr(model, "state_dict", None)
    found = states() if callable(states) else model
    if isinstance(found, list | tuple):
        found = {str(number): value for number, value in enumerate(found)}
    if not isinstance(found, Mapping):
        kind = type(model).__name__
        raise NoArray(f"a {kind} is neither a torch module nor a list or dict of arrays")
    return {str(name): as_array(value) for name, value in found.items()}


def _without_tensors(value: Any) -> Any:
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().cpu().resolve_conj().resolve_neg()
        return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()
    if isinstance(value, list | tuple):
        return [_without_tensors(item) for item in value]
    return value
