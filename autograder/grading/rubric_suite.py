"""Judge: collect the rubric with pytest once per run; run its tests for each submission.

`pytest.main` collects, runs and tidies up in one call. Here the steps are separate: collecting is
the same for all submissions, so it is done in the process from which judges are forked, and each of
them inherits the collected tests.
"""

import contextlib
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from _pytest.config import _prepareconfig

from autograder.assignment import Assignment
from autograder.assignment.rubric_files import reads_files
from autograder.datasets import Data
from autograder.grading.test_run import RUBRIC_TEST, TestRun
from autograder.rubric.forward import Function
from autograder.rubric.plugin import ITEM_MARKER, test_key
from autograder.rubric.quiet_pytest import plain_arguments, quietly
from autograder.rubric.seeds import generator
from autograder.rubric.student import StudentProxy


class RubricSuite:
    """An assignment's collected tests; also the pytest plugin that provides their fixtures.

    Args:
        assignment: the assignment, whose rubric is collected.
        items: ids of the items whose tests will be run.

    Attributes:
        items: the same ids, as a frozenset.
        reads_files: whether tests read files that were handed in.
    """

    def __init__(self, assignment: Assignment, items: Iterable[str]) -> None:
        self.items = frozenset(items)
        self.reads_files = reads_files(assignment.rubric_folder)
        self._tests_by_id = {
            test.node_id: test for test in assignment.tests if test.item in self.items
        }
        self._files = {test.file for test in self._tests_by_id.values()}
        self._collected: list[pytest.Item] = []
        self._failure = ""  # why some or all tests are missing
        self._config: pytest.Config | None = None
        self._session: pytest.Session | None = None
        self._run: TestRun | None = None
        if self._files:
            self._collect(assignment.rubric_folder)

    def run(self, run: TestRun) -> None:
        """Run the tests that a run asks for; the run keeps their results."""
        if self._config is None or self._session is None:
            run.failure = self._failure
            return
        self._run = run
        try:
            with quietly():
                run.run_tests(self._collected)
                finish = self._config.hook.pytest_sessionfinish
                finish(session=self._session, exitstatus=pytest.ExitCode.OK)
            run.failure = self._failure
        except Exception as error:
            run.failure = _could_not(error)
        finally:
            self._run = None

    def close(self) -> None:
        """Let pytest undo what it has set up."""
        if self._config is not None:
            self._config._ensure_unconfigure()
        self._config = self._session = None

    def _collect(self, folder: Path) -> None:
        # pytest takes brackets in an argument for a test's parameters, so the folder is not passed.
        arguments = [".", f"--rootdir={folder}", *plain_arguments("terminal", "unittest")]
        arguments += ["--strict-markers", "--continue-on-collection-errors"]
        try:
            with quietly(), _signals_later(), _modules_forgotten(folder):
                with contextlib.chdir(folder):
                    self._config = _prepareconfig(arguments, [self])
                self._config._do_configure()
                self._session = pytest.Session.from_config(self._config)
                self._config.hook.pytest_sessionstart(session=self._session)
                self._collected = list(filter(self._is_known, self._session.perform_collect()))
        except (Exception, SystemExit) as error:
            self._failure = _could_not(error)

    def _is_known(self, test: pytest.Item) -> bool:
        """Return whether a test belongs to an item; attach what the assignment says about it."""
        known = self._tests_by_id.get(test.nodeid.partition("[")[0])
        if known is not None:
            test.stash[RUBRIC_TEST] = known
        return known is not None

    @property
    def _now(self) -> TestRun:
        assert self._run is not None  # fixtures are set up in `run` only
        return self._run

    # Hooks and fixtures of pytest

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the item marker."""
        config.addinivalue_line("markers", ITEM_MARKER)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the files that contain no test to be run."""
        is_left_out = collection_path.suffix == ".py" and collection_path.name not in self._files
        return True if is_left_out else None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the reason why a rubric file cannot be run."""
        if report.failed:
            self._failure = f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"

    @pytest.fixture
    def student(self) -> StudentProxy:
        """The student's code, in the process of this test's item."""
        return self._now.student()

    @pytest.fixture
    def data(self) -> Data:
        """The whole datasets."""
        return self._now.datasets

    @pytest.fixture
    def forward_pass(self) -> Callable[[Function, object, object], np.ndarray]:
        """Evaluate a model with a student's weights, in a process without student code."""
        return self._now.forward_pass

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """The random inputs of this test."""
        return generator(self._now.seed, test_key(self._now.present_test))

    @pytest.fixture
    def measured(self) -> Callable[[str, float], None]:
        """Note a figure of the submission, such as a test accuracy, for a leaderboard."""
        return self._now.note_figure


def _could_not(error: BaseException) -> str:
    return f"pytest could not run the rubric: {type(error).__name__}: {error}"


@contextlib.contextmanager
def _signals_later() -> Iterator[None]:
    """Delay signals that ask this process to end until pytest has finished collecting.

    pytest would take an exception from their handlers for a mistake in the file that it reads.
    """
    came: list[int] = []
    handlers = {
        number: signal.signal(number, lambda number, frame: came.append(number))
        for number in (signal.SIGTERM, signal.SIGALRM)
    }
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)


@contextlib.contextmanager
def _modules_forgotten(folder: Path) -> Iterator[None]:
    """Forget the modules imported from a folder: another rubric may have files with these names."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in sys.modules.keys() - before:
            file = getattr(sys.modules[name], "__file__", None)
            if file is not None and Path(file).is_relative_to(folder):
                del sys.modules[name]
