"""Worker: check which libraries student code imports, and which names in them it uses.

This module checks the source, so that it can name the line, both on a student's machine and in
grading. It finds imports and names that are written as such. Other ways to get at them
(`__import__`, `getattr`, a magic) are refused while the code runs in a worker:
`sandbox/imports.py`, `sandbox/guard.py`. The same applies to an import that the code does not
depend on (`try: ... except ImportError`).
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from autograder.notebook.imported import dotted, names_imported_by, optional_imports
from autograder.notebook.stand_ins import is_stand_in

_TOOL = "autograder"  # notebooks of the release import its datasets and claims


class BannedImport(ImportError):
    """Student code uses something that the assignment does not allow there."""


@dataclass(frozen=True)
class RuleChecker:
    """Rules for what one package or notebook may use; plain values, which are sent to a worker.

    Attributes:
        allowed_imports: top-level names that may be imported, in addition to the standard library
            and what was handed in; None if everything that is not banned may be imported.
        banned_imports: top-level names that may not be imported.
        banned_names: dotted patterns of names in libraries that may not be used.
    """

    allowed_imports: Sequence[str] | None = None
    banned_imports: Sequence[str] = ()
    banned_names: Sequence[str] = ()

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "RuleChecker":
        """Read the rules from a description that may contain other keys."""
        return cls(**{key: plain[key] for key in cls.__dataclass_fields__ if key in plain})

    def __and__(self, other: "RuleChecker") -> "RuleChecker":
        """Return the rules for code to which both apply."""
        lists = [one.allowed_imports for one in (self, other) if one.allowed_imports is not None]
        allowed = (
            [name for name in lists[0] if all(name in one for one in lists)] if lists else None
        )
        return RuleChecker(
            allowed,
            [*self.banned_imports, *other.banned_imports],
            [*self.banned_names, *other.banned_names],
        )

    def allows_import(self, top: str, own: frozenset[str] = frozenset()) -> bool:
        """Return whether a top-level name may be imported.

        Args:
            top: the name.
            own: what was handed in, which may always be imported.
        """
        if top in self.banned_imports:
            return False
        if self.allowed_imports is None or top in self.allowed_imports:
            return True
        return top in own or top in sys.stdlib_module_names or top == _TOOL

    def bans_name(self, name: str) -> bool:
        """Return whether a dotted name, or something that contains it, may not be used."""
        return any(matches(name, pattern) for pattern in self.banned_names)

    def may_import(self, whole: str) -> str:
        """Return what may be imported, as the end of a sentence.

        Args:
            whole: what the rules apply to, such as the package.
        """
        if self.allowed_imports is None:
            return f"which may not be used anywhere in {whole}"
        names = [*self.allowed_imports, "the standard library"]
        listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        return f"{whole} may import {listed} only"


def matches(name: str, pattern: str) -> bool:
    """Return whether a dotted name matches a pattern or lies in a match; `*` matches one part."""
    parts, wanted = name.split("."), pattern.split(".")
    return len(parts) >= len(wanted) and all(map(fnmatchcase, parts, wanted))


class Inspector:
    """Refuses code that uses something that is not allowed.

    It remembers the names given to libraries, because the cells of a notebook share them.

    Args:
        rules: the rules for the code.
        whole: what they apply to: the package, or the notebook.
        own: names of what was handed in.
    """

    def __init__(self, rules: RuleChecker, whole: str, own: frozenset[str] = frozenset()) -> None:
        self.rules, self.whole, self.own = rules, whole, own
        self._known_as = {"sys": "sys"}  # notebooks have it without an import

    def inspect(self, tree: ast.Module, place: str) -> None:
        """Check code.

        Args:
            tree: the code.
            place: where it is, for the message, which adds the line.

        Raises:
            BannedImport: the code uses something that is not allowed.
        """
        optional = set(optional_imports(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom) and node not in optional:
                self._inspect_import(node, place)
        if self.rules.banned_names:
            for name, line in self._names_used(tree):
                if self.rules.bans_name(name):
                    raise BannedImport(
                        f"{place}, line {line} uses {name}, which may not be used anywhere in "
                        f"{self.whole}: the assignment asks you to do without it"
                    )

    def _inspect_import(self, node: ast.Import | ast.ImportFrom, place: str) -> None:
        for name in names_imported_by(node):
            if is_stand_in(name) and name.split(".")[0] not in self.rules.banned_imports:
                continue
            if self.rules.allows_import(name.split(".")[0], self.own):
                continue
            what = f"{place}, line {node.lineno} imports {name}"
            joint = ", " if self.rules.allowed_imports is None else "; "
            raise BannedImport(f"{what}{joint}{self.rules.may_import(self.whole)}")

    def _names_used(self, tree: ast.Module) -> Iterator[tuple[str, int]]:
        """Yield the full names of things in libraries that a tree mentions, with their lines."""
        for node in ast.walk(tree):  # imports first, because a function may be above its import
            if isinstance(node, ast.Import):
                for alias in node.names:
                    known = alias.asname or alias.name.split(".")[0]
                    self._known_as[known] = alias.name if alias.asname else known
                    yield alias.name, node.lineno
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    name = f"{node.module}.{alias.name}"
                    if alias.name != "*":
                        self._known_as[alias.asname or alias.name] = name
                    yield name, node.lineno
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute | ast.Name):
                first, *rest = dotted(node)
                if first in self._known_as:
                    yield ".".join([self._known_as[first], *rest]), node.lineno
