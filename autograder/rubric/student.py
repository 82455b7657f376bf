"""Define the student proxy, the fixture `student` of a test, which looks like ordinary Python.

This runs in the judge, and in a student's own pytest. Every attribute, call and index becomes a
request to an object server (autograder/remote): in this process on a student's machine, and in a
worker process in grading. Plain values are returned as copies; everything else stays on the
student's side and is returned as a `RemoteRef`.
"""

from typing import Any

import numpy as np

from autograder.rubric.failures import CellFailure, Frame, StudentError
from autograder.rubric.figures import Figures
from autograder.rubric.session import (
    ODD,
    OpaqueValue,
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

    def __init__(self, session: StudentConnection) -> None:
        self.session__ = session
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
        self, function: RemoteRef, *arguments: object, **keywords: object
    ) -> StudentError | None:
        """Call a function and return the exception that student code raises, or None.

        Raises:
            StudentError: the function is an unwritten stub, or lacks a name that a cell or an
                import should have made.
        """
        try:
            call(function, arguments, keywords, keep=True)
        except StudentError as error:
            if error.not_attempted or error.cause is not None:
                raise
            return error
        return None

    def array(self, value: object) -> Any:
        """Return a tensor on any device, a list of numbers or an array as a plain array."""
        return self.session__.ask("array", _label(value), value=value)

    def tensor(self, value: object, dtype: str = "float32") -> RemoteRef:
        """Make a torch tensor on the student's side."""
        return self.__kept("tensor", "the tensor", value=value, dtype=dtype)

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

    def __kept(self, operation: str, doing: str, **fields: object) -> RemoteRef:
        kept = self.session__.ask(operation, doing, keep=True, **fields)
        if not isinstance(kept, RemoteRef):
            raise StudentError(*ODD, doing)
        return kept


def _label(value: object) -> str:
    return value.label__ if isinstance(value, RemoteRef) else "the value"


def _dict_of(value: object, key: type, item: type, doing: str) -> dict[Any, Any]:
    if type(value) is not dict:
        raise StudentError(*ODD, doing)
    for pair in value.items():
        if tuple(map(type, pair)) != (key, item):
            raise StudentError(*ODD, doing)
    return value
