"""The `student` handle: ordinary-looking Python that runs where the student's code is.

Every attribute, call and index goes through a channel to a workbench (autograder/workbench), in
this process on a student's machine and in a worker process in grading. Plain values come back by
value, as copies; everything else stays there and comes back as a `Reference`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.workbench.values import Parcel, Tree, pack, unpack

MAX_REQUEST_BYTES = 2**30

_IMPORT_FAILURES = frozenset(
    ["ImportError", "IndentationError", "ModuleNotFoundError", "SyntaxError", "TabError"]
)

Channel = Callable[[Parcel], Parcel]


@dataclass(frozen=True)
class Frame:
    """One of the student's own lines in a traceback."""

    file: str
    line: int
    function: str
    code: str


class StudentError(Exception):
    """An exception that student code raised, told in words.

    Attributes:
        kind: the name of the exception's class on the student's side.
        message: its text, capped.
        frames: the student's own lines, outermost first.
        doing: what the test asked for, such as "Linear.forward".
    """

    def __init__(self, kind: str, message: str, frames: tuple[Frame, ...], doing: str) -> None:
        self.kind, self.message, self.frames, self.doing = kind, message, frames, doing
        super().__init__(self._text())

    @property
    def not_attempted(self) -> bool:
        """Whether it is a stub that says it still waits to be written."""
        return self.kind == "NotImplementedError"

    def _text(self) -> str:
        if self.not_attempted and self.message:
            return self.message
        if self.kind == "ValueTooLarge":
            return f"{self.doing} returned too much: {self.message}."
        if self.kind == "BannedImport":
            return f"{self.message}."
        if self.kind == "AttributeError" and not self.frames:
            return f"{self.doing} is missing: {self.message}."
        reason = f"{self.kind}: {self.message}" if self.message else self.kind
        lines = [f"{self.doing} raised {reason}"]
        if self.kind in _IMPORT_FAILURES:
            lines = [f"{self.doing} could not be imported: {reason}"]
        elif self.kind == "SystemExit":
            lines = [f"{self.doing} ended the program (sys.exit or exit); it must return instead"]
        for frame in self.frames:
            function = f", in {frame.function}" if frame.function.isidentifier() else ""
            code = f": {frame.code}" if frame.code else ""
            lines.append(f"  {frame.file}, line {frame.line}{function}{code}")
        return "\n".join(lines)


class OpaqueValue(TypeError):
    """A test used a reference as if it were a plain value."""


class Session:
    """One test's conversation with a workbench.

    Args:
        channel: carries a request there and the reply back.
        folder: the student's files, to show the lines that a traceback names.
    """

    def __init__(self, channel: Channel, folder: Path) -> None:
        self._channel, self._folder = channel, folder
        self.calls = 0

    def ask(self, operation: str, doing: str, /, **fields: object) -> object:
        """Have the workbench do something; returns a value or a Reference.

        Raises:
            StudentError: student code raised an exception.
        """
        request = pack({"operation": operation, **fields}, _refer, MAX_REQUEST_BYTES)
        reply = self._channel(request)
        self.calls += 1
        error = reply.tree.get("error")
        if error is not None:
            frames = tuple(self._frame(*frame) for frame in error["frames"])
            raise StudentError(error["type"], error["message"], frames, doing)
        answer = Parcel(reply.tree["value"], reply.buffers)
        # What `shapes.Circle` returns is called Circle, and its method Circle.area.
        label = doing.rpartition(".")[2] if operation == "call" else doing
        # Writing to a copy would look like writing to the student's array, so it is an error.
        return unpack(
            answer, lambda number, kind: Reference(self, number, kind, label), writeable=False
        )

    def _frame(self, file: str, line: int, function: str) -> Frame:
        return Frame(file, line, function, self._line(file, line))

    def _line(self, file: str, line: int) -> str:
        # The line is read from the files handed in, not taken from the student's process.
        try:
            path = (self._folder / file).resolve()
            if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
                return ""
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except (OSError, ValueError, RuntimeError):
            return ""  # a name that no file can have, a loop of links
        return lines[line - 1].strip()[:120] if 0 < line <= len(lines) else ""


class Reference:
    """An object on the student's side: call it, index it, read its attributes, pass it back.

    It has no value here: comparing it, or asking whether it is true, is a mistake in the test.
    """

    __slots__ = ("_Reference__number", "_Reference__session", "kind__", "label__")

    def __init__(self, session: Session, number: int, kind: str, label: str) -> None:
        set_own = object.__setattr__
        set_own(self, "_Reference__session", session)
        set_own(self, "_Reference__number", number)
        set_own(self, "kind__", kind)
        set_own(self, "label__", label)

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        return self.__session.ask("attribute", f"{self.label__}.{name}", target=self, name=name)

    def __setattr__(self, name: str, value: object) -> None:
        doing = f"setting {self.label__}.{name}"
        self.__session.ask("set_attribute", doing, target=self, name=name, value=value)

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        return call(self, arguments, keywords, keep=False)

    def __getitem__(self, key: object) -> Any:
        return self.__session.ask("item", f"{self.label__}[{key!r}]", target=self, key=key)

    def __setitem__(self, key: object, value: object) -> None:
        doing = f"setting {self.label__}[{key!r}]"
        self.__session.ask("set_item", doing, target=self, key=key, value=value)

    def __len__(self) -> int:
        length = self.__session.ask("length", f"len({self.label__})", target=self)
        assert isinstance(length, int)
        return length

    def __repr__(self) -> str:
        return f"<{self.label__}, a {self.kind__}>"

    def __no_value(self, *_: object) -> NoReturn:
        raise OpaqueValue(f"{self.label__} is a {self.kind__}, not a plain value or array")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __no_value
    __bool__ = __hash__ = __iter__ = __contains__ = __no_value
    __array__ = __float__ = __int__ = __index__ = __no_value


def call(
    function: Reference, arguments: tuple[object, ...], keywords: dict[str, object], keep: bool
) -> Any:
    """Call a function on the student's side.

    Args:
        function: what to call.
        arguments: plain values (copied) and references.
        keywords: the same, by name.
        keep: leave even a plain result there and return a reference to it.
    """
    fields: dict[str, object] = {"target": function}
    # What is empty stays at home: a short request is a quick one.
    if arguments:
        fields["arguments"] = list(arguments)
    if keywords:
        fields["keywords"] = keywords
    if keep:
        fields["keep"] = True
    return _session(function).ask("call", function.label__, **fields)


def _refuse_protocols(name: str) -> None:
    """Keep Python's and numpy's probing for `__array__` and the like off the student's side."""
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)


def _session(reference: Reference) -> Session:
    session = object.__getattribute__(reference, "_Reference__session")
    assert isinstance(session, Session)
    return session


def _refer(value: object) -> Tree:
    if isinstance(value, Reference):
        number = object.__getattribute__(value, "_Reference__number")
        return {"kind": "reference", "id": number, "type": ""}
    raise TypeError(
        f"a test may send plain values, arrays and references to student code, "
        f"not a {type(value).__name__}"
    )


class _Support:
    """`student.support.<module>`: the rubric's own modules that run beside student code."""

    def __init__(self, session: Session) -> None:
        self.__session = session

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        return self.__session.ask("support", f"support.{name}", name=name)


class Student:
    """The student's code as a rubric test sees it; attributes are the student's packages."""

    def __init__(self, session: Session) -> None:
        self.__session = session
        self.support = _Support(session)

    def __getattr__(self, name: str) -> Any:
        _refuse_protocols(name)
        return self.__session.ask("module", name, name=name)

    def place(self, value: object) -> Reference:
        """Put a plain value on the student's side, where it keeps its identity."""
        return self.__kept("place", "the value placed", value=value)

    def hold(self, function: Reference, *arguments: object, **keywords: object) -> Reference:
        """Call a function and keep its result itself on the student's side, plain or not."""
        kept = call(function, arguments, keywords, keep=True)
        assert isinstance(kept, Reference)
        return kept

    def item(self, reference: Reference, key: object) -> Reference:
        """The element itself, where `reference[key]` would be a copy of it."""
        return self.__kept("item", f"{reference.label__}[{key!r}]", target=reference, key=key)

    def read(self, reference: Reference) -> Any:
        """The present content of what a reference stands for, by value."""
        return self.__session.ask("place", reference.label__, value=reference)

    def warned(self) -> list[str]:
        """The warnings that student code has caused since this was last asked."""
        texts = self.__session.ask("warned", "warnings")
        return list(texts) if isinstance(texts, list) else []

    def raises(
        self, function: Reference, *arguments: object, **keywords: object
    ) -> StudentError | None:
        """Call a function and return the exception that student code raises, or None.

        Raises:
            StudentError: the function is an unwritten stub.
        """
        try:
            call(function, arguments, keywords, keep=True)
        except StudentError as error:
            if error.not_attempted:
                raise
            return error
        return None

    def __kept(self, operation: str, doing: str, **fields: object) -> Reference:
        kept = self.__session.ask(operation, doing, keep=True, **fields)
        assert isinstance(kept, Reference)
        return kept
