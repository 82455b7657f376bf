"""Judge: read a test file that a student wrote, without running it."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.assignment import Assignment, Item
from autograder.grading.submission_dir import module_name, with_pytest
from autograder.notebook.imported import parse_source
from autograder.remote.code_rules import BannedImport, Inspector, RuleChecker

_MOST_FUNCTIONS = 500


@dataclass(frozen=True)
class TestFile:
    """A test file as its text shows it.

    Attributes:
        path: its path in the submission.
        functions: the names of its test functions, in their order.
        problem: why it cannot be run, for the student; "" if it can.
    """

    __test__ = False  # pytest would take the name for a test class

    path: str
    functions: tuple[str, ...] = ()
    problem: str = ""


def read_test_file(item: Item, assignment: Assignment, files: Mapping[str, bytes]) -> TestFile:
    """Read the test file of an item.

    Args:
        item: the item.
        assignment: what is graded.
        files: path of each file handed in -> its content.
    """
    path = item.tests
    if path not in files:
        return TestFile(path, problem=f"the submission has no file {path}")
    text = files[path].decode("utf-8", errors="replace")
    tree = parse_source(text)
    if tree is None:
        return TestFile(path, problem=f"{path} cannot be run: {_fault(text)}")
    try:
        _inspector(item, assignment, files).inspect(tree, path)
    except BannedImport as refusal:
        return TestFile(path, problem=str(refusal))
    names = dict.fromkeys(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    )
    return TestFile(path, tuple(names)[:_MOST_FUNCTIONS])


def _fault(text: str) -> str:
    try:
        compile(text, "", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, MemoryError, RecursionError):
        pass
    return "it is not a Python module, or too long"


def _inspector(item: Item, assignment: Assignment, files: Mapping[str, bytes]) -> Inspector:
    """Return what checks the imports of the file, as the worker does for other modules."""
    top = module_name(item.tests).partition(".")[0]
    package = next(one for one in assignment.packages if item.tests.startswith(one.path))
    rules = RuleChecker.read(with_pytest((package.rules & item.rules).as_plain()))
    own = {PurePosixPath(path).parts[0].removesuffix(".py") for path in files}
    return Inspector(rules, top, frozenset(own))
