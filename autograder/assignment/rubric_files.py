"""Find the handed-in files that the rubric's tests name, without importing or running anything.

    student.file("logs/train.csv")        one file
    student.events("runs/")               all event files below a folder

A file that assignment.toml does not ask for is a mistake of the author: no student hands it in.
"""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from autograder.assignment.patterns import matches, may_match_below
from autograder.assignment.spec import RubricTest
from autograder.errors import Problem

_METHODS = ("file", "events")
_QUICK = re.compile(rb"\.\s*(file|events)\s*\(")


def undeclared_files(folder: Path, shown: str, patterns: Sequence[str]) -> list[Problem]:
    """Return a problem for each file that a test names and no pattern matches.

    Args:
        folder: the rubric folder.
        shown: how messages call the folder.
        patterns: the patterns of the files that are handed in.
    """
    problems = []
    for path in sorted(folder.glob("test_*.py")):
        for method, named, line in _named_in(path.read_bytes()):
            if not is_declared(method, named, patterns):
                what = f"'{named}' is not handed in"
                remedy = "name it under files of [submission] in assignment.toml, or correct it"
                problems.append(Problem(f"{shown}/{path.name}", line, what, remedy))
    return problems


def reads_files(folder: Path) -> bool:
    """Return whether a test in the rubric folder reads files that were handed in."""
    return any(_QUICK.search(path.read_bytes()) for path in folder.glob("test_*.py"))


def items_of_files(folder: Path, tests: Sequence[RubricTest]) -> set[str]:
    """Return the items with a test that reads files that were handed in: they answer the item.

    Args:
        folder: the rubric folder.
        tests: its tests.
    """
    found = set()
    for file in sorted({test.file for test in tests}):
        lines = [line for _, _, line in _named_in((folder / file).read_bytes())]
        starts = sorted((test.line, test.item) for test in tests if test.file == file)
        ends = [*(line for line, _ in starts[1:]), 2**31]
        for (start, item), end in zip(starts, ends, strict=True):
            if any(start <= line < end for line in lines):
                found.add(item)
    return found


def reads_events(folder: Path) -> bool:
    """Return whether a test in the rubric folder reads event files of TensorBoard."""
    return any(
        method == "events"
        for path in folder.glob("test_*.py")
        for method, _, _ in _named_in(path.read_bytes())
    )


def is_declared(method: str, named: str, patterns: Sequence[str]) -> bool:
    """Return whether the file or folder that a test names is handed in.

    Args:
        method: the method of `student` that names it.
        named: the path.
        patterns: the patterns of the files that are handed in.
    """
    if method == "events":
        folder = f"{named.rstrip('/')}/"
        return any(matches(named, one) or may_match_below(folder, one) for one in patterns)
    return any(matches(named, one) for one in patterns)


@lru_cache(maxsize=256)
def _named_in(source: bytes) -> tuple[tuple[str, str, int], ...]:
    """Return the method, path and line of each call that names a file by a literal."""
    return tuple(_calls(source)) if _QUICK.search(source) else ()


def _calls(source: bytes) -> Iterator[tuple[str, str, int]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in a test is no mistake here
            tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return  # reported by the index of the rubric
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner, method = node.func.value, node.func.attr
        if method not in _METHODS or not isinstance(owner, ast.Name) or owner.id != "student":
            continue
        named = node.args[0] if node.args else None
        if isinstance(named, ast.Constant) and isinstance(named.value, str):
            yield method, named.value, node.lineno
