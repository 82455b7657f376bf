"""Resolve `banned_names` within libraries and guard the objects found (guarding.py).

The object itself is guarded, not its name:

    a function of Python code     in place; so is what NumPy's dispatchers call
    a class                       its constructor and its own methods; subclasses have them
    a module                      its own functions and classes, and those of its modules
    anything else that is called  in every module and class of the library that has it
"""

import os
import re
import sys
import types
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from autograder.remote.code_rules import matches
from autograder.sandbox.callers import Callers, library_places
from autograder.sandbox.guard_hook import refuse_ways_round
from autograder.sandbox.guarding import (
    Guarded,
    Target,
    guard_function,
    guarded_callable,
    identity,
    make_check,
)
from autograder.sandbox.imports import in_process
from autograder.sandbox.job import WorkerSpec
from autograder.sandbox.name_patterns import import_or_none, parts_of, plain_part, resolve
from autograder.sandbox.needed import needed_by

# Code that may not use the first two may not use them through these either. The second list has
# what the library may not do even for its own functions when student code requested it.
_DIFFERENTIATION = ("torch.autograd.grad", "torch.autograd.backward")
_ALSO = ("torch.Tensor.backward", "torch.func.*", "torch.jit.script")
_STRICTLY = (
    "torch.autograd.graph._engine_run_backward",
    "torch.autograd.forward_ad.make_dual",
    "torch.autograd.forward_ad.enter_dual_level",
)
# Methods that describe an object and do no computation.
_HARMLESS = frozenset({"extra_repr", "__repr__", "__str__", "__reduce__", "__reduce_ex__"})
_CALLED = frozenset({"__init__", "__new__", "__call__", "__enter__"})


class NoSuchName(LookupError):
    """A banned name does not exist in an installed library."""


def guard_names(job: WorkerSpec) -> None:
    """Guard the objects of a job's banned names, in libraries that this worker may use.

    Raises:
        NoSuchName: one of them does not exist.
    """
    if not job.banned_names:
        return
    callers, done = Callers(job.folder, job.support), Guarded()
    check = make_check(callers, _words_of(job.support))
    guard = _Guard(check, done)
    patterns = [name for name in job.banned_names if _may_be_here(name.partition(".")[0], job)]
    for pattern in patterns:
        guard.all_of(pattern)
    if all(any(matches(name, one) for one in patterns) for name in _DIFFERENTIATION):
        for pattern in (*_ALSO, *_STRICTLY):
            guard.all_of(pattern, strict=pattern in _STRICTLY, must_exist=False)
    refuse_ways_round(callers, done)


def _may_be_here(library: str, job: WorkerSpec) -> bool:
    """Return whether the process may use a library; only allowed ones can be imported in it."""
    inside = in_process(job)
    return inside is None or library in needed_by(inside).names


def _words_of(support: str) -> frozenset[tuple[str, str]]:
    """Return pairs of each support module's file and each word in it."""
    return frozenset(
        (str(file), word)
        for file in Path(support).rglob("*.py")
        for word in re.findall(r"\w+", file.read_text(encoding="utf-8"))
    )


class _Guard:
    def __init__(self, check: Any, done: Guarded) -> None:
        self._check, self._done = check, done
        self._seen: set[int] = set()

    def all_of(self, pattern: str, strict: bool = False, must_exist: bool = True) -> None:
        """Guard everything that a pattern matches."""
        top = pattern.partition(".")[0]
        library = import_or_none(top)
        if library is None:
            return
        parts = pattern.split(".")[1:]
        if must_exist and not list(resolve(library, plain_part(parts), top)):
            raise NoSuchName(
                f"'{pattern}' of banned_names is not in {top}; correct it in assignment.toml"
            )
        for parent, name, thing in resolve(library, parts, top):
            self._guard(parent, name, thing, library, strict)

    def _guard(
        self, parent: object, name: str, thing: Any, library: types.ModuleType, strict: bool
    ) -> None:
        if isinstance(thing, types.ModuleType):
            if thing.__name__.startswith(f"{library.__name__}."):
                self._module(thing, library, strict)
        elif isinstance(thing, type):
            self._class(thing, name, library, strict)
        elif callable(thing):
            self._callable(parent, thing, name, library, strict)

    def _module(self, module: types.ModuleType, library: types.ModuleType, strict: bool) -> None:
        if id(module) in self._seen:
            return
        self._seen.add(id(module))
        offered = {id(value) for key, value in vars(library).items() if not key.startswith("_")}
        is_compiled = not str(getattr(module, "__file__", "")).endswith(".py")
        for part in parts_of(module):
            self._module(part, library, strict)
        for key, value in list(vars(module).items()):
            name = f"{module.__name__}.{key}"
            if id(value) in offered:
                continue  # such as torch.no_grad, whose other name is not banned
            if isinstance(value, types.ModuleType):
                if value.__name__.startswith(f"{module.__name__}."):
                    self._module(value, library, strict)
            elif key.startswith("_"):
                continue  # its components; other parts of the library may call them
            elif str(getattr(value, "__module__", None)).startswith(module.__name__) or (
                is_compiled and callable(value)
            ):
                self._guard(module, name, value, library, strict)

    def _class(self, kind: type, name: str, library: types.ModuleType, strict: bool) -> None:
        if id(kind) in self._seen:
            return
        self._seen.add(id(kind))
        family = {kind, *_subclasses(kind, library)}
        words = frozenset(one.__name__ for one in family)
        target = self._target(name, "class", family, words, library, strict)
        for key, value in list(vars(kind).items()):
            function = getattr(value, "__func__", value)
            if not isinstance(function, types.FunctionType) or key in _HARMLESS:
                continue
            if not key.startswith("__") or key in _CALLED:
                guard_function(function, target, self._check, self._done)
        inherits = "__init__" not in vars(kind) and "__new__" not in vars(kind)
        if inherits and kind.__init__ is not object.__init__:  # type: ignore[misc]
            # Its constructor is its base class's, which others may use.
            try:
                init = guarded_callable(_base_init(kind), target, self._check, self._done)
                kind.__init__ = init  # type: ignore[misc]
            except TypeError:  # a class of C code
                pass

    def _callable(
        self, parent: object, thing: Any, name: str, library: types.ModuleType, strict: bool
    ) -> None:
        short = name.rpartition(".")[2]
        kind = "method" if isinstance(parent, type) else "function"
        target = self._target(name, kind, [thing], {short}, library, strict)
        # NumPy's dispatchers are C code and call a Python function.
        function = getattr(thing, "_implementation", getattr(thing, "__func__", thing))
        if isinstance(function, types.FunctionType):
            guard_function(function, target, self._check, self._done)
            return
        instead = guarded_callable(thing, target, self._check, self._done)
        for place in (parent, *_index(library).places(thing)):
            for key, value in list(vars(place).items()):
                if value is thing:
                    try:
                        setattr(place, key, instead)
                    except (AttributeError, TypeError):  # a class of C code
                        continue

    def _target(
        self,
        name: str,
        kind: str,
        things: Collection[Any],
        words: Collection[str],
        library: types.ModuleType,
        strict: bool,
    ) -> Target:
        index = _index(library)
        having = index.modules_with(things)
        return Target(
            name,
            os.path.dirname(str(library.__file__)) + os.sep,
            kind,
            frozenset(words),
            frozenset(identity(vars(one)) for one in having),
            frozenset(identity(vars(one)) for one in index.modules_with(having)),
            frozenset(one.__name__.rpartition(".")[2] for one in having),
            frozenset(map(identity, things)),
            strict,
        )


def _base_init(kind: type) -> Any:
    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        super(kind, self).__init__(*arguments, **keywords)  # type: ignore[arg-type]

    return init


def _subclasses(kind: type, library: types.ModuleType) -> Iterator[type]:
    below: list[type] = type.__subclasses__(kind)
    for one in below:
        if one.__module__.partition(".")[0] == library.__name__:
            yield one
            yield from _subclasses(one, library)


class _Index:
    """An index of the modules and classes of a library by object; built once because it is slow.

    Args:
        library: the library with its loaded modules.
    """

    def __init__(self, library: types.ModuleType) -> None:
        self._modules: dict[int, list[types.ModuleType]] = {}
        self._classes: dict[int, list[type]] = {}
        seen: set[int] = set()
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] != library.__name__:
                continue
            if not isinstance(module, types.ModuleType) or id(module) in seen:
                continue
            seen.add(id(module))
            for value in list(vars(module).values()):
                self._modules.setdefault(id(value), []).append(module)
                if issubclass(type(value), type) and id(value) not in seen:
                    seen.add(id(value))
                    for inside in list(vars(value).values()):
                        self._classes.setdefault(id(inside), []).append(value)

    def modules_with(self, things: Collection[Any]) -> list[types.ModuleType]:
        """Return the modules that contain one of these objects."""
        found = [one for thing in things for one in self._modules.get(id(thing), ())]
        return list({id(one): one for one in found}.values())

    def places(self, thing: Any) -> list[Any]:
        """Return the modules and classes that contain an object."""
        return [*self._modules.get(id(thing), ()), *self._classes.get(id(thing), ())]


@lru_cache(maxsize=4)
def _index(library: types.ModuleType) -> _Index:
    return _Index(library)


def prepare(job: WorkerSpec) -> None:
    """Do in a zygote what each of its workers would do: find libraries and index them."""
    if job.allowed is not None or job.banned_names:
        library_places()
    for pattern in job.banned_names:
        top, *rest = pattern.split(".")
        if top in sys.modules:
            for _, _, thing in resolve(sys.modules[top], rest, top):
                if isinstance(thing, types.ModuleType):
                    parts_of(thing)
    for top in {pattern.partition(".")[0] for pattern in job.banned_names} & sys.modules.keys():
        _index(sys.modules[top])
