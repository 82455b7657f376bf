"""Send operators to the student's side, many in one request where their results stay there.

A graph of 100,000 nodes that a test builds with `a * b + a` would take as many requests. When an
operator has been used on two kinds of objects and its result was an object, the same operator on
objects of these kinds is only noted, and gets a number for its result. The next request of another
kind first sends the noted ones, up to `STEPS` in one request.
"""

from typing import TYPE_CHECKING, Any

from autograder.remote.operators import BINARY, IN_PLACE, STEPS, UNARY
from autograder.rubric.failures import StudentError
from autograder.rubric.operators import OpaqueValue, Operators

if TYPE_CHECKING:
    from autograder.rubric.session import RemoteRef, StudentConnection

_NUMBERS = (int, float)
_SYMBOLS = {**BINARY, **UNARY, **IN_PLACE}
_LONGEST_LABEL = 40


class Steps:
    """The operators that a session has noted, and what is known about their results.

    Args:
        session: sends the requests.
        make: makes a reference from a number, a kind and a label.
    """

    def __init__(self, session: "StudentConnection", make: Any) -> None:
        self._session, self._make = session, make
        self._kinds: dict[tuple[str, ...], str] = {}  # of the results of operators
        self._noted: list[list[object]] = []
        self._doing: list[str] = []
        self._last = 0  # the number of the latest result

    def operate(self, name: str, *operands: Any) -> Any:
        """Apply an operator to references and plain values; return a copy or a reference."""
        key = (name, *map(_kind_of, operands))
        doing = _words(name, operands)
        kind = self._kinds.get(key)
        if kind is not None and all(map(_is_noted, operands)):
            return self._note(name, operands, kind, doing)
        found = self._session.ask("operator", doing, name=name, operands=list(operands))
        if isinstance(found, Operators):
            found = self._make(found.number__, found.kind__, _last_part(found.kind__))
            self._kinds[key] = found.kind__
        return found

    def operate_in_place(self, name: str, reference: "RemoteRef", other: object) -> Any:
        """Apply an operator such as `+=`; return what the name then refers to."""
        doing = _words(name, (reference, other))
        found = self._session.ask("in_place", doing, name=name, operands=[reference, other])
        if found is True:
            return reference
        if type(found) is not tuple or len(found) != 1:
            raise OpaqueValue(f"{doing} gives nothing")
        return found[0]

    def send(self) -> None:
        """Send what has been noted.

        Raises:
            StudentError: one of the operators has raised an exception.
        """
        noted, doing = self._noted, self._doing
        self._noted, self._doing = [], []
        if not noted:
            return
        try:
            self._session.ask("steps", "an operator", steps=noted)
        except StudentError as error:
            done = self._session.ask("steps_done", "an operator")
            at = done if type(done) is int and 0 <= done < len(doing) else 0
            raise StudentError(
                error.kind, error.message, error.frames, doing[at], error.is_of_cell, error.cause
            ) from None

    def _note(self, name: str, operands: tuple[Any, ...], kind: str, doing: str) -> Any:
        self._last -= 1
        step: list[object] = [self._last, name]
        for one in operands:
            is_reference = isinstance(one, Operators)
            step += [one.number__ if is_reference else one, is_reference]
        self._noted.append(step)
        self._doing.append(doing)
        made = self._make(self._last, kind, _last_part(kind))
        if len(self._noted) >= STEPS:
            self.send()
        return made


def _is_noted(operand: Any) -> bool:
    """Return whether an operand is small and needs no request of its own."""
    if isinstance(operand, Operators):
        return operand.number__ is not None
    if type(operand) is int:
        return -(2**63) <= operand < 2**63
    return type(operand) in _NUMBERS


def _kind_of(operand: Any) -> str:
    return operand.kind__ if isinstance(operand, Operators) else type(operand).__name__


def _words(name: str, operands: tuple[Any, ...]) -> str:
    """Return an operation in words, such as "Value + 2"."""
    shown = [_shown(one) for one in operands]
    symbol = _SYMBOLS[name]
    if symbol.isalpha():
        return f"{symbol}({', '.join(shown)})"
    return f"{symbol}{shown[0]}" if len(shown) == 1 else f"{shown[0]} {symbol} {shown[1]}"


def _shown(operand: Any) -> str:
    if not isinstance(operand, Operators):
        return repr(operand) if type(operand) in _NUMBERS else f"a {type(operand).__name__}"
    label: str = operand.label__
    if len(label) <= _LONGEST_LABEL and " " not in label:
        return label
    return _last_part(operand.kind__)


def _last_part(kind: str) -> str:
    return kind.partition(" of ")[0].rpartition(".")[2]
