"""Find the parts of a submission that an item's outcome can depend on.

An item reaches its notebook, and every package, notebook, support module and further file named in
the code of its test files or of anything it reaches, and everything reached by the items it builds
on. An item of students' tests reaches their file in this way, but no module that grading replaces.
Names count anywhere in code, including strings, but not in comments and docstrings. Every item
reaches further files that are not named anywhere, and those that the solution does not have.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from autograder.assignment import Assignment, Item
from autograder.planted.cells import NotebookText


@dataclass(frozen=True)
class CodeNames:
    """The names in a piece of code.

    Attributes:
        words: words of identifiers and strings.
        beginnings: prefixes of strings whose ends are only known at run time.
    """

    words: frozenset[str]
    beginnings: frozenset[str]

    def has(self, name: str) -> bool:
        """Return whether the code may refer to a name."""
        parts = set(re.findall(r"\w+", name))
        return parts <= self.words or any(name.startswith(one) for one in self.beginnings)


class Reach:
    """Computes what each auto item of an assignment reaches, given a submission's files.

    Args:
        assignment: the assignment.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        rubric = assignment.rubric_folder
        self._tests = {
            item.id: sorted({test.file for test in assignment.tests_of(item.id)})
            for item in assignment.auto_items
        }
        files = {file for files in self._tests.values() for file in files}
        self.rubric = {file: (rubric / file).read_bytes() for file in sorted(files)}
        self.support = {
            path.stem: path.read_bytes() for path in sorted((rubric / "support").glob("*.py"))
        }

    @property
    def with_support(self) -> set[str]:
        """Return the ids of the items whose tests use a support module."""
        return {
            item_id
            for item_id, files in self._tests.items()
            if self.support
            and any("support" in names_in(file, self.rubric[file]).words for file in files)
        }

    def files_of(self, files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
        """Return, for each auto item, the files of a submission that it reaches."""
        parts = {path: self._part(path) for path in files}
        named = {
            part: _together(
                names_in(path, data) for path, data in files.items() if parts[path] == part
            )
            for part in set(parts.values())
        }
        items = self._assignment.auto_items
        alone = {item.id: self._of_item(item, named) for item in items}
        replaced = {item.id: item.against for item in items}
        own = {
            item_id: set().union(
                *(alone[one] for one in self._assignment.with_foundations([item_id]))
            )
            for item_id in alone
        }
        unassigned = set(named) - set().union(*own.values()) - self._declared()
        return {
            item_id: {
                path: data
                for path, data in files.items()
                if (parts[path] in reached or parts[path] in unassigned)
                and path not in replaced[item_id]
            }
            for item_id, reached in own.items()
        }

    def _part(self, path: str) -> str:
        """Return the part that a file belongs to: a package, a notebook, or files of one stem."""
        package = self._assignment.package_of(path)
        return PurePosixPath(path).stem if package is None else package.name

    def _declared(self) -> set[str]:
        """Return the parts that assignment.toml declares, which items need not name."""
        names = {package.name for package in self._assignment.packages}
        return names | {notebook.name for notebook in self._assignment.notebooks}

    def _of_item(self, item: Item, named: Mapping[str, CodeNames]) -> set[str]:
        reached: set[str] = set()
        support: set[str] = set()
        waiting = [names_in(file, self.rubric[file]) for file in self._tests[item.id]]
        for path in filter(None, (item.notebook, item.tests)):
            reached.add(self._part(path))
            waiting.append(named.get(self._part(path), _together([])))
        while waiting:
            names = waiting.pop()
            for part in named.keys() - reached:
                if names.has(part):
                    reached.add(part)
                    waiting.append(named[part])
            for module in self.support.keys() - support:
                if names.has(module):
                    support.add(module)
                    waiting.append(names_in(f"{module}.py", self.support[module]))
        return reached


def _together(several: Iterable[CodeNames]) -> CodeNames:
    every = list(several)
    return CodeNames(
        frozenset().union(*(one.words for one in every)),
        frozenset().union(*(one.beginnings for one in every)),
    )


@lru_cache(maxsize=4096)
def names_in(path: str, data: bytes) -> CodeNames:
    """Return the names in a file; none if it contains no code."""
    if path.endswith(".py"):
        return _names_in_code(data.decode(errors="replace"))
    if path.endswith(".ipynb"):
        try:
            cells = NotebookText(data).cells
            return _together(_names_in_code(cell.source) for cell in cells if cell.is_code)
        except (ValueError, LookupError, TypeError, AttributeError):  # a file broken on purpose
            return _words(data.decode(errors="replace"))
    return CodeNames(frozenset(), frozenset())


@lru_cache(maxsize=4096)
def _names_in_code(text: str) -> CodeNames:
    """Return the names in a module or a cell; cached, because most cells do not change."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):  # broken on purpose, or a cell with magics
        return _words(text)
    words: list[str] = []
    beginnings: set[str] = set()
    silent = _docstrings_and_markers(tree)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words += re.findall(r"\w+", node.value)
        elif isinstance(node, ast.JoinedStr):
            first = node.values[0] if node.values else None
            if len(node.values) > 1 and isinstance(first, ast.Constant):
                beginnings |= {str(first.value)} - {""}
        else:
            words += [word for word in _identifiers(node) for word in word.split(".")]
    return CodeNames(frozenset(words), frozenset(beginnings))


def _docstrings_and_markers(tree: ast.Module) -> set[int]:
    """Return the strings that are not code: docstrings, and the item markers of tests."""
    found = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        for decorator in getattr(node, "decorator_list", ()):
            if isinstance(decorator, ast.Call):
                found |= {id(argument) for argument in decorator.args}
    return found


def _identifiers(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "", *(alias.name for alias in node.names)]
    return []


def _words(text: str) -> CodeNames:
    return CodeNames(frozenset(re.findall(r"\w+", text)), frozenset())
