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


def is_tensor(value: object) -> bool:
    """Return whether a value is a torch tensor; torch is not imported to find out."""
    torch = sys.modules.get("torch")
    kind = getattr(torch, "Tensor", None)
    return isinstance(kind, type) and issubclass(type(value), kind)


def array_of_tensor(tensor: Any) -> np.ndarray:
    """Copy the entries of a tensor, read by the methods of `torch.Tensor`, not of a subclass.

    The tensor may require gradients and be on any device. NumPy has no bfloat16 and no 8-bit
    floating point, so these become float32.

    Raises:
        NoArray: torch cannot give the entries, as on the device "meta".
    """
    torch = sys.modules["torch"]
    kind = torch.Tensor
    try:
        with torch._C.DisableTorchFunctionSubclass():
            plain = kind.detach(tensor)
            if plain.layout != torch.strided:
                plain = kind.to_dense(plain)
            plain = kind.resolve_neg(kind.resolve_conj(kind.cpu(plain)))
            if plain.is_floating_point() and plain.dtype not in _floats(torch):
                plain = kind.float(plain)
            return np.array(kind.numpy(plain), subok=False)
    except (RuntimeError, TypeError, NotImplementedError) as error:
        raise NoArray(f"its entries cannot be read ({error})") from None


def name_of_dtype(tensor: Any) -> str:
    """Return the name of a tensor's dtype, such as "float32"."""
    torch = sys.modules["torch"]
    with torch._C.DisableTorchFunctionSubclass():
        return str(torch.Tensor.dtype.__get__(tensor)).removeprefix("torch.")


def as_tensor(value: Any, dtype: str = "", requires_grad: bool = False) -> Any:
    """Return a torch tensor on the CPU.

    Args:
        value: an array, a tensor, a number or lists of these.
        dtype: the name of its dtype. Without one, floating-point numbers become float32, as layers
            of torch have them, and integers int64, as labels have to be.
        requires_grad: whether gradients are computed for it.
    """
    import torch

    array = as_array(value)
    name = dtype or _DTYPES.get(array.dtype.kind, "bool")
    chosen = getattr(torch, name, None)
    if not isinstance(chosen, torch.dtype):
        raise ValueError(f"torch has no dtype {name!r}")
    return torch.tensor(array, dtype=chosen, requires_grad=requires_grad)


def with_tensors(value: Any) -> Any:
    """Return a value with a tensor for every array in it, also in lists, tuples and dicts."""
    if type(value) is np.ndarray and value.dtype.kind in "biufc":
        return as_tensor(value)
    if type(value) in (list, tuple):
        return type(value)(map(with_tensors, value))
    if type(value) is dict:
        return {key: with_tensors(item) for key, item in value.items()}
    return value


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


_DTYPES = {"f": "float32", "i": "int64", "u": "int64", "c": "complex64"}


def _floats(torch: Any) -> tuple[Any, ...]:
    return torch.float16, torch.float32, torch.float64


def _without_tensors(value: Any) -> Any:
    if is_tensor(value):
        return array_of_tensor(value)
    if isinstance(value, list | tuple):
        return [_without_tensors(item) for item in value]
    return value
