"""Give references operators, iteration, `with` and `in`, as the student's objects have them.

    (a * b + a).backward()

An operator is applied on the student's side, by the methods of the student's class. Comparisons are
made here, with copies of contents, so that a student's `__eq__` or `__contains__` has no say:

    a == b      contents, by their base classes; tensors entry by entry, as arrays; objects without
                a content: whether they are the same object
    x in a      whether an element of `a` equals x in this sense
    a < b       contents only

The first use of an operator on two kinds of objects is a request of its own. If the result stays on
the student's side, later uses are collected and sent together; an error is then raised by the next
request that needs a result.
"""

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.remote.operators import BINARY, IN_PLACE, MAX_ITEMS, MAX_LENGTH, UNARY

if TYPE_CHECKING:
    from autograder.rubric.session import RemoteRef, StudentConnection


class OpaqueValue(TypeError):
    """The error if a test used a reference as a plain value, or a value cannot be passed on."""


def is_tensor(reference: "RemoteRef") -> bool:
    """Return whether a reference is to a torch tensor, according to the student's process."""
    return reference.kind__.partition(" of ")[0] in _TENSORS


_TENSORS = ("torch.Tensor", "torch.nn.parameter.Parameter")


def read_content(reference: "RemoteRef") -> object:
    """Return a copy of what an object on the student's side now contains by its base class.

    For a namedtuple this is a tuple, for an IntEnum a number, for a tensor an array; the base
    class's own methods read it.

    Raises:
        OpaqueValue: the object has no value of its own.
    """
    found = _content_or_itself(reference)
    if _is_reference(found):
        raise OpaqueValue(
            f"{reference.label__} is a {reference.kind__}, not a plain value or array"
        )
    return found


def _content_or_itself(reference: "RemoteRef") -> object:
    if reference.kind__ in LOOKED_INTO:
        return reference
    return reference.session__.ask("content", reference.label__, target=reference)


# Objects of these kinds are called or looked into, and never compared, so a name that is known to
# be one of them needs no request of its own.
LOOKED_INTO = frozenset(["module", "type", "method", "function"])


def _is_reference(value: object) -> bool:
    return isinstance(value, Operators)


def _binary(name: str, reflected: bool = False) -> Any:
    def method(self: "RemoteRef", other: object) -> object:
        return self.session__.operate(name, *((other, self) if reflected else (self, other)))

    return method


def _unary(name: str) -> Any:
    def method(self: "RemoteRef") -> object:
        return self.session__.operate(name, self)

    return method


def _in_place(name: str) -> Any:
    def method(self: "RemoteRef", other: object) -> object:
        return self.session__.operate_in_place(name, self, other)

    return method


def _of_content(operation: Callable[..., object]) -> Any:
    """Return a method of a reference that applies an operation to the content."""

    def method(self: "RemoteRef", *arguments: object, **options: object) -> object:
        content = read_content(self)
        try:
            return operation(content, *arguments, **options)
        except (TypeError, ValueError, OverflowError) as error:
            raise OpaqueValue(f"{self.label__} is a {self.kind__}: {error}") from None

    return method


def _equality(operation: Callable[[object, object], object]) -> Any:
    by_content = _of_content(operation)

    def method(self: "RemoteRef", other: Any) -> object:
        content = _content_or_itself(self)
        if not _is_reference(content):
            return by_content(self, other)
        if other is None:  # a plain value has been None on the student's side, too
            return operation(True, False)
        if not _is_reference(other):
            return by_content(self, other)  # which says that the object has no content
        fields = {"left": self, "right": other}
        same = self.session__.ask("same", f"comparing {self.label__}", **fields)
        return operation(same is True, True)

    return method


class Operators:
    """The operators of a remote reference."""

    __slots__ = ()
    session__: "StudentConnection"
    number__: int | None
    kind__: str
    label__: str
    # numpy leaves an operator to an object of higher priority, rather than to go through it.
    __array_priority__ = 1000.0

    __eq__, __ne__ = _equality(operator.eq), _equality(operator.ne)
    __lt__, __le__ = _of_content(operator.lt), _of_content(operator.le)
    __gt__, __ge__ = _of_content(operator.gt), _of_content(operator.ge)
    __bool__, __hash__ = _of_content(bool), _of_content(hash)
    __array__, __index__ = _of_content(np.array), _of_content(operator.index)
    __float__, __int__, __round__ = _of_content(float), _of_content(int), _of_content(round)

    for _name in BINARY:
        _word = _name.rstrip("_")
        locals()[f"__{_word}__"] = _binary(_name)
        locals()[f"__r{_word}__"] = _binary(_name, reflected=True)
    for _name in UNARY:
        locals()[f"__{_name}__"] = _unary(_name)
    for _name in IN_PLACE:
        locals()[f"__{_name}__"] = _in_place(_name)
    del _name, _word

    def __len__(self: Any) -> int:
        length = self.session__.ask("length", f"len({self.label__})", target=self)
        if type(length) is not int or not 0 <= length <= MAX_LENGTH:
            raise OpaqueValue(
                f"len({self.label__}) is {str(length)[:20]}, more than is usable here"
            )
        return length

    def __iter__(self: Any) -> Iterator[Any]:
        label = self.label__
        found = self.session__.ask("iterate", f"iterating over {label}", target=self)
        if not _is_reference(found):
            try:
                return iter(found)
            except TypeError as error:
                raise OpaqueValue(f"{label} is a {self.kind__}: {error}") from None
        return _elements(self, found)

    def __contains__(self: Any, value: object) -> bool:
        content = _content_or_itself(self)
        if not _is_reference(content):
            found: Any = _of_content(operator.contains)
            return bool(found(self, value))
        return any(_are_equal(one, value) for one in self)

    def __enter__(self: Any) -> Any:
        return self.session__.ask("enter", f"with {self.label__}", target=self)

    def __exit__(self: Any, kind: object, error: object, traceback: object) -> None:
        """Leave the context; an exception of the block goes on, whatever the student's side says.

        Otherwise a student's `__exit__` could hide a failed check.
        """
        self.session__.ask("exit", f"leaving {self.label__}", target=self, failed=kind is not None)


def _elements(reference: Any, iterator: object) -> Iterator[Any]:
    doing = f"iterating over {reference.label__}"
    for _ in range(MAX_ITEMS):
        one = reference.session__.ask("next", doing, target=iterator)
        if type(one) is not tuple or len(one) > 1:
            raise OpaqueValue(f"{doing} gives no elements")
        if not one:
            return
        yield one[0]
    raise OpaqueValue(f"{doing} has not ended after {MAX_ITEMS:,} elements")


def _are_equal(one: Any, other: Any) -> bool:
    if _is_reference(one) and not _is_reference(other):
        one = _content_or_itself(one)
        if _is_reference(one):
            return False
    try:
        return bool(one == other)
    except (TypeError, ValueError):  # an array, or a reference without a content
        return False
