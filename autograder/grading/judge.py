"""Run the rubric over one submission: plain pytest here, the student's code in workers.

The judge holds tests, expected values and scores. It never imports student code.
"""

import contextlib
import io
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.assignment import Assignment, Item
from autograder.datasets import Data
from autograder.grading.benches import Benches
from autograder.grading.order import Order
from autograder.grading.run_data import RunData
from autograder.grading.sittings import running_order, sittings
from autograder.grading.verdict import (
    GRADER_ERROR_WORDS,
    Verdict,
    item_record,
    judge_outcome,
    unread_item,
    written_item,
)
from autograder.grading.versions import CPU, versions
from autograder.grading.workplace import Options, make_workplace
from autograder.results import Isolation, ItemRecord, SubmissionRecord, TestRecord, totals
from autograder.rubric.plugin import ITEM_MARKER, test_key
from autograder.rubric.seeds import generator
from autograder.rubric.student import Student
from autograder.sandbox.process import Zygote
from autograder.submission import Collected
from autograder.workbench.values import MalformedValue

# Plugins that grading has no use for; the last two alone would cost as much as the whole run.
_WITHOUT = ("cacheprovider", "terminal", "unraisableexception", "threadexception")


@dataclass
class _Ended:
    """What is known of one test that has been run."""

    node_id: str
    item: str
    weight: float
    record: TestRecord


@dataclass
class RubricRun:
    """The judge as a pytest plugin: brings the fixtures and writes the verdicts down.

    Args:
        assignment: what is graded.
        order: ids of the items to run, with whether it is their hidden tests' turn.
        benches: where the student's code runs.
        seed: every random input comes from it.
        datasets: what the tests' `data` is.
        begin: is told each item whose tests begin.
        end: is told each item whose tests have all ended.
    """

    assignment: Assignment
    order: Sequence[tuple[str, bool]]
    benches: Benches
    seed: int
    datasets: Data
    begin: Callable[[str], None]
    end: Callable[[str], None] = lambda item_id: None
    results: list[_Ended] = field(default_factory=list)
    figures: dict[str, dict[str, float]] = field(default_factory=dict)
    collection_error: str = ""

    def __post_init__(self) -> None:
        wanted = {item_id for item_id, _ in self.order}
        self._files = {test.file for test in self.assignment.tests if test.item in wanted}
        self._left: Counter[str] = Counter()  # item -> its tests that have not ended

    def pytest_configure(self, config: pytest.Config) -> None:
        """Register the item marker; leave out the listings of tracebacks, which nobody reads."""
        config.addinivalue_line("markers", ITEM_MARKER)
        config.option.tbstyle = "no"

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Leave out the files without a test that is to be run."""
        is_left_out = collection_path.suffix == ".py" and collection_path.name not in self._files
        return True if is_left_out else None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep the reason why a rubric file cannot be run."""
        if report.failed:
            self.collection_error = f"{report.nodeid}: {report.longreprtext.splitlines()[-1]}"

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the wanted items' tests, in their order."""
        place = {turn: number for number, turn in enumerate(self.order)}
        items[:] = sorted(
            (test for test in items if _turn(test) in place),
            key=lambda test: place[_turn(test)],
        )
        self._left = Counter(map(_item_id, items))

    @pytest.fixture
    def student(self, request: pytest.FixtureRequest) -> Student:
        """The student's code, in the process of this test's item."""
        item_id = _item_id(request.node)
        self.begin(item_id)
        return self.benches.student(item_id)

    @pytest.fixture
    def data(self) -> Data:
        """The data sets, whole."""
        return self.datasets

    @pytest.fixture
    def rng(self, request: pytest.FixtureRequest) -> np.random.Generator:
        """The random inputs of this test."""
        return generator(self.seed, test_key(request.node))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        """Write a test's verdict down when it has ended."""
        report = yield
        error = call.excinfo.value if call.excinfo is not None else None
        if call.when == "call" or (call.when == "setup" and error is not None):
            if isinstance(error, MalformedValue):
                self.benches.distrust()
            self._write_down(item, judge_outcome(error, self.assignment.rubric_folder), call)
        return report

    @pytest.fixture
    def measured(self, request: pytest.FixtureRequest) -> Callable[[str, float], None]:
        """Note a figure of the submission, such as a test accuracy, for a leaderboard."""
        figures = self.figures.setdefault(_item_id(request.node), {})
        return lambda name, value: figures.update({name: float(value)})

    def _write_down(self, test: pytest.Item, verdict: Verdict, call: Any) -> None:
        hidden = _is_hidden(test)
        record = TestRecord(
            name=test.name,
            title=(test.function.__doc__ or test.name).strip().splitlines()[0],  # type: ignore[attr-defined]
            status=verdict.status,
            message=verdict.message,
            student_message=verdict.hidden_message if hidden else _for_student(verdict),
            hidden=hidden,
            seconds=call.duration,
        )
        marker = test.get_closest_marker("item")
        assert marker is not None  # loading the assignment has checked every test
        weight = float(marker.kwargs.get("weight", 1.0))
        node_id = test.nodeid.partition("[")[0]  # every parameter of a test is a test of its own
        item_id = str(marker.args[0])
        self.results.append(_Ended(node_id, item_id, weight, record))
        self._left[item_id] -= 1
        if not self._left[item_id]:
            self.end(item_id)


def _for_student(verdict: Verdict) -> str:
    return GRADER_ERROR_WORDS if verdict.status == "grader_error" else verdict.message


def _item_id(test: pytest.Item) -> str:
    marker = test.get_closest_marker("item")
    return str(marker.args[0]) if marker is not None and marker.args else ""


def _is_hidden(test: pytest.Item) -> bool:
    return test.path.stem.endswith("_hidden")


def _turn(test: pytest.Item) -> tuple[str, bool]:
    return _item_id(test), _is_hidden(test)


def judge(
    order: Order,
    name: str,
    collected: Collected,
    zygotes: Mapping[Options, Zygote],
    data: RunData,
    begin: Callable[[str], None] = lambda item_id: None,
    ended: Callable[[ItemRecord], None] = lambda item: None,
) -> SubmissionRecord:
    """Grade one collected submission.

    Args:
        order: what is to be graded.
        name: the submission's name.
        collected: its files.
        zygotes: where workers come from; they stay open.
        data: the data sets.
        begin: is told each item whose tests begin.
        ended: is told what has come of each item, as soon as it is known.

    Returns:
        The record; an item whose tests could not be run has the status `grader_error`.
    """
    started = time.monotonic()
    assignment = order.assignment
    place = make_workplace(
        assignment, collected.root, order.seed, data.small, data.secrets, order.full
    )
    turns = running_order(assignment, order.wanted)
    benches = Benches(place, sittings(turns), zygotes, order.policy)
    try:
        run = RubricRun(assignment, turns, benches, order.seed, data.whole, begin)
        run.end = lambda item_id: ended(_sum_up(assignment.item(item_id), run, ""))
        failure = _run_pytest(run)
    finally:
        benches.close()
    items = [
        written_item(item) if item.kind == "written" else _sum_up(item, run, failure)
        for item in assignment.items
        if item.id in order.wanted
    ]
    return submission_record(
        name,
        items,
        order.seed,
        time.monotonic() - started,
        order.isolation,
        collected.notices,
        collected.sha256,
        order.device,
    )


def _sum_up(item: Item, run: RubricRun, failure: str) -> ItemRecord:
    ended = [result for result in run.results if result.item == item.id]
    expected = {test.node_id for test in run.assignment.tests_of(item.id)}
    missing = sorted(expected - {result.node_id for result in ended})
    if missing:
        reason = failure or run.collection_error or "the test did not run"
        return unread_item(item, f"{missing[0]}: {reason}", "grader_error")
    tests = tuple(result.record for result in ended)
    weights = tuple(result.weight for result in ended)
    return item_record(item, tests, weights, run.figures.get(item.id, {}))


def _run_pytest(run: RubricRun) -> str:
    """Run the rubric; returns "" or the reason why pytest itself gave up."""
    rubric = run.assignment.rubric_folder
    if not run.order:
        return ""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    arguments = [str(rubric)]
    arguments += ["-c", os.devnull, f"--rootdir={rubric}", "--noconftest"]
    arguments += ["--import-mode=importlib", "--assert=plain", "--strict-markers"]
    arguments += ["--continue-on-collection-errors"]
    for plugin in _WITHOUT:
        arguments += ["-p", f"no:{plugin}"]
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        code = pytest.main(arguments, plugins=[run])
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        last = [line for line in output.getvalue().splitlines() if "rror" in line][:1]
        return f"pytest could not run the rubric: {' '.join(last)}"
    return ""


def submission_record(
    name: str,
    items: Sequence[ItemRecord],
    seed: int,
    seconds: float,
    isolation: Isolation,
    notices: Sequence[str] = (),
    sha256: str = "",
    device: str = CPU,
) -> SubmissionRecord:
    """Put items together to the record of a submission."""
    score, possible = totals(items)
    return SubmissionRecord(
        name=name,
        score=score,
        possible=possible,
        seconds=seconds,
        seed=seed,
        isolation=isolation,
        items=tuple(items),
        notices=tuple(notices),
        sha256=sha256,
        versions=versions(device),
    )
