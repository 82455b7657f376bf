"""Describe exceptions raised by student code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_IMPORT_FAILURES = frozenset(
    ["ImportError", "IndentationError", "ModuleNotFoundError", "SyntaxError", "TabError"]
)
_ENDED = "ended the program (sys.exit or exit)"
# Errors whose message is a complete sentence without its full stop.
_SENTENCES = frozenset(["BannedImport", "NotHandedIn", "NotebookUnreadable"])
BECAUSE = "\nBecause of this, "
"""Separates a cause from its consequence; grading reports each cause once."""
# An object server sends no more than these; one source line is looked up per frame.
_MAX_FAILURES, _MAX_FRAMES = 50, 8


@dataclass(frozen=True)
class Frame:
    """One of the student's own lines in a traceback."""

    file: str
    line: int
    function: str
    code: str


class StudentError(Exception):
    """An exception raised by student code, described in words.

    Attributes:
        kind: the name of the exception's class on the student's side.
        message: its text, capped.
        frames: the student's own lines, outermost first.
        doing: what the test requested, such as "Linear.forward".
        is_of_cell: whether it explains why a notebook lacks what was requested.
        cause: the error that caused this one, such as a failed import, or None.
    """

    def __init__(
        self,
        kind: str,
        message: str,
        frames: tuple[Frame, ...],
        doing: str,
        is_of_cell: bool = False,
        cause: "StudentError | None" = None,
    ) -> None:
        self.kind, self.message, self.frames, self.doing = kind, message, frames, doing
        self.is_of_cell, self.cause = is_of_cell, cause
        super().__init__(self._text())

    @property
    def not_attempted(self) -> bool:
        """Return whether it is an unwritten stub's or a missing file's, or is caused by one."""
        first = self if self.cause is None else self.cause
        return first.kind in ("NotImplementedError", "NotHandedIn")

    @property
    def timed_out(self) -> bool:
        """Return whether a notebook cell exceeded its time limit."""
        return self.kind == "CellTimeout"

    def _text(self) -> str:
        if self.cause is not None:
            return f"{self.cause._as_cause()}{BECAUSE}{self._own_text()}"
        return self._own_text()

    def _as_cause(self) -> str:
        """Return the text of an error that others follow from: where it was raised, and why."""
        if self.kind in _SENTENCES or (self.not_attempted and self.message):
            return self._own_text()
        place = self.frames[0].file if self.frames else "your code"
        if self.kind == "SystemExit":
            return "\n".join([f"{place} {_ENDED}", *self._lines()])
        return "\n".join([f"{place} raised {self._reason()}", *self._lines()])

    def _own_text(self) -> str:
        if self.kind == "NotImplementedError" and self.message:
            return self.message
        if self.kind == "ValueTooLarge":
            return f"{self.doing} returned too much: {self.message}."
        if self.kind in _SENTENCES:
            return f"{self.message.removesuffix('.')}."
        if self.kind == "ClaimsError":
            return self.message
        if self.kind == "WrongModule":
            return f"{self.doing} {self.message}."
        if self.kind == "NoArray":
            return f"{self.doing} is not an array of numbers: {self.message}."
        if self.kind == "AttributeError" and not self.frames:
            end = "" if self.message.endswith("?") else "."
            return f"{self.doing} is missing: {self.message}{end}"
        if self.timed_out:
            return "\n".join([f"{self.doing} is missing: {self.message}", *self._lines()])
        if self.is_of_cell:
            return f"{self._as_cause()}{BECAUSE}{self.doing} is missing."
        return "\n".join([self._what_happened(), *self._lines()])

    def _lines(self) -> list[str]:
        lines = []
        for frame in self.frames:
            function = f", in {frame.function}" if frame.function.isidentifier() else ""
            code = f": {frame.code}" if frame.code else ""
            lines.append(f"  {frame.file}, line {frame.line}{function}{code}")
        return lines

    def _reason(self) -> str:
        return f"{self.kind}: {self.message}" if self.message else self.kind

    def _what_happened(self) -> str:
        if self.kind in _IMPORT_FAILURES:
            return f"{self.doing} could not be imported: {self._reason()}"
        if self.kind == "SystemExit":
            return f"{self.doing} {_ENDED}; it must return instead"
        return f"{self.doing} raised {self._reason()}"


class MissingName(StudentError, AttributeError):
    """The error if an object on the student's side has no attribute of a name, for `hasattr`.

    An AttributeError raised inside of a property is not one, and neither is a name that is missing
    because a cell or an import has failed.
    """


_ASKED_FOR_NAMES = ("__getattr__", "__getattribute__")


def is_missing_name(kind: str, frames: tuple[Frame, ...]) -> bool:
    """Return whether an error of a lookup says that the name does not exist."""
    if kind != "AttributeError":
        return False
    return not frames or all(frame.function in _ASKED_FOR_NAMES for frame in frames)


@dataclass(frozen=True)
class CellFailure:
    """A failed cell of a notebook.

    Attributes:
        cell: its number.
        text: its code.
        above: the text above it.
        error: what it raised, or the cause of that.
    """

    cell: int
    text: str
    above: str
    error: StudentError

    @property
    def not_attempted(self) -> bool:
        """Return whether the cell is an unwritten stub."""
        return self.error.not_attempted

    def explaining(self, what: str) -> StudentError:
        """Return the error as the reason why something is missing."""
        error = self.error
        return StudentError(error.kind, error.message, error.frames, what, is_of_cell=True)


def read_cell_failures(received: object, frame: Callable[..., Frame]) -> list[CellFailure]:
    """Read the cell failures sent by a student's process; malformed entries are ignored.

    Args:
        received: the data as received.
        frame: makes a `Frame` from a file, a line and a function.
    """
    return [
        _cell_failure(entry, frame)
        for entry in (received[:_MAX_FAILURES] if type(received) is list else ())
        if type(entry) is dict and _is_cell_failure(entry)
    ]


def _cell_failure(entry: dict[str, Any], frame: Callable[..., Frame]) -> CellFailure:
    frames = tuple(frame(*place) for place in entry["frames"][:_MAX_FRAMES])
    error = StudentError(entry["type"], entry["message"], frames, f"cell {entry['cell']}")
    return CellFailure(entry["cell"], entry["text"], entry["above"], error)


def _is_cell_failure(entry: dict[str, Any]) -> bool:
    texts = [entry.get(name) for name in ("type", "message", "text", "above")]
    frames = entry.get("frames")
    return (
        type(entry.get("cell")) is int
        and all(type(text) is str for text in texts)
        and type(frames) is list
        and all(type(place) is list and [*map(type, place)] == [str, int, str] for place in frames)
    )
