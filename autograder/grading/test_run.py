"""Judge: run the rubric's tests once over one submission, and keep the result of each test.

A test is run by pytest's own three steps, without the twenty hooks that pytest calls around them to
describe a test's outcome for a terminal or a file: only the exception that ended the test is needed
here.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from _pytest import skipping
from _pytest.tmpdir import tmppath_result_key

from autograder.assignment import Assignment, RubricTest
from autograder.datasets import Data
from autograder.grading.check_timeout import CheckTimeout
from autograder.grading.forward_pass import ForwardPasses
from autograder.grading.item_runner import ItemRunner
from autograder.grading.test_phases import TestPhase, phase_of
from autograder.grading.verdict import GRADER_ERROR_WORDS, TestOutcome, judge_outcome, with_notes
from autograder.notebook.document import NotebookUnreadable, parse_document
from autograder.notebook.reuse import words_on_reuse
from autograder.remote.messages import MalformedValue
from autograder.results import TestRecord
from autograder.rubric.carried import Charge, FollowThrough, following
from autograder.rubric.check import CheckFailed
from autograder.rubric.forward import Array, Function
from autograder.rubric.notes import take_notes
from autograder.rubric.observing import Observed, observing
from autograder.rubric.student import StudentProxy

RUBRIC_TEST = pytest.StashKey[RubricTest]()
"""What the assignment says about a test that pytest has collected (rubric_suite.py)."""

# Exceptions that end the whole run instead of the test, as in pytest.
_ENDS_ALL = (KeyboardInterrupt, pytest.exit.Exception)
_KEEP_FROM_RUNNING = frozenset(["skip", "skipif", "xfail"])


@dataclass(frozen=True)
class TestResult:
    """A test that has been run.

    Attributes:
        test: the test.
        record: its record.
        followed: names of tests of its item whose faults it followed when it was judged.
    """

    test: RubricTest
    record: TestRecord
    followed: frozenset[str] = frozenset()


@dataclass
class TestRun:
    """One run of the rubric's tests over one submission.

    Attributes:
        assignment: the assignment, whose tests are run.
        phases: the phases to run, in their order.
        runner: runs the student's code.
        passes: evaluates models with the student's weights.
        seed: the seed from which every random input is derived.
        datasets: the datasets, for the tests' fixture `data`.
        begin: called with the id of each item whose tests begin.
        ended: called with the id of each item whose public tests, or hidden ones, have all ended.
        observes: whether the values that checks ask for are kept, for an audit.
        files: path of each file handed in -> its content.
        results: the tests that have ended.
        figures: the figures that tests have noted with `measured`, by item.
        charges: the tests that have failed, whose faults later tests may follow.
        failure: why tests have not been run; "" if all have.
        asked: by item, the values that the checks of its tests have asked for.
    """

    assignment: Assignment
    phases: Sequence[TestPhase]
    runner: ItemRunner
    passes: ForwardPasses
    seed: int
    datasets: Data
    begin: Callable[[str], None] = lambda item_id: None
    ended: Callable[[str], None] = lambda item_id: None
    observes: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    results: list[TestResult] = field(default_factory=list)
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    failure: str = ""
    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._noted: set[tuple[str, str]] = set()  # item and topic of each note so far
        self._present: pytest.Item | None = None
        self._student: StudentProxy | None = None  # of the present test
        limits = {item.id: item.timeout_s for item in self.assignment.auto_items}
        self._check_timeout = CheckTimeout(self.assignment.rubric_folder, limits, self.runner.look)

    def run_tests(self, collected: Sequence[pytest.Item]) -> None:
        """Run those of the collected tests that belong to the phases, in their order."""
        place = {phase: number for number, phase in enumerate(self.phases)}
        phases = {test: phase_of(test.stash[RUBRIC_TEST]) for test in collected}
        tests = [test for test in collected if phases[test] in place]
        tests.sort(key=lambda test: place[phases[test]])
        left = Counter(phases[test] for test in tests)
        with self._check_timeout.watched():
            for test, next_test in zip_longest(tests, tests[1:]):
                self._run_one(test, next_test)
                left[phases[test]] -= 1
                if not left[phases[test]]:
                    self.ended(test.stash[RUBRIC_TEST].item)

    @property
    def present_test(self) -> pytest.Item:
        """The test that is running."""
        assert self._present is not None  # fixtures are set up for a test
        return self._present

    def student(self) -> StudentProxy:
        """Return the student's code for the present test, in the process of its item."""
        about = self.present_test.stash[RUBRIC_TEST]
        self.begin(about.item)
        self._student = self.runner.student(phase_of(about))
        return self._student

    def forward_pass(self, function: Function, weights: object, inputs: object) -> Array:
        """Evaluate a model with a student's weights, as `ForwardPasses.run` says."""
        item_id = self.present_test.stash[RUBRIC_TEST].item
        return self.passes.run(self.assignment.item(item_id), function, weights, inputs)

    def note_figure(self, name: str, value: float) -> None:
        """Note a figure of the submission, such as a test accuracy, for a leaderboard.

        Raises:
            CheckFailed: the value is not a finite number.
        """
        try:
            figure = float(value)
        except (TypeError, ValueError, OverflowError):  # it may have come from a student
            figure = math.nan
        if not math.isfinite(figure):
            raise CheckFailed(name, "is not a finite number")
        self.figures.setdefault(self.present_test.stash[RUBRIC_TEST].item, {})[name] = figure

    def write_asked(self, file: Path) -> None:
        """Write the values that checks have asked for, as `audit/asked.py` reads them."""
        file.write_text(json.dumps(self.asked), encoding="utf-8")

    def _run_one(self, test: pytest.Item, next_test: pytest.Item | None) -> None:
        """Run a test, and keep its result."""
        about = test.stash[RUBRIC_TEST]
        self._present, self._student = test, None
        take_notes()
        follow = self._follow_through(about)
        observed: AbstractContextManager[Observed] = (
            observing() if self.observes else nullcontext({})
        )
        with self._check_timeout.of_one_test(about.item), observed as asked, following(follow):
            error, seconds = run_test(test, next_test)
            outcome = judge_outcome(error, self.assignment.rubric_folder, follow.notes)
            if outcome.status == "failed" and not about.hidden:
                outcome = replace(outcome, message="\n".join([outcome.message, *self._reused()]))
        own = self.asked.setdefault(about.item, [])
        own += [{"test": test.name} | line.as_json() for line in asked.values()]
        if isinstance(error, MalformedValue):
            self.runner.distrust()
        if not about.hidden:
            outcome = with_notes(outcome, self._new_notes(about.item))
        if outcome.status == "failed":
            self.charges.append(self._charge(about, error))
        record = TestRecord(
            name=test.name,
            title=about.title,
            status=outcome.status,
            message=outcome.message,
            student_message=_for_student(outcome, about.hidden),
            hidden=about.hidden,
            seconds=seconds,
        )
        self.results.append(TestResult(about, record, frozenset(follow.followed)))

    def _new_notes(self, item_id: str) -> list[str]:
        """Return the test's notes on topics that are new for its item."""
        notes = take_notes().items()
        new = {topic: text for topic, text in notes if (item_id, topic) not in self._noted}
        self._noted.update((item_id, topic) for topic in new)
        return list(new.values())

    def _follow_through(self, test: RubricTest) -> FollowThrough:
        """Return the faults that the checks of a test may follow."""
        item = self.assignment.item(test.item)
        functions = {one.function for one in self.assignment.tests_of(item.id)}
        return FollowThrough(item.id, functions, item.builds_on, self.charges)

    def _charge(self, test: RubricTest, error: BaseException | None) -> Charge:
        """Return the charge of a failed test, which later tests may follow."""
        title = "" if test.hidden else test.title
        hint = error.hint if isinstance(error, CheckFailed) else ""
        item = self.assignment.item(test.item)
        return Charge(item.id, item.title, test.function, title, hint)

    def _reused(self) -> list[str]:
        """Return notes on variables that the test has asked for and that are assigned again.

        This is only for public tests: a hidden test does not reveal which ones it asks for.
        """
        asked = {} if self._student is None else self._student.session__.variables
        words: list[str] = []
        for name, names in asked.items():
            file = f"{name}.ipynb"
            try:
                cells = parse_document(self.files[file], file).cells
            except (KeyError, NotebookUnreadable):
                continue
            words += words_on_reuse(file, cells, names)
        return words


def _for_student(outcome: TestOutcome, is_hidden: bool) -> str:
    if is_hidden:
        return outcome.hidden_message
    return GRADER_ERROR_WORDS if outcome.status == "grader_error" else outcome.message


def run_test(
    test: pytest.Item, following: pytest.Item | None
) -> tuple[BaseException | None, float]:
    """Set up a test and its fixtures, run it, and tear down what the next test does not need.

    Returns:
        The exception that its setup, the test itself or else its teardown raised, or None; and the
        seconds that its setup took if that failed, else the test itself.

    Raises:
        KeyboardInterrupt: the run has to end.
        pytest.exit.Exception: the test wants the run to end.
    """
    nodes = test.session._setupstate  # the file, the class, the test: what has been set up
    if isinstance(test, pytest.Function) and not test._request:
        test._initrequest()  # it has run before
    test.stash[tmppath_result_key] = {}  # `tmp_path` reads here what a report would have noted
    try:
        error, seconds = _step(lambda: _set_up(test))
        if error is None:
            error, seconds = _step(test.runtest)
        teardown_error, _ = _step(lambda: nodes.teardown_exact(following))
    finally:
        if isinstance(test, pytest.Function):  # release what its fixtures have made
            test._request = False  # type: ignore[assignment]
            test.funcargs = None  # type: ignore[assignment]
    return error if error is not None else teardown_error, seconds


def _set_up(test: pytest.Item) -> None:
    """Set up a test; a mark such as `skip`, which keeps it from running, raises an exception."""
    if any(mark.name in _KEEP_FROM_RUNNING for mark in test.iter_markers()):
        skipping.pytest_runtest_setup(test)
    test.session._setupstate.setup(test)


def _step(step: Callable[[], object]) -> tuple[BaseException | None, float]:
    started = time.perf_counter()
    error: BaseException | None = None
    try:
        step()
    except _ENDS_ALL:
        raise
    except BaseException as raised:  # SystemExit and pytest's own are not subclasses of Exception
        error = raised
    return error, time.perf_counter() - started
