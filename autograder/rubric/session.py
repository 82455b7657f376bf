"""Send requests to an object server, and return remote references to its objects.

This runs in the judge, and in a student's own pytest.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from autograder.notebook.document import is_cell
from autograder.remote.messages import Message, Tree, ValueTooLarge, pack, unpack
from autograder.remote.torch_modules import MODULE_WORDS
from autograder.rubric.failures import (
    CellFailure,
    Frame,
    MissingName,
    StudentError,
    is_missing_name,
    read_cell_failures,
)
from autograder.rubric.operators import LOOKED_INTO, OpaqueValue, Operators
from autograder.rubric.sources import Lines, lines_in
from autograder.rubric.steps import Steps

MAX_REQUEST_BYTES = 2**30

Ask = Callable[[Message], Message]
"""A function that sends a request to an object server and returns the reply."""

# A reply of any other form means that student code tampered with the worker.
ODD = ("ValueError", "the reply does not have the expected form", ())

_NOTEBOOK = "autograder.remote.notebooks.Namespace"
_SUPPORT = "support"
# The requests whose arrays become tensors for an item with `inputs = "torch"`.
_WITH_INPUTS = frozenset(["call", "operator", "in_place", "item", "set_item", "set_attribute"])


class StudentConnection:
    """The connection of one test to the student's side: its requests to an object server.

    Args:
        ask: the function that sends a request and returns the reply.
        files: the student's files, to show the lines that a traceback names: their folder, or a
            function that returns their lines.
        known: kinds of names on the student's side, as far as they are known, such as "type" for
            "a.Shape"; connections to one process may share it.
        forget: whether the object server must forget the objects of an earlier connection.
        inputs: "torch" if arrays that the test passes to student code become tensors there, else
            "numpy".

    Attributes:
        variables: for each notebook, the names of its variables that were asked for.
    """

    def __init__(
        self,
        ask: Ask,
        files: Path | Lines,
        known: dict[str, str] | None = None,
        forget: bool = False,
        inputs: str = "numpy",
    ) -> None:
        self._ask, self._forget, self._inputs = ask, forget, inputs
        self._steps = Steps(self, lambda *about: RemoteRef(self, *about))
        self.operate, self.operate_in_place = self._steps.operate, self._steps.operate_in_place
        self.files: Lines = lines_in(files) if isinstance(files, Path) else files
        self._known: dict[str, str] = {} if known is None else known
        self.variables: dict[str, dict[str, None]] = {}

    def ask(self, operation: str, doing: str, /, **fields: object) -> object:
        """Make the object server perform an operation, and return a value or a RemoteRef.

        Raises:
            StudentError: student code raised an exception.
            OpaqueValue: a value to be sent is larger than a request may be.
        """
        fields["operation"] = operation
        if operation != "steps":
            self._steps.send()
        if self._inputs != "numpy" and operation in _WITH_INPUTS and not _is_of_support(doing):
            fields["inputs"] = self._inputs
        try:
            request = pack(fields, _refer, MAX_REQUEST_BYTES)
        except ValueTooLarge as large:  # inputs of tests are small, so it came from student code
            raise OpaqueValue(f"it cannot be passed on: {large}") from None
        if self._forget:  # packing may have sent a request, which has included it already
            self._forget = False
            request.tree["items"].append(["forget", True])  # not packed again: it may be large
        reply = self._ask(request)
        error = reply.tree.get("error")
        if error is not None:
            raise self._error(error, doing, looks_up=operation == "attribute")
        answer = Message(reply.tree["value"], reply.buffers)
        # What `shapes.Circle` returns is called Circle, and its method Circle.area.
        label = doing.rpartition(".")[2] if operation == "call" else doing
        # Writing to a copy would look like writing to the student's array, so it is an error.
        return unpack(
            answer, lambda number, kind: RemoteRef(self, number, kind, label), writeable=False
        )

    def send_steps(self) -> None:
        """Apply the operators that are not yet sent, so that their errors are raised here."""
        self._steps.send()

    def _error(self, error: dict[str, Any], doing: str, looks_up: bool = False) -> StudentError:
        frames = tuple(self._frame(*frame) for frame in error["frames"])
        cause = self._error(error["cause"], "") if "cause" in error else None
        is_of_cell = looks_up and _is_of_cell(frames)
        is_missing = looks_up and cause is None and not is_of_cell
        kind = StudentError
        if is_missing and is_missing_name(error["type"], frames):
            kind = MissingName
        return kind(error["type"], error["message"], frames, doing, is_of_cell, cause)

    def look_up(self, name: str, within: "RemoteRef | None" = None) -> object:
        """Return what a name refers to: a module, or something inside an object.

        A name that is known to be called or looked into is sent with the request that does so; thus
        half of all lookups need no request of their own.
        """
        label = name if within is None else f"{within.label__}.{name}"
        if within is not None and within.kind__ == _NOTEBOOK:
            self.variables.setdefault(within.label__, {})[name] = None
        if label in self._known:
            return RemoteRef(self, None, self._known[label], label, (within, name))
        if within is None:
            found = self.ask("module", label, name=name)
            if not isinstance(found, RemoteRef):
                raise StudentError(*ODD, label)
        else:
            found = self.ask("attribute", label, **where(within), name=name)
        if isinstance(found, RemoteRef) and found.kind__ in LOOKED_INTO:
            self._known[label] = found.kind__
        return found

    def cell_failures(self, notebook: str) -> list[CellFailure]:
        """Return what went wrong in the cells of a notebook's run."""
        received = self.ask("failures", f"the cells of {notebook}", name=notebook)
        return read_cell_failures(received, self._frame)

    def _frame(self, file: str, line: int, function: str) -> Frame:
        return Frame(file, line, function, self.files(file, line))


class RemoteRef(Operators):
    """An object on the student's side: call it, index it, read its attributes, pass it back.

    It has the operators of the object (operators.py). An object with plain content, such as a
    namedtuple or a tensor, is compared by a copy of its content. Any other object has no value
    here, so asking whether it is true is an error in the test.
    """

    __slots__ = ("kind__", "label__", "number__", "place__", "session__")

    session__: StudentConnection
    number__: int | None
    place__: "tuple[RemoteRef | None, str] | None"
    kind__: str
    label__: str

    def __init__(
        self,
        session: StudentConnection,
        number: int | None,
        kind: str,
        label: str,
        place: "tuple[RemoteRef | None, str] | None" = None,
    ) -> None:
        set_own = object.__setattr__
        set_own(self, "session__", session)
        set_own(self, "number__", number)
        # While it has no number: the object and the name by which it will be looked up.
        set_own(self, "place__", place)
        set_own(self, "kind__", kind)
        set_own(self, "label__", label)

    def __getattr__(self, name: str) -> Any:
        refuse_protocols(name)
        if name in MODULE_WORDS:
            return partial(_module_word, self, name)
        return self.session__.look_up(name, self)

    def __setattr__(self, name: str, value: object) -> None:
        doing = f"setting {self.label__}.{name}"
        self.session__.ask("set_attribute", doing, target=self, name=name, value=value)

    def __call__(self, *arguments: object, **keywords: object) -> Any:
        return call(self, arguments, keywords, keep=False)

    def __getitem__(self, key: object) -> Any:
        return self.session__.ask("item", f"{self.label__}[{key!r}]", target=self, key=key)

    def __setitem__(self, key: object, value: object) -> None:
        doing = f"setting {self.label__}[{key!r}]"
        self.session__.ask("set_item", doing, target=self, key=key, value=value)

    def __repr__(self) -> str:
        return f"<{self.label__}, a {self.kind__}>"


def _module_word(reference: RemoteRef, name: str, *arguments: object, **keywords: object) -> Any:
    """Set or read the parameters of a torch module (remote/torch_modules.py)."""
    fields: dict[str, object] = {"keywords": keywords} if keywords else {}
    fields |= {"target": reference, "name": name, "arguments": list(arguments)}
    found = reference.session__.ask("module_word", reference.label__, **fields)
    return reference if name == "with_parameters" and found is None else found


def call(
    function: RemoteRef, arguments: tuple[object, ...], keywords: dict[str, object], keep: bool
) -> Any:
    """Call a function on the student's side.

    Args:
        function: what to call.
        arguments: plain values (copied) and references.
        keywords: the same, by name.
        keep: leave even a plain result on the student's side and return a reference to it.

    Raises:
        OpaqueValue: `function` is a plain value, which cannot be called.
    """
    require_reference(function)
    fields: dict[str, object] = where(function)
    # Omit empty fields: shorter requests are faster.
    if arguments:
        fields["arguments"] = list(arguments)
    if keywords:
        fields["keywords"] = keywords
    if keep:
        fields["keep"] = True
    return function.session__.ask("call", function.label__, **fields)


def require_reference(value: object) -> None:
    """Refuse a plain value where an object on the student's side is needed.

    Raises:
        OpaqueValue: the value is plain; a student may have given that name to a number.
    """
    if not isinstance(value, RemoteRef):
        kind = type(value).__name__
        raise OpaqueValue(f"it is of type {kind} where a function, an object or a module belongs")


def _is_of_support(doing: str) -> bool:
    """Return whether a request calls the rubric's own module in the student's process."""
    return doing.removeprefix("setting ").startswith(f"{_SUPPORT}.")


def _is_of_cell(frames: tuple[Frame, ...]) -> bool:
    """Tell whether the outermost of the student's lines is in a cell and not in a function."""
    return bool(frames) and is_cell(frames[0].file) and not frames[0].function.isidentifier()


def refuse_protocols(name: str) -> None:
    """Keep Python's and numpy's probing for `__array__` and the like off the student's side."""
    if name.startswith("__") and name.endswith("__"):
        raise AttributeError(name)


def where(reference: RemoteRef) -> dict[str, object]:
    """Return the fields of a request that say which object it is about.

    They are a `target`, or the names that lead to the object from a target or from a module.
    """
    path: list[str] = []
    at: RemoteRef | None = reference
    while at is not None and at.number__ is None:
        assert at.place__ is not None  # without a number it is found by a name
        at, name = at.place__
        path.append(name)
    fields: dict[str, object] = {} if at is None else {"target": at}
    return fields | {"path": path[::-1]} if path else fields


def _refer(value: object) -> Tree:
    if isinstance(value, RemoteRef):
        number = value.number__
        if number is None:  # now it needs a request of its own
            found = value.session__.ask("found", value.label__, keep=True, **where(value))
            if not isinstance(found, RemoteRef):
                raise StudentError(*ODD, value.label__)
            number = found.number__
            object.__setattr__(value, "number__", number)
        return {"kind": "reference", "id": number, "type": ""}
    if type(value) in (list, tuple, dict, slice, set, frozenset, range):
        raise OpaqueValue("it cannot be passed on: it is nested too deep, or has keys of odd kinds")
    if isinstance(value, type):  # as in `np.std(x, dtype=float)` if `x` is a reference
        raise OpaqueValue("it stays on the student's side, where an array or a number is needed")
    raise TypeError(
        f"a test may send plain values, arrays and references to student code, "
        f"not a {type(value).__name__}"
    )
