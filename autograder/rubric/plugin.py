"""Run the public checks on a student's own files: the pytest plugin of a student's machine.

local.py makes the object server for it. In grading, the judge provides fixtures of the same names
(autograder/grading); in a notebook, the same tests run on the session's state (autograder/live).
"""

import os
import secrets
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from _pytest._code.code import TerminalRepr
from _pytest._io import TerminalWriter

from autograder.notebook.document import read_document
from autograder.notebook.reuse import words_on_reuse
from autograder.remote.object_server import ObjectServer
from autograder.rubric.local import inputs_of, local_files, local_server, own_tests
from autograder.rubric.notes import take_notes
from autograder.rubric.seeds import generator
from autograder.rubric.student import StudentConnection, StudentError, StudentProxy

ITEM_MARKER = "item(id, weight=1.0): the rubric item that a test belongs to"

_GRADING_OF_OWN = (
    "  in grading they must pass on several right implementations, and earn points for each\n"
    "  implementation with a mistake on which one of them fails"
)

OBJECT_SERVER = pytest.StashKey[ObjectServer]()
_seed = pytest.StashKey[int]()
_outcomes = pytest.StashKey[dict[str, list[str]]]()
_own = pytest.StashKey[dict[str, str]]()
_of_own = pytest.StashKey[dict[str, list[bool]]]()
_notes = pytest.StashKey[dict[tuple[str, str], str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Register the item marker and choose the seed of this run's random inputs."""
    config.addinivalue_line("markers", ITEM_MARKER)
    config.stash[_seed] = int(os.environ.get("AUTOGRADER_SEED") or secrets.randbits(32))
    config.stash[_outcomes], config.stash[_notes] = {}, {}
    config.stash[_own], config.stash[_of_own] = own_tests(config.rootpath), {}
    if OBJECT_SERVER not in config.stash:
        server = local_server(config.rootpath, config.stash[_seed])
        if server is not None:
            config.stash[OBJECT_SERVER] = server


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Iterator[StudentProxy]:
    """The student's code, called in this process."""
    server = request.config.stash[OBJECT_SERVER]
    marker = request.node.get_closest_marker("item")
    inputs = inputs_of(server.folder, marker.args[0]) if marker and marker.args else "numpy"
    connection = StudentConnection(server.handle, server.folder, inputs=inputs)
    yield StudentProxy(connection, partial(local_files, server.folder))
    server.forget()


@pytest.fixture(scope="session")
def data(pytestconfig: pytest.Config) -> Any:
    """The datasets, as the student's own code finds them (autograder/datasets)."""
    from autograder.rubric.local import local_data

    return local_data(pytestconfig.rootpath)


@pytest.fixture
def forward_pass() -> Any:
    """Evaluate a model with a student's weights; in this process."""
    from autograder.rubric.forward import forward_here

    return forward_here


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """The random inputs of this test."""
    return generator(request.config.stash[_seed], test_key(request.node))


@pytest.fixture
def measured() -> Callable[[str, float], None]:
    """Record a value of a submission, by a name that a leaderboard may show; in grading only."""
    return lambda name, value: None


def test_key(item: pytest.Item) -> str:
    """Return the name from which a test's draws are derived: the same here and in grading."""
    return f"{item.path.stem}::{item.name}"


class Words(TerminalRepr):
    """What pytest prints for a failed check: its title and message, without a traceback."""

    def __init__(self, title: str, message: str, not_attempted: bool = False) -> None:
        self.title, self.message, self.not_attempted = title, message, not_attempted
        # pytest's short summary line takes `reprcrash.message`.
        self.reprcrash = self

    def toterminal(self, tw: TerminalWriter) -> None:
        """Print what the test is about and what is wrong."""
        tw.line(self.title, bold=True)
        tw.line(self.message, red=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Print failing checks with their own messages, and count outcomes by rubric item."""
    report = yield
    file = _own_file(item)
    if file:  # pytest itself says best what is wrong
        if call.when == "call" or report.failed:
            item.config.stash[_of_own].setdefault(file, []).append(report.passed)
        return report
    error = call.excinfo.value if call.excinfo is not None else None
    attempted = not (isinstance(error, StudentError) and error.not_attempted)
    if isinstance(error, StudentError | AssertionError):
        title = (item.function.__doc__ or item.name).strip().splitlines()[0]  # type: ignore[attr-defined]
        words = "\n".join([str(error), *(_reused(item) if attempted else [])])
        report.longrepr = Words(title, words, not attempted)
    marker = item.get_closest_marker("item")
    if marker is not None and marker.args and (call.when == "call" or report.failed):
        outcome = "passed" if report.passed else "failed" if attempted else "not attempted"
        item.config.stash[_outcomes].setdefault(marker.args[0], []).append(outcome)
        for topic, text in take_notes().items():
            item.config.stash[_notes].setdefault((marker.args[0], topic), text)
    return report


def _own_file(item: pytest.Item) -> str:
    """Return the path of a test file that the student writes; "" for all other files."""
    root = item.config.rootpath
    path = item.path.relative_to(root).as_posix() if item.path.is_relative_to(root) else ""
    return path if path in item.config.stash[_own] else ""


def _reused(item: pytest.Item) -> list[str]:
    """Return what to print about variables that the test asked for and that are assigned again."""
    student = getattr(item, "funcargs", {}).get("student")
    if not isinstance(student, StudentProxy):
        return []
    notebooks = item.config.stash[OBJECT_SERVER].notebooks
    words: list[str] = []
    for name, names in student.session__.variables.items():
        file = notebooks.folder / f"{name}.ipynb"
        if name not in notebooks.kept and file.is_file():  # a session runs cells in any order
            words += words_on_reuse(file.name, read_document(file).cells, names)
    return words


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print, for each rubric item, how many of its public checks pass."""
    outcomes = config.stash[_outcomes]
    if config.stash[_of_own]:
        terminalreporter.section("tests of your own")
    for file, ends in config.stash[_of_own].items():
        item_id = config.stash[_own][file]
        line = f"{item_id}  {sum(ends)} of {len(ends)} tests in {file} pass on your code"
        terminalreporter.line(line)
        terminalreporter.line(_GRADING_OF_OWN)
    if not outcomes:
        return
    terminalreporter.section("rubric items (public checks)")
    width = max(len(name) for name in outcomes)
    for name, results in outcomes.items():
        passed = results.count("passed")
        word = "" if passed else "not attempted" if "failed" not in results else ""
        line = f"{name:<{width}}  {passed} of {len(results)} passed  {word}"
        terminalreporter.line(line.rstrip())
    for (name, _), text in config.stash[_notes].items():
        terminalreporter.line(f"note on {name}: {text}")
    terminalreporter.line(f"AUTOGRADER_SEED={config.stash[_seed]} draws the same inputs again")
