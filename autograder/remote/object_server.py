"""Worker: keep a student's objects in a table, and do the operations that rubric tests request.

A request and its reply are messages (messages.py). A request's tree is a dict with an `operation`
and its fields; the reply's tree is either `{"value": ...}` or `{"error": {...}}`. The same object
server serves the channel in a worker process, and the student's own pytest in the same process.
"""

import importlib
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from autograder.remote.arrays import (
    as_array,
    as_tensor,
    is_tensor,
    name_of_dtype,
    state_of,
    with_tensors,
)
from autograder.remote.content import NOTHING, content_of
from autograder.remote.failures import (
    MAX_FRAMES,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_PATH,
    Teller,
)
from autograder.remote.imports import install, support_modules
from autograder.remote.messages import Message, Tree, ValueTooLarge, carried_text, pack, unpack
from autograder.remote.notebooks import Around, Notebooks
from autograder.remote.operators import OPERATORS
from autograder.remote.torch_modules import MODULE_WORDS, WrongModule, is_module, make_loader

__all__ = ["MAX_FRAMES", "MAX_MESSAGE", "MAX_NAME", "MAX_PATH", "ObjectServer", "describe_type"]

MAX_WARNINGS = 20
MAX_FAILURES = 50
MAX_CELL_TEXT = 5_000
MAX_OBJECTS = 1_000_000

_PLAIN_CONTAINERS = frozenset([list, tuple, dict, str, bytes, np.ndarray])
_WITH_ARRAYS = ("arguments", "keywords", "value", "key", "operands")


class RubricStopped(Exception):
    """What a student's context manager gets if the test's block ended with an exception."""


class ObjectServer:
    """Holds the objects of one submission and does what tests request with them.

    Args:
        folder: the folder that contains the student's packages.
        packages: name of each package -> what may be used in it, as the fields of `RuleChecker`.
        support: the folder of the rubric's support modules.
        max_bytes: cap on one reply.
        notebooks: name of each notebook -> the fields of `autograder.notebook.run.Rules`.
        scratch: the folder in which notebooks run; a temporary folder is made if none is given.
        around: returns, for a notebook's name, the context in which it runs.
        released: files of the release that are put into such a temporary folder: their paths ->
            whether code may change its copy.
    """

    def __init__(
        self,
        folder: Path,
        packages: Mapping[str, Mapping[str, Any]],
        support: Path,
        max_bytes: int = 512 * 2**20,
        notebooks: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
        scratch: Path | None = None,
        around: Around = lambda name: nullcontext(),
        released: Mapping[str, bool] = MappingProxyType({}),
    ) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self._support = support_modules(support)
        self.notebooks = Notebooks(folder, notebooks, scratch, around, packages, released)
        self._teller = Teller(folder, self._cause_of, support=support)
        self.finder = install(folder, packages)
        self._objects: dict[int, object] = {}
        self._warnings: list[str] = []
        self._done = 0  # how many steps of the last request for steps were done
        self._operations = self._all_operations()

    def _all_operations(self) -> dict[str, Callable[..., object]]:
        return {
            "module": self._module,
            "attribute": self._attribute,
            "set_attribute": self._set_attribute,
            "call": self._call,
            "item": self._item,
            "set_item": self._set_item,
            "length": self._length,
            "operator": self._operator,
            "in_place": self._in_place,
            "steps": self._steps,
            "steps_done": lambda: self._done,
            "same": lambda left, right: left is right,
            "iterate": self._iterate,
            "next": self._next,
            "enter": self._enter_context,
            "exit": self._leave_context,
            "place": self._place,
            "found": self._found,
            "content": self._content,
            "warned": self._warned,
            "array": as_array,
            "tensor": as_tensor,
            "loader": make_loader,
            "module_word": self._module_word,
            "state": state_of,
            "figures": self._figures,
            "drawn": self._drawn,
            "output": self._output,
            "failures": self._failures,
            "claims": self._claims,
        }

    def handle(self, request: Message) -> Message:
        """Do what a request asks for; return a reply with the result or the exception raised."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                fields = unpack(request, lambda number, _: self._object(number))
                assert isinstance(fields, dict)  # the judge packs requests as dicts
                if fields.pop("forget", False):
                    self.forget()
                if "path" in fields:
                    fields["target"] = self._follow(fields.pop("path"), fields.get("target", self))
                if fields.pop("inputs", "") == "torch":
                    given = {name: fields[name] for name in _WITH_ARRAYS if name in fields}
                    fields |= with_tensors(given)
                keep = fields.pop("keep", False)
                result = self._operations[fields.pop("operation")](**fields)
                reply = self._reply(result, keep)
            except BaseException as error:  # SystemExit and KeyboardInterrupt are replies, too
                reply = Message({"error": self._teller.failure(error)})
        self._remember(caught)
        return reply

    def forget(self) -> None:
        """Drop every object and warning, so that a new test begins with an empty table."""
        self._objects.clear()
        self._warnings.clear()

    def name_files(self, name_file: Callable[[str], str]) -> None:
        """Set how tracebacks name files outside the folder, such as cells of a session."""
        self._teller.name_file = name_file

    def _cause_of(self, error: BaseException) -> BaseException | None:
        return self.notebooks.cause_of(error) or self.finder.cause_of(error)

    def _follow(self, path: Sequence[str], target: object) -> object:
        """Return the end of a path of names from an object; without one, from a module's name."""
        for name in path:
            target = self._module(name) if target is self else self._attribute(target, name)
        return target

    # Operations

    def _module(self, name: str) -> object:
        if name in self.notebooks:
            return self.notebooks.namespace(name)
        if name == self._support.__name__ and name not in self.finder.packages:
            return self._support
        return importlib.import_module(name)

    def _attribute(self, target: object, name: str) -> object:
        try:
            return getattr(target, name)
        except AttributeError:
            if not isinstance(target, types.ModuleType) or not hasattr(target, "__path__"):
                raise
            submodule = f"{target.__name__}.{name}"
            try:
                return importlib.import_module(submodule)
            except ModuleNotFoundError as error:
                if error.name != submodule:
                    raise
            raise AttributeError(_missing_from_package(target.__name__, name)) from None

    def _set_attribute(self, target: object, name: str, value: object) -> None:
        setattr(target, name, value)

    def _call(
        self,
        target: Any,
        arguments: Sequence[object] = (),
        keywords: Mapping[str, object] = MappingProxyType({}),
    ) -> object:
        return target(*arguments, **keywords)

    def _item(self, target: Any, key: object) -> object:
        return target[key]

    def _set_item(self, target: Any, key: object, value: object) -> None:
        target[key] = value

    def _length(self, target: Any) -> int:
        return len(target)

    def _operator(self, name: str, operands: Sequence[Any]) -> object:
        return OPERATORS[name](*operands)

    def _in_place(self, name: str, operands: Sequence[Any]) -> object:
        """Return True if the object itself has changed, else a tuple with what takes its place."""
        result = OPERATORS[name](*operands)
        return True if result is operands[0] else (result,)

    def _steps(self, steps: Sequence[Any]) -> None:
        """Apply operators to objects, and keep the results under the numbers given.

        Args:
            steps: for each, the number of its result, the operator, and its operands in pairs: a
                number and True, or a plain value and False.
        """
        self._done = 0
        for number, name, *operands in steps:
            values = [
                self._object(value) if is_number else value
                for value, is_number in zip(operands[::2], operands[1::2], strict=True)
            ]
            self._keep(OPERATORS[name](*values), number)
            self._done += 1

    def _iterate(self, target: Any) -> object:
        """Return what can be gone through: the content of a collection, or an iterator."""
        if type(target) in _PLAIN_CONTAINERS:
            return target
        content = NOTHING if is_tensor(target) else content_of(target)
        return iter(target) if content is NOTHING else content

    def _next(self, target: Any) -> tuple[object, ...]:
        """Return the next element in a tuple, or an empty tuple at the end."""
        value = next(target, NOTHING)
        return () if value is NOTHING else (value,)

    def _enter_context(self, target: Any) -> object:
        kind = type(target)
        if not hasattr(kind, "__enter__") or not hasattr(kind, "__exit__"):
            raise TypeError(f"a {kind.__name__} cannot be used in a with statement")
        return kind.__enter__(target)

    def _leave_context(self, target: Any, failed: bool) -> None:
        error = RubricStopped("the block of the with statement ended with an exception")
        given = (RubricStopped, error, None) if failed else (None, None, None)
        type(target).__exit__(target, *given)

    def _module_word(
        self,
        target: Any,
        name: str,
        arguments: Sequence[object],
        keywords: Mapping[str, object] = MappingProxyType({}),
    ) -> object:
        """Do what a word of references to torch modules asks for; elsewhere call the attribute."""
        if is_module(target):
            return MODULE_WORDS[name](target, *arguments, **keywords)
        if hasattr(target, name):
            return getattr(target, name)(*arguments, **keywords)
        raise WrongModule("is not a torch module: its class must extend torch.nn.Module")

    def _place(self, value: object) -> object:
        return value

    def _found(self, target: object) -> object:
        return target

    def _content(self, target: object) -> object:
        content = content_of(target)
        return target if content is NOTHING else content

    def _warned(self) -> list[str]:
        texts, self._warnings = self._warnings, []
        return texts

    # Operations on notebooks

    def _figures(self, name: str) -> object:
        return self.notebooks.run(name).figures

    def _drawn(self, target: Any, arguments: Sequence[object] = ()) -> object:
        from autograder.notebook.showing import figures_of

        return figures_of(target, *arguments)

    def _output(self, name: str) -> object:
        return self.notebooks.run(name).output

    def _failures(self, name: str) -> object:
        return [
            {
                "cell": failure.cell.number,
                "text": failure.cell.source[:MAX_CELL_TEXT],
                "above": failure.cell.above[:MAX_CELL_TEXT],
                **self._teller.failure(failure.root),
            }
            for failure in self.notebooks.run(name).failures[:MAX_FAILURES]
        ]

    def _claims(self, name: str, rerun: bool) -> object:
        from autograder.claims import load_claims

        return load_claims(self.notebooks.claims_folder(name) if rerun else self.folder, name)

    # Replies

    def _reply(self, result: object, keep: bool) -> Message:
        try:
            message = (
                Message(self._refer(result)) if keep else pack(result, self._refer, self.max_bytes)
            )
        except ValueTooLarge as error:
            return Message(
                {"error": {"type": "ValueTooLarge", "message": str(error), "frames": []}}
            )
        return Message({"value": message.tree}, message.buffers)

    def _object(self, number: int) -> object:
        try:
            return self._objects[number]
        except KeyError:
            words = "the object does not exist: the operation that should have made it has failed"
            raise LookupError(words) from None

    def _keep(self, value: object, number: int) -> None:
        if len(self._objects) >= MAX_OBJECTS:
            raise ValueTooLarge(f"more than {MAX_OBJECTS:,} objects in one test")
        self._objects[number] = value

    def _refer(self, value: object) -> Tree:
        number = len(self._objects)  # the judge's own numbers are negative
        self._keep(value, number)
        return {"kind": "reference", "id": number, "type": describe_type(value)}

    def _remember(self, caught: Sequence[warnings.WarningMessage]) -> None:
        for warning in caught[: MAX_WARNINGS - len(self._warnings)]:
            self._warnings.append(self._teller.warning(warning))


def _missing_from_package(package: str, name: str) -> str:
    folder = package.replace(".", "/")
    words = f"{folder}/__init__.py does not define or import {name}"
    if name.islower():  # a module may have been meant; names of classes are not lower case
        words = f"{folder}/{name}.py does not exist, and {words}"
    return words


_TENSOR, _PARAMETER = "torch.Tensor", "torch.nn.parameter.Parameter"


def describe_type(value: object) -> str:
    """Return a value's type for a message, such as "numpy.ndarray of object" or "Linear".

    Every class of tensors is a torch.Tensor here, except for the parameters of modules.
    """
    kind = type(value)
    if is_tensor(value):
        known = _PARAMETER if kind.__qualname__ == "Parameter" else _TENSOR
        return f"{known} of {name_of_dtype(value)}"[:MAX_NAME]
    if kind is np.ndarray:
        return f"numpy.ndarray of {value.dtype}"[:MAX_NAME]  # type: ignore[attr-defined]
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else (f"{kind.__module__}.{kind.__qualname__}")
    )
    return carried_text(str(name)[:MAX_NAME])
