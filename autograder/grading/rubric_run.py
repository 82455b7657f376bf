"""The rubric in pytest's hands: collected once a run, its tests run for each submission.

To read the files and to make tests of them is the same for all submissions, so it is done in the
process that judges are forked from, and each of them finds the tests ready.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest

from autograder.assignment import Assignment
from autograder.datasets import Data
from autograder.grading.check_timeout import CheckTimeout
from autograder.grading.collection import Collection, Facts, facts_of
from autograder.grading.protocol import run_test
from autograder.grading.test_phases import TestPhase
from autograder.grading.verdict import GRADER_ERROR_WORDS, Verdict, judge_outcome, with_notes
from autograder.notebook.document import NotebookUnreadable, parse_document
from autograder.notebook.reuse import words_on_reuse
from autograder.remote.values import MalformedValue
from autograder.results import TestRecord
from autograder.rubric.carried import Charge, FollowThrough, following
from autograder.rubric.check import CheckFailed
from autograder.rubric.notes import take_notes
from autograder.rubric.observing import Observed, observing
from autograder.rubric.plugin import ITEM_MARKER, test_key
from autograder.rubric.seeds import generator
from autograder.rubric.student import StudentProxy


class StudentCode(Protocol):
    """Where the student's code of each item runs."""

    def student(self, turn: TestPhase) -> StudentProxy:
        """The handle for a test, by the item that it belongs to and whether it is hidden."""

    def look(self) -> None:
        """Look at what the present process uses while nobody waits for it."""

    def distrust(self) -> None:
        """Give the present process up."""


@dataclass(frozen=True)
class TestResult:
    """A test that has been run.

    Attributes:
        test: it.
        record: what has come of it.
        followed: names of tests of its item whose faults it was judged by.
    """

    test: Facts
    record: TestRecord
    followed: frozenset[str] = frozenset()


@dataclass
class TestRun:
    """One run of the rubric's tests over a submission, and what has come of it.

    Attributes:
        order: the turns to run.
        code: where the student's code runs.
        seed: every random input comes from it.
        datasets: what the tests' `data` is.
        begin: is told each item whose tests begin.
        tell: is told each item whose tests have all ended, or all public ones.
        results: the tests that have ended.
        figures: what tests have noted by `measured`, by item.
        charges: the tests that have been failed, which later ones may follow.
        failure: why tests have not been run; "" where all have.
        noted: the items for which there has been a note, and its topic.
        observes: whether what checks ask is kept, for an audit.
        asked: by item, what the checks of its tests have asked.
        files: path of each file handed in -> its content.
    """

    order: Sequence[TestPhase]
    code: StudentCode
    seed: int
    datasets: Data
    begin: Callable[[str], None] = lambda item_id: None
    tell: Callable[[str], None] = lambda item_id: None
    results: list[TestResult] = field(default_factory=list)
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    charges: list[Charge] = field(default_factory=list)
    failure: str = ""
    noted: set[tuple[str, str]] = field(default_factory=set)
    observes: bool = False
    asked: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def write_asked(self, file: Path) -> None:
        """Write what checks have asked, as `audit/asked.py` reads it."""
        file.write_text(json.dumps(self.asked), encoding="utf-8")


class Rubric:
    """An assignment's tests, collected: a pytest plugin that keeps what pytest has made of them.

    Args:
        assignment: whose rubric it is.
        items: ids of the items whose tests will be run.
    """

    def __init__(self, assignment: Assignment, items: Iterable[str]) -> None:
        self.assignment, self.items = assignment, frozenset(items)
        self._files = {test.file for test in assignment.tests if test.item in self.items}
        self._functions = {
            item.id: {test.name.rpartition("::")[2] for test in assignment.tests_of(item.id)}
            for item in assignment.auto_items
        }
        self._left: Counter[TestPhase] = Counter()  # its tests that have not ended
        self._unread = ""  # why a file of the rubric cannot be run
        self._run: TestRun | None = None
        self._own_time: CheckTimeout
        self._student: StudentProxy | None = None  # of the present test
        self._test: pytest.Item  # that fixtures are for; to ask pytest by `request` takes longer
        self._collection = Collection(assignment.rubric_folder, self) if self._files else None

    def run(self, run: TestRun) -> None:
        """Run the tests that are wanted, in their order, and write down what comes of them."""
        if self._collection is None:
            return
        self._run = run
        tests = _in_order(self._collection.tests, run.order)
        self._left = Counter(facts_of(test).turn for test in tests)
        limits = {item.id: item.timeout_s for item in self.assignment.auto_items}
        self._own_time = CheckTimeout(self.assignment.rubric_folder, limits, run.code.look)
        with self._own_time.watched():
            run.failure = self._collection.run(tests, self._run_one) or self._unread
        self._run = None

    def close(self) -> None:
        """Have pytest undo what it has set up."""
        if self._collection is not None:
            self._collection.close()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the item marker."""
        config.addinivalue_line("markers", ITEM_MARKER)

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the files without a test that is to be run."""
        is_left_out = collection_path.suffix == ".py" and collection_path.name not in self._files
        return True if is_left_out else None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the reason why a rubric file cannot be run."""
        if report.failed:
            self._unread = f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"

    @pytest.fixture
    def student(self) -> StudentProxy:
        """The student's code, in the process of this test's item."""
        facts = facts_of(self._test)
        self._now.begin(facts.item)
        self._student = self._now.code.student(facts.turn)
        return self._student

    @pytest.fixture
    def data(self) -> Data:
        """The data sets, whole."""
        return self._now.datasets

    @pytest.fixture
    def rng(self) -> np.random.Generator:
        """The random inputs of this test."""
        return generator(self._now.seed, test_key(self._test))

    @pytest.fixture
    def measured(self) -> Callable[[str, float], None]:
        """Note a figure of the submission, such as a test accuracy, for a leaderboard."""
        figures = self._now.figures.setdefault(facts_of(self._test).item, {})

        def note(name: str, value: float) -> None:
            try:
                figure = float(value)
            except (TypeError, ValueError, OverflowError):  # it may have come from a student
                figure = math.nan
            if not math.isfinite(figure):
                raise CheckFailed(name, "is no finite number")
            figures[name] = figure

        return note

    @property
    def _now(self) -> TestRun:
        assert self._run is not None  # tests run in `run` only
        return self._run

    def _run_one(self, test: pytest.Item, next_test: pytest.Item | None) -> None:
        """Run a test, and write down what has come of it."""
        self._test, facts = test, facts_of(test)
        take_notes()
        follow, self._student = self._follow_through(facts), None
        observed: AbstractContextManager[Observed] = nullcontext({})
        if self._now.observes:
            observed = observing()
        with self._own_time.of_one_test(facts.item), observed as asked, following(follow):
            outcome = run_test(test, next_test)
            verdict = judge_outcome(outcome.error, self.assignment.rubric_folder, follow.notes)
            if verdict.status == "failed" and not facts.hidden:
                verdict = replace(verdict, message="\n".join([verdict.message, *self._reused()]))
        own = self._now.asked.setdefault(facts.item, [])
        own += [{"test": test.name} | line.as_json() for line in asked.values()]
        if isinstance(outcome.error, MalformedValue):
            self._now.code.distrust()
        if not facts.hidden:
            verdict = with_notes(verdict, self._new_notes(facts.item))
        if verdict.status == "failed":
            self._now.charges.append(self._charge(facts, outcome.error))
        record = TestRecord(
            name=test.name,
            title=facts.title,
            status=verdict.status,
            message=verdict.message,
            student_message=verdict.hidden_message if facts.hidden else _for_student(verdict),
            hidden=facts.hidden,
            seconds=outcome.seconds,
        )
        self._now.results.append(TestResult(facts, record, frozenset(follow.followed)))
        self._left[facts.turn] -= 1
        if not self._left[facts.turn]:
            self._now.tell(facts.item)

    def _new_notes(self, item: str) -> list[str]:
        """What the test has noted on topics that are new to its item."""
        known = self._now.noted
        new = {topic: text for topic, text in take_notes().items() if (item, topic) not in known}
        known.update((item, topic) for topic in new)
        return list(new.values())

    def _follow_through(self, facts: Facts) -> FollowThrough:
        """What the checks of a test may follow."""
        item = self.assignment.item(facts.item)
        return FollowThrough(item.id, self._functions[item.id], item.builds_on, self._now.charges)

    def _charge(self, facts: Facts, error: BaseException | None) -> Charge:
        """What a test that has been failed costs."""
        title = "" if facts.hidden else facts.title
        hint = error.hint if isinstance(error, CheckFailed) else ""
        item = self.assignment.item(facts.item)
        return Charge(item.id, item.title, facts.function, title, hint)

    def _reused(self) -> list[str]:
        """What is to be said of variables that the test has asked for and that are assigned again.

        (A hidden test does not say which ones it asks for.)
        """
        asked = {} if self._student is None else self._student.session__.variables
        words: list[str] = []
        for name, names in asked.items():
            file = f"{name}.ipynb"
            try:
                cells = parse_document(self._now.files[file], file).cells
            except (KeyError, NotebookUnreadable):
                continue
            words += words_on_reuse(file, cells, names)
        return words


def _in_order(tests: Sequence[pytest.Item], order: Sequence[TestPhase]) -> list[pytest.Item]:
    """The wanted items' tests, in their order."""
    place = {turn: number for number, turn in enumerate(order)}
    wanted = [test for test in tests if facts_of(test).turn in place]
    return sorted(wanted, key=lambda test: place[facts_of(test).turn])


def _for_student(verdict: Verdict) -> str:
    return GRADER_ERROR_WORDS if verdict.status == "grader_error" else verdict.message
