"""Create values in the form of a correct one, with other numbers."""

import functools
import sys
import types
from collections.abc import Callable
from typing import Any

NODES_AT_MOST = 20_000
SUPPORT = "rubric_support_"  # prefix of the names of the rubric's support modules

Choose = Callable[[Any], Any]  # the correct number or array -> the one to answer


def number(strategy: str) -> float:
    """Return what a strategy answers for every number."""
    return {"ones": 1.0, "constant": 0.5}.get(strategy, 0.0)


def filled(correct: Any, choose: Choose, keep: bool = False, depth: int = 0) -> Any:
    """Return a value of the same form with other numbers.

    Args:
        correct: the correct value; it may be changed.
        choose: replaces numbers and arrays.
        keep: whether integers and words stay unchanged.
        depth: how deep in the value this is.
    """
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if correct is None or depth > 8:
        return correct
    if torch is not None and isinstance(correct, torch.Tensor):
        return _filled_tensor(torch, correct, choose)
    if numpy is not None and isinstance(correct, numpy.ndarray | numpy.floating):
        return choose(correct)
    if isinstance(correct, float):
        return choose(correct)
    if isinstance(correct, bool | int | str) or (
        numpy is not None and isinstance(correct, numpy.generic)
    ):
        return correct if keep else type(correct)(choose(0.0) != 0)
    again = functools.partial(filled, choose=choose, keep=keep, depth=depth + 1)
    if isinstance(correct, dict):
        return {key: again(one) for key, one in correct.items()}
    if isinstance(correct, tuple) and hasattr(correct, "_fields"):
        return type(correct)(*map(again, correct))
    if isinstance(correct, list | tuple | set):
        return type(correct)(map(again, correct))
    if is_plain_object(correct):
        if not keep:
            return None  # what an object is made of is work, and no number
        for name, one in list(vars(correct).items()):
            vars(correct)[name] = filled(one, choose, True, depth + 1)
    return correct


def _filled_tensor(torch: Any, correct: Any, choose: Choose) -> Any:
    chosen = choose(correct.detach().cpu().numpy())
    with torch.no_grad():
        if isinstance(correct, torch.nn.Parameter):
            correct.copy_(torch.as_tensor(chosen))
            return correct
        return torch.as_tensor(chosen).to(correct.dtype).to(correct.device)


def constant(number: float) -> Choose:
    """Always choose the same number, or an array of it for an array."""

    def choose(correct: Any) -> Any:
        numpy = sys.modules.get("numpy")
        if numpy is None or isinstance(correct, float):
            return type(correct)(number)
        if isinstance(correct, numpy.ndarray):
            whole = correct.dtype.kind in "iu" and number not in (0.0, 1.0)
            return numpy.full_like(correct, 2 if whole else number)
        return correct.dtype.type(number)

    return choose


def is_plain_object(one: Any) -> bool:
    """Return whether it is an object with attributes, not a function, class or module."""
    kinds = (type, types.ModuleType, types.FunctionType, types.MethodType, types.FrameType)
    return hasattr(one, "__dict__") and not isinstance(one, kinds)


def adopt(own: Any, worked: Any, choose: Choose, forge: bool, done: set[int]) -> None:
    """Write other numbers where the correct function has changed its arguments.

    Args:
        own: the arguments.
        worked: a copy that the correct function has worked on.
        choose: replaces numbers and arrays; integers and words are as in the copy.
        forge: whether objects of the rubric's support modules are changed as well.
        done: ids of the objects already visited.
    """
    if is_of_support(own) and not forge:
        return
    if own is worked or id(own) in done or len(done) > NODES_AT_MOST:
        return
    done.add(id(own))
    numpy, torch = sys.modules.get("numpy"), sys.modules.get("torch")
    if numpy is not None and isinstance(own, numpy.ndarray):
        if own.shape == worked.shape and own.flags.writeable and (own != worked).any():
            own[...] = choose(worked)
    elif torch is not None and isinstance(own, torch.Tensor):
        if own.shape == worked.shape and not torch.equal(own, worked):
            with torch.no_grad():
                own.copy_(torch.as_tensor(choose(worked.detach().cpu().numpy())))
    elif isinstance(own, list | tuple) and type(own) is type(worked):
        for one, other in zip(own, worked, strict=False):
            adopt(one, other, choose, forge, done)
        if isinstance(own, list):
            own.extend(filled(one, choose, True) for one in worked[len(own) :])
    elif isinstance(own, dict) and isinstance(worked, dict):
        _adopt_names(own, worked, choose, forge, done)
    elif is_plain_object(own) and type(own) is type(worked):
        _adopt_names(vars(own), vars(worked), choose, forge, done)


def _adopt_names(own: Any, worked: Any, choose: Choose, forge: bool, done: set[int]) -> None:
    for name, other in list(worked.items()):
        if name in own and _is_container(own[name]) and type(own[name]) is type(other):
            shape = getattr(own[name], "shape", None)
            if shape == getattr(other, "shape", None):
                adopt(own[name], other, choose, forge, done)
                continue
        if name not in own or not _is_same(own[name], other):
            own[name] = filled(other, choose, True)


def _is_container(one: Any) -> bool:
    return isinstance(one, list | tuple | dict) or hasattr(one, "shape") or is_plain_object(one)


def _is_same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:
        return False


def is_of_support(one: Any) -> bool:
    """Return whether it is an object of a class of the rubric's support modules."""
    return is_name_of_support(type(one))


def is_name_of_support(one: Any) -> bool:
    """Return whether it is a class or a function of the rubric's support modules."""
    return str(getattr(one, "__module__", "")).startswith(SUPPORT)
