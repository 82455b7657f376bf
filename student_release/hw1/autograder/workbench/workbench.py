"""The table of a student's objects, and the operations a rubric test may do on them.

A request and its reply are parcels (values.py). A request's tree is a dict with an `operation`
and its fields; the reply's is either `{"value": ...}` or `{"error": {...}}`. The same workbench
serves the wire in a worker process and the student's own pytest in-process.
"""

import importlib
import sys
import types
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.workbench.imports import install, load_support
from autograder.workbench.values import Parcel, Tree, ValueTooLarge, carried_text, pack, unpack

MAX_MESSAGE = 2_000
MAX_WARNINGS = 20
MAX_FRAMES = 8
MAX_NAME = 100
MAX_PATH = 500


class Workbench:
    """Holds the objects of one submission and does what a test asks with them.

    Args:
        folder: holds the student's packages.
        packages: name of each package -> names that may not be imported in it.
        support: folder of the rubric's support modules.
        max_bytes: cap on one answer.
    """

    def __init__(
        self,
        folder: Path,
        packages: Mapping[str, Sequence[str]],
        support: Path,
        max_bytes: int = 512 * 2**20,
    ) -> None:
        self.folder, self.support, self.max_bytes = folder, support, max_bytes
        self.finder = install(folder, packages)
        self._objects: dict[int, object] = {}
        self._warnings: list[str] = []
        self._operations: dict[str, Callable[..., object]] = {
            "module": self._module,
            "support": self._support,
            "attribute": self._attribute,
            "set_attribute": self._set_attribute,
            "call": self._call,
            "item": self._item,
            "set_item": self._set_item,
            "length": self._length,
            "place": self._place,
            "warned": self._warned,
            "forget": self.forget,
        }

    def handle(self, request: Parcel) -> Parcel:
        """Do what a request asks and pack the result, or the exception that student code raised."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                fields = unpack(request, lambda number, _: self._objects[number])
                assert isinstance(fields, dict)  # the judge packs requests as dicts
                keep = fields.pop("keep", False)
                result = self._operations[fields.pop("operation")](**fields)
                reply = self._reply(result, keep)
            except BaseException as error:  # SystemExit and KeyboardInterrupt are answers, too
                reply = self._failure(error)
        self._remember(caught)
        return reply

    def forget(self) -> None:
        """Drop every object and warning, so that a new test begins with an empty table."""
        self._objects.clear()
        self._warnings.clear()

    # Operations

    def _module(self, name: str) -> object:
        return importlib.import_module(name)

    def _support(self, name: str) -> object:
        return load_support(self.support, name)

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

    def _place(self, value: object) -> object:
        return value

    def _warned(self) -> list[str]:
        texts, self._warnings = self._warnings, []
        return texts

    # Replies

    def _reply(self, result: object, keep: bool) -> Parcel:
        try:
            parcel = (
                Parcel(self._refer(result)) if keep else pack(result, self._refer, self.max_bytes)
            )
        except ValueTooLarge as error:
            return Parcel({"error": {"type": "ValueTooLarge", "message": str(error), "frames": []}})
        return Parcel({"value": parcel.tree}, parcel.buffers)

    def _refer(self, value: object) -> Tree:
        number = len(self._objects)
        self._objects[number] = value
        return {"kind": "reference", "id": number, "type": describe_type(value)}

    def _failure(self, error: BaseException) -> Parcel:
        try:
            return Parcel({"error": self._describe(error)})
        except BaseException:  # its class may be made so that nothing can be said about it
            return Parcel({"error": {"type": "Exception", "message": "", "frames": []}})

    def _describe(self, error: BaseException) -> Tree:
        return {
            "type": carried_text(type(error).__name__[:MAX_NAME]),
            "message": carried_text(self._without_place(_message(error))[:MAX_MESSAGE]),
            "frames": [list(frame) for frame in self._frames(error)],
        }

    def _frames(self, error: BaseException) -> list[tuple[str, int, str]]:
        """The student's own frames of a traceback, outermost first: (file, line, function)."""
        frames = []
        traceback = error.__traceback__
        while traceback is not None:
            code = traceback.tb_frame.f_code
            file = self._relative(code.co_filename)
            if file:
                function = carried_text(code.co_name[:MAX_NAME])
                frames.append((file, traceback.tb_lineno, function))
            traceback = traceback.tb_next
        if isinstance(error, SyntaxError) and isinstance(error.filename, str):
            file = self._relative(error.filename)
            if file:
                frames.append((file, int(error.lineno or 1), ""))
        return frames[-MAX_FRAMES:]

    def _without_place(self, text: str) -> str:
        """The text with the student's files named as they were handed in, wherever they lie."""
        return text.replace(f"{self.folder}/", "")

    def _relative(self, file: str) -> str:
        try:
            relative = Path(file).relative_to(self.folder).as_posix()
        except ValueError:
            return ""
        return relative if relative.isprintable() and len(relative) <= MAX_PATH else ""

    def _remember(self, caught: Sequence[warnings.WarningMessage]) -> None:
        for warning in caught[: MAX_WARNINGS - len(self._warnings)]:
            try:
                self._warnings.append(self._describe_warning(warning))
            except BaseException:  # as above
                self._warnings.append("Warning")

    def _describe_warning(self, warning: warnings.WarningMessage) -> str:
        place = self._relative(warning.filename)
        where = f" ({place}, line {warning.lineno})" if place else ""
        message = self._without_place(str(warning.message))
        text = f"{warning.category.__name__}: {message}{where}"
        return carried_text(text[:MAX_MESSAGE])


def _missing_from_package(package: str, name: str) -> str:
    folder = package.replace(".", "/")
    words = f"{folder}/__init__.py does not define or import {name}"
    if name.islower():  # it may have been meant as a module, which classes never are
        words = f"there is no {folder}/{name}.py, and {words}"
    return words


def describe_type(value: object) -> str:
    """What a value is, in the words of a message: "numpy.ndarray of object", "Linear"."""
    numpy = sys.modules["numpy"]
    kind = type(value)
    if kind is numpy.ndarray:
        return f"numpy.ndarray of {value.dtype}"[:MAX_NAME]  # type: ignore[attr-defined]
    name = (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else (f"{kind.__module__}.{kind.__qualname__}")
    )
    return carried_text(str(name)[:MAX_NAME])


def _message(error: BaseException) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    if isinstance(error, KeyError) and len(error.args) == 1:
        return repr(error.args[0])
    try:
        return str(error)
    except BaseException:  # a student's exception class may raise while it is printed
        return ""
