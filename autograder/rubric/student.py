"""Define the student proxy, the fixture `student` of a test, which looks like ordinary Python.

This runs in the judge, and in a student's own pytest. Every attribute, call and index becomes a
request to an object server (autograder/remote): in this process on a student's machine, and in a
worker process in grading. Plain values are returned as copies; everything else stays on the
student's side and is returned as a `RemoteRef`.
"""

from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from autograder.rubric.failures import CellFailure, Frame, StudentError
from autograder.rubric.figures import Figures
from autograder.rubric.handed_files import Events, Handed, HandedFile
from autograder.rubric.operators import OpaqueValue
from autograder.rubric.session import (
    ODD,
    RemoteRef,
    StudentConnection,
    call,
    refuse_protocols,
    require_reference,
)

__all__ = [
    "Frame",
    "OpaqueValue",
    "RemoteRef",
    "StudentConnection",
    "StudentError",
    "StudentProxy",
    "call",
]


class StudentProxy:
    """The student's code as a rubric test sees it; its attributes are packages and notebooks.

    `support` contains the rubric's own modules that run in the student's process.
    """

    session__: StudentConnection

    def __init__(self, session: StudentConnection, handed: Callable[[], Handed] = Handed) -> None:
        self.session__, self.__handed = session, handed
        self.__claims: dict[str, dict[str, Any]] = {}  # handed in, so they do not change

    def __getattr__(self, name: str) -> Any:
        refuse_protocols(name)
        return self.session__.look_up(name)

    def place(self, value: object) -> RemoteRef:
        """Put a plain value on the student's side, where it keeps its identity."""
        return self.__kept("place", "the value placed", value=value)

    def hold(self, function: RemoteRef, *arguments: object, **keywords: object) -> RemoteRef:
        """Call a function and keep its result itself on the student's side, even if it is plain."""
        kept = call(function, arguments, keywords, keep=True)
        if not isinstance(kept, RemoteRef):
            raise StudentError(*ODD, function.label__)
        return kept

    def item(self, reference: RemoteRef, key: object) -> RemoteRef:
        """Return the element itself, where `reference[key]` would return a copy of it."""
        require_reference(reference)
        return self.__kept("item", f"{reference.label__}[{key!r}]", target=reference, key=key)

    def read(self, reference: RemoteRef) -> Any:
        """Return a copy of the present content of the object behind a reference."""
        require_reference(reference)
        return self.session__.ask("place", reference.label__, value=reference)

    def warned(self) -> list[str]:
        """Return the warnings that student code has caused since the last call of this method."""
        texts = self.session__.ask("warned", "warnings")
        return list(texts) if isinstance(texts, list) else []

    def raises(
        self, function: RemoteRef | Callable[..., object], *arguments: object, **keywords: object
    ) -> StudentError | None:
        """Call a function and return the exception that student code raises, or None.

        Args:
            function: the student's, or one of the test's, such as `lambda: a / 0`.
            arguments: what it is called with.
            keywords: the same, by name.

        Raises:
            StudentError: the function is an unwritten stub, or lacks a name that a cell or an
                import should have made.
        """
        try:
            if isinstance(function, FunctionType | MethodType):
                function(*arguments, **keywords)
                self.session__.send_steps()
            else:
                require_reference(function)
                call(function, arguments, keywords, keep=True)  # type: ignore[arg-type]
        except StudentError as error:
            if error.not_attempted or error.cause is not None:
                raise
            return error
        return None

    def array(self, value: object) -> Any:
        """Return a tensor on any device, a list of numbers or an array as a plain array."""
        return self.session__.ask("array", _label(value), value=value)

    @property
    def torch(self) -> "TorchLibrary":
        """The library torch on the student's side; called, it makes a tensor there.

        `student.torch(x)` converts an array, `with student.torch.no_grad():` uses the library.
        """
        return TorchLibrary(self)

    def loader(
        self, *arrays: object, batch_size: int, shuffle: bool = False, drop_last: bool = False
    ) -> RemoteRef:
        """Make a torch DataLoader of arrays on the student's side, converted as by `torch`."""
        fields = {"batch_size": batch_size, "shuffle": shuffle, "drop_last": drop_last}
        return self.__kept("loader", "the data loader", arrays=list(arrays), **fields)

    def same(self, left: object, right: object) -> bool:
        """Return whether two references are to the same object, as `is` does locally."""
        require_reference(left)
        require_reference(right)
        return self.session__.ask("same", _label(left), left=left, right=right) is True

    def state(self, model: RemoteRef) -> dict[str, Any]:
        """Return the parameters and buffers of a torch module, or of a list of arrays, by name."""
        doing = f"the state of {_label(model)}"
        found = self.session__.ask("state", doing, model=model)
        return _dict_of(found, str, np.ndarray, doing)

    def figures(self, notebook: str) -> Figures:
        """Return the figures that a notebook showed in its run, oldest first (autograder/notebook).

        Raises:
            StudentError: it showed none, and stubs are left, or a cell that draws has failed.
        """
        what = f"the figures of {notebook}"
        shown = self.session__.ask("figures", what, name=notebook)
        figures = Figures(shown, notebook, lambda: self.failures(notebook))
        if not figures:
            figures.refuse_stubs(what)
            figures.refuse_failures(f"a figure of {notebook}")
        return figures

    def drawn(self, function: RemoteRef, *arguments: object) -> Figures:
        """Return the figures that a call of a function draws."""
        require_reference(function)
        fields = {"target": function, "arguments": list(arguments)}
        return Figures(self.session__.ask("drawn", function.label__, **fields), function.label__)

    def output(self, notebook: str) -> dict[int, str]:
        """Return what a notebook's cells printed in its run, results included, by their number."""
        doing = f"the output of {notebook}"
        return _dict_of(self.session__.ask("output", doing, name=notebook), int, str, doing)

    def failures(self, notebook: str) -> list[CellFailure]:
        """Return what went wrong in the cells of a notebook's run."""
        return self.session__.cell_failures(notebook)

    def claims(self, name: str, rerun: bool = False) -> dict[str, Any]:
        """Return a notebook's claims, with the weights that they are about (autograder/claims).

        Args:
            name: the name of the claims, such as that of a file claims/<name>.json.
            rerun: return what the notebook wrote in its run here, not what was handed in.

        Returns:
            `numbers`, `weights`, `models` and `data`; of what was handed in, the same objects in
            one test. `models` has the weights of each model by its name, if there are several.
        """
        if not rerun and name in self.__claims:
            return self.__claims[name]
        doing = f"claims/{name}.json"
        claims = self.session__.ask("claims", doing, name=name, rerun=rerun)
        parts = _dict_of(claims, str, dict, doing)
        parts.setdefault("models", {})  # a claim of one model may lack it
        if parts.keys() != {"numbers", "weights", "models", "data"}:
            raise StudentError(*ODD, doing)
        for weights in (parts["weights"], *_dict_of(parts["models"], str, dict, doing).values()):
            _dict_of(weights, str, np.ndarray, doing)
        _dict_of(parts["data"], str, str, doing)
        if not rerun:
            self.__claims[name] = parts
        return parts

    def file(self, path: str) -> HandedFile:
        """Return a file that was handed in: `.exists`, `.text()`, `.csv()`, `.json()`."""
        return self.__handed().file(path)

    def events(self, folder: str) -> Events:
        """Return the series of numbers in the TensorBoard event files below a folder."""
        return self.__handed().events(folder)

    def __kept(self, operation: str, doing: str, **fields: object) -> RemoteRef:
        kept = self.session__.ask(operation, doing, keep=True, **fields)
        if not isinstance(kept, RemoteRef):
            raise StudentError(*ODD, doing)
        return kept


class TorchLibrary:
    """The library torch on the student's side."""

    def __init__(self, student: StudentProxy) -> None:
        self.__student = student

    def __call__(self, value: object, dtype: str = "", requires_grad: bool = False) -> RemoteRef:
        """Make a torch tensor on the student's side.

        Args:
            value: an array, a number or a list of numbers.
            dtype: its dtype, such as "float64". Without one, floating-point numbers become float32
                and integers int64.
            requires_grad: whether gradients are computed for it.
        """
        fields = {"value": value, "dtype": dtype, "requires_grad": requires_grad}
        made = self.__student.session__.ask("tensor", "the tensor", keep=True, **fields)
        if not isinstance(made, RemoteRef):
            raise StudentError(*ODD, "the tensor")
        return made

    def __getattr__(self, name: str) -> Any:
        refuse_protocols(name)
        return getattr(self.__student.session__.look_up("torch"), name)


def _label(value: object) -> str:
    return value.label__ if isinstance(value, RemoteRef) else "the value"


def _dict_of(value: object, key: type, item: type, doing: str) -> dict[Any, Any]:
    if type(value) is not dict:
        raise StudentError(*ODD, doing)
    for pair in value.items():
        if tuple(map(type, pair)) != (key, item):
            raise StudentError(*ODD, doing)
    return value
