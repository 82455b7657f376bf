"""Find whether a student's class, function or module uses something, from the submitted files.

    check(student.layers.Linear).uses_no("torch.nn.Linear")

The judge reads the code; student code is not asked. Followed are: names given by imports and
assignments (`from torch import nn as n`, `L = n.Linear`), functions, classes and variables of the
student's that the code names, also in other modules that were handed in, base classes, and
`getattr` with a written name. Code that hides what it uses (`exec`, `getattr` of a computed name)
is named as such. What this withstands and what not: docs/security.md.
"""

import ast
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from autograder.notebook.imported import dotted, parse_source
from autograder.remote.code_rules import matches
from autograder.rubric.sources import Sources

_HIDE = frozenset(["exec", "eval", "compile", "__import__", "globals"])
_HIDE_IN_LIBRARIES = frozenset(["importlib.import_module", "sys.modules"])
_INSTANCES = ("torch.Tensor", "numpy.ndarray", "torch.nn.Module")
"""Classes whose methods are called on objects that have no name in a library."""
_MOST_DEFINITIONS = 5_000


@dataclass(frozen=True)
class Use:
    """A forbidden use: what is used, and where."""

    what: str
    place: str
    line: int


@dataclass
class _Definition:
    """Code that gives a name its meaning."""

    node: ast.AST
    place: str


@dataclass
class _OwnModule:
    """A student's module or notebook: what its names mean."""

    path: str
    name: str
    is_package: bool
    defined: dict[str, list[_Definition]] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    rest: list[_Definition] = field(default_factory=list)


class NotFound(LookupError):
    """The code of what is checked is not in the submitted files; the text says what is missing."""


def find_use(sources: Sources, label: str, banned: Sequence[str]) -> Use | None:
    """Return the first use of a banned name in the code of a class, function or module.

    Args:
        sources: the submitted files.
        label: its full name, such as "layers.Linear".
        banned: dotted names or patterns, such as "torch.nn.Linear" or "torch.autograd.*".

    Raises:
        NotFound: no file defines it under this name.
    """
    search = _Search(sources, banned)
    search.begin(label)
    return search.run()


class _Search:
    def __init__(self, sources: Sources, banned: Sequence[str]) -> None:
        self._sources, self._banned = sources, banned
        self._modules: dict[str, _OwnModule | None] = {}
        self._waiting: list[tuple[_OwnModule, _Definition]] = []
        self._seen: set[int] = set()

    def begin(self, label: str) -> None:
        """Put what is checked on the list."""
        parts = label.split(".")
        for length in range(len(parts), 0, -1):
            module = self._module(".".join(parts[:length]))
            if module is None:
                continue
            if length == len(parts):
                for name in module.defined:
                    self._add(module, name)
                self._waiting += [(module, one) for one in module.rest]
                return
            if not self._add(module, parts[length]):
                raise NotFound(
                    f"is not written as a class or function {parts[length]} in {module.path}"
                )
            return
        raise NotFound(f"is not in a file that was handed in, such as {parts[0]}.py")

    def run(self) -> Use | None:
        """Go through the code, and all of the student's own code that it names."""
        while self._waiting and len(self._seen) <= _MOST_DEFINITIONS:
            module, definition = self._waiting.pop()
            if id(definition.node) in self._seen:
                continue
            self._seen.add(id(definition.node))
            use = self._use_in(module, definition)
            if use is not None:
                return use
        return None

    def _use_in(self, module: _OwnModule, definition: _Definition) -> Use | None:
        free = _free_names(definition.node)
        for node in ast.walk(definition.node):
            for name in self._names_at(module, node, free):
                if self._is_banned(name):
                    return Use(name, definition.place, getattr(node, "lineno", 0))
            if isinstance(node, ast.Attribute) and self._is_banned_method(node.attr):
                return Use(f".{node.attr}", definition.place, node.lineno)
        return None

    def _names_at(self, module: _OwnModule, node: ast.AST, free: set[str]) -> Iterator[str]:
        """Yield the full names in libraries that an expression means."""
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute | ast.Name):
            parts = dotted(node)
            if parts[0] in free:
                yield from self._meanings(module, parts)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield from self._hidden(module, node, node.func.id, free)

    def _hidden(
        self, module: _OwnModule, call: ast.Call, function: str, free: set[str]
    ) -> Iterator[str]:
        if function in module.defined or function in module.imported or function not in free:
            return
        if function in _HIDE:
            yield f"{function}()"
        if function in ("getattr", "vars") and call.args:
            base = dotted(call.args[0])
            key = call.args[1] if function == "getattr" and len(call.args) > 1 else None
            for meaning in self._meanings(module, base) if base[0] in free else ():
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield f"{meaning}.{key.value}"
                elif self._is_above_banned(meaning):
                    yield f"{function}() on {meaning}"

    def _meanings(self, module: _OwnModule, parts: list[str], depth: int = 0) -> Iterator[str]:
        """Yield what a dotted name means in libraries; list the student's code that it means."""
        first, *rest = parts
        if depth > 20 or not first:
            return
        if first in module.imported:
            yield from self._outside(module.imported[first], rest)
        if first in module.defined:
            self._add(module, first)
            for definition in module.defined[first]:
                value = getattr(definition.node, "value", None)
                if isinstance(definition.node, ast.Assign) and isinstance(value, ast.expr):
                    given = dotted(value)
                    if given != [""] and given[0] != first:
                        yield from self._meanings(module, [*given, *rest], depth + 1)
        elif first not in module.imported:
            for star in module.stars:
                yield from self._outside(star, parts)

    def _outside(self, target: str, rest: list[str]) -> Iterator[str]:
        """Yield the name of something imported; if it is the student's, list its code."""
        parts = [*target.split("."), *rest]
        for length in range(len(parts), 0, -1):
            module = self._module(".".join(parts[:length]))
            if module is not None:
                if length < len(parts):
                    self._add(module, parts[length])
                return
        yield ".".join(parts)

    def _add(self, module: _OwnModule, name: str) -> bool:
        """List the code that defines a name of a module; return whether there is some."""
        self._waiting += [(module, one) for one in module.defined.get(name, ())]
        if name in module.defined:
            return True
        targets = [module.imported[name]] if name in module.imported else []
        for target in targets or [f"{star}.{name}" for star in module.stars]:
            *rest, last = target.split(".")
            other = self._module(".".join(rest))
            if other is not None and other is not module and self._add(other, last):
                return True
            if name in module.imported and other is None:  # a library's own
                statement = ast.parse(f"import {target}").body[0]
                self._waiting.append((module, _Definition(statement, module.path)))
                return True
        return False

    def _is_banned(self, name: str) -> bool:
        if "()" in name or name in _HIDE_IN_LIBRARIES:
            return True
        if name.endswith(".__dict__") and self._is_above_banned(name.removesuffix(".__dict__")):
            return True
        for one in self._banned:
            same = name.split(".")[0] == one.split(".")[0] and "*" not in one
            if matches(name, one) or (same and name.split(".")[-1] == one.split(".")[-1]):
                return True
        return False

    def _is_above_banned(self, name: str) -> bool:
        return any(one.startswith(f"{name}.") for one in self._banned)

    def _is_banned_method(self, name: str) -> bool:
        return any(one == f"{kind}.{name}" for one in self._banned for kind in _INSTANCES)

    def _module(self, name: str) -> _OwnModule | None:
        """Return a module or notebook of the student's, None if it was not handed in."""
        if name not in self._modules:
            self._modules[name] = None
            path = name.replace(".", "/")
            for file, is_package in (
                (f"{path}/__init__.py", True), (f"{path}.py", False), (f"{name}.ipynb", False),
            ):  # fmt: skip
                parts = self._sources.parts(file) if all(name.split(".")) else None
                if parts is not None:
                    self._modules[name] = _read(_OwnModule(file, name, is_package), parts)
                    break
        return self._modules[name]


def _read(module: _OwnModule, parts: list[tuple[str, str]]) -> _OwnModule:
    for place, text in parts:
        tree = parse_source(text)
        for statement in _statements(tree.body if tree is not None else []):
            _read_statement(module, statement, place)
    return module


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements at the top of a module, also those within `if`, `try` and the like."""
    for statement in body:
        inner = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
        inner += [one.body for one in getattr(statement, "handlers", [])]
        is_block = isinstance(statement, ast.If | ast.Try | ast.With | ast.For | ast.While)
        if is_block:
            for part in inner:
                yield from _statements(part)
        yield statement


def _read_statement(module: _OwnModule, statement: ast.stmt, place: str) -> None:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            known = alias.asname or alias.name.split(".")[0]
            module.imported[known] = alias.name if alias.asname else known
    elif isinstance(statement, ast.ImportFrom):
        base = _absolute(module, statement)
        for alias in statement.names:
            if alias.name == "*":
                module.stars.append(base)
            else:
                module.imported[alias.asname or alias.name] = f"{base}.{alias.name}"
    elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        module.defined.setdefault(statement.name, []).append(_Definition(statement, place))
    else:
        definition = _Definition(statement, place)
        module.rest.append(definition)
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                module.defined.setdefault(node.id, []).append(definition)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                root = dotted(node)[0]  # `Linear.forward = other` changes Linear
                if root:
                    module.defined.setdefault(root, []).append(definition)


def _absolute(module: _OwnModule, statement: ast.ImportFrom) -> str:
    if not statement.level:
        return statement.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    above = package[: len(package) - statement.level + 1]
    return ".".join([*above, *([statement.module] if statement.module else [])])


def _free_names(node: ast.AST) -> set[str]:
    """Return the names in code that are not variables of its own functions."""
    try:
        table = symtable.symtable(ast.unparse(node), "code", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    found: set[str] = set()
    tables = [table]
    while tables:
        one = tables.pop()
        tables += one.get_children()
        for symbol in one.get_symbols():
            if one is table or symbol.is_global() or one.get_type() == "class":
                found.add(symbol.get_name())
    return found
