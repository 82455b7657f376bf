"""Judge: run the rubric over one submission, with pytest here and the student's code in workers.

The judge holds tests, expected values and scores. It never imports student code.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing

from autograder.assignment import Assignment, Item
from autograder.grading.added_code import added_code
from autograder.grading.config import GradingConfig
from autograder.grading.event_reader import EventReader
from autograder.grading.file_items import file_records
from autograder.grading.forward_pass import ForwardPasses
from autograder.grading.handed_in import read_for_tests, read_handed_in
from autograder.grading.item_records import item_record, unfinished_item, written_item
from autograder.grading.item_runner import ItemRunner
from autograder.grading.missing_libraries import notes_on_missing_libraries
from autograder.grading.own_modules import may_be_imported
from autograder.grading.own_tests import OwnTests
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData
from autograder.grading.submission_dir import (
    Options,
    SubmissionDir,
    make_submission_dir,
    options_of,
)
from autograder.grading.test_phases import running_order
from autograder.grading.test_run import TestRun
from autograder.grading.verdict import with_conditions
from autograder.grading.versions import CPU, versions
from autograder.handing_in.references import Module
from autograder.remote.code_rules import RuleChecker
from autograder.results import Isolation, ItemRecord, SubmissionRecord, totals
from autograder.rubric.handed_files import Handed
from autograder.sandbox.client import Zygote
from autograder.submission import Collected


def judge(
    config: GradingConfig,
    name: str,
    collected: Collected,
    zygotes: Mapping[Options, Zygote],
    data: RunData,
    suite: RubricSuite,
    begin: Callable[[str], None] = lambda item_id: None,
    ended: Callable[[ItemRecord], None] = lambda item: None,
) -> SubmissionRecord:
    """Grade one collected submission.

    Args:
        config: what is graded.
        name: the submission's name.
        collected: its files.
        zygotes: the zygotes that start workers; they stay open.
        data: the datasets.
        suite: the collected tests of the rubric.
        begin: called with the id of each item whose tests begin.
        ended: called with the record of each item as soon as it is known; for an item with hidden
            tests also with that after its public tests, which is unfinished (`is_unfinished`).

    Returns:
        The submission's record; an item whose tests could not be run has the status `grader_error`.
    """
    started = time.monotonic()
    added = added_code(config.assignment, collected)
    modules, notices = may_be_imported(config.assignment, collected.modules)
    submission_dir = _submission_dir(config, collected, modules, data)
    files = read_handed_in(collected.root, collected.files)
    by_files = file_records(config.assignment, config.wanted, collected.root, collected.files)
    events = EventReader(submission_dir, zygotes, config.policy)
    handed = _handed(config.assignment, collected, suite, events)
    run, opened = _test_run(config, submission_dir, zygotes, data, files, handed)
    _report_progress(run, config, begin, ended)
    with opened, closing(events):
        suite.run(run)
    if config.observed is not None:
        run.write_asked(config.observed)
    known = by_files | _own_tests(config, submission_dir, zygotes, files, begin, ended)
    items = _item_records(config, run, known)
    missing = notes_on_missing_libraries(files, items, _rules_of_notebooks(config.assignment))
    return submission_record(
        name, items, config.seed, time.monotonic() - started, config.isolation,
        (*collected.notices, *notices, *missing), collected, config.device, added,
    )  # fmt: skip


def _test_run(
    config: GradingConfig,
    submission_dir: SubmissionDir,
    zygotes: Mapping[Options, Zygote],
    data: RunData,
    files: Mapping[str, bytes],
    handed: Handed,
) -> tuple[TestRun, ExitStack]:
    """Return the run of the rubric's tests, and what ends its processes."""
    phases = running_order(config.assignment, config.wanted)
    runner = ItemRunner(submission_dir, phases, zygotes, config.policy, files, handed)
    passes = ForwardPasses(submission_dir, zygotes, config.policy, runner.look)
    opened = ExitStack()
    opened.enter_context(closing(runner))
    opened.enter_context(closing(passes))
    run = TestRun(
        config.assignment, phases, runner, passes, config.seed, data.whole,
        observes=config.observed is not None, files=files,
    )  # fmt: skip
    return run, opened


def _own_tests(
    config: GradingConfig,
    submission_dir: SubmissionDir,
    zygotes: Mapping[Options, Zygote],
    files: Mapping[str, bytes],
    begin: Callable[[str], None],
    ended: Callable[[ItemRecord], None],
) -> dict[str, ItemRecord]:
    """Return the records of the wanted items that are scored by students' own tests.

    No other process of the submission exists any more, and none comes later.
    """
    records = {}
    for item in config.assignment.auto_items:
        if not item.tests or item.id not in config.wanted:
            continue
        begin(item.id)
        zygote, code = zygotes[options_of(config.assignment, item)], config.planted[item.id]
        try:
            own = OwnTests(item, code, submission_dir, zygote, config.policy, files)
            record = own.judge()
        except Exception as error:  # a defect of the grader costs this item only
            reason = f"{type(error).__name__}: {error}"
            record = unfinished_item(item, (), [item.tests], reason)
        records[item.id] = record
        ended(record)
    return records


def _handed(
    assignment: Assignment, collected: Collected, suite: RubricSuite, events: EventReader
) -> Handed:
    """Return the files that tests may read, which are read before student code runs."""
    patterns = assignment.submission_files if suite.reads_files else ()
    contents = read_for_tests(collected.root, collected.files, patterns)
    return Handed(patterns, contents, events.read)


def _submission_dir(
    config: GradingConfig, collected: Collected, modules: Mapping[str, Module], data: RunData
) -> SubmissionDir:
    secrets = (*data.secrets, *config.secrets)
    return make_submission_dir(
        config.assignment, collected.root, config.seed, data.small, secrets, config.full, modules,
        collected.referred_files,
    )  # fmt: skip


def _report_progress(
    run: TestRun,
    config: GradingConfig,
    begin: Callable[[str], None],
    ended: Callable[[ItemRecord], None],
) -> None:
    """Report the wanted items, but not those that are judged only because others build on them."""

    def item_begins(item_id: str) -> None:
        if item_id in config.wanted:
            begin(item_id)

    def item_ended(item_id: str) -> None:
        if item_id in config.wanted:
            ended(_sum_up(config.assignment, config.assignment.item(item_id), run))

    run.begin, run.ended = item_begins, item_ended


def _item_records(
    config: GradingConfig, run: TestRun, known: Mapping[str, ItemRecord]
) -> list[ItemRecord]:
    """Return the records of the wanted items.

    Args:
        config: what is graded.
        run: the run of the rubric's tests.
        known: the records of the items that are answered by files, or scored by students' tests.
    """
    assignment = config.assignment
    return [
        known[item.id]
        if item.id in known
        else written_item(item)
        if item.kind == "written"
        else _sum_up(assignment, item, run)
        for item in assignment.items
        if item.id in config.wanted
    ]


def _rules_of_notebooks(assignment: Assignment) -> dict[str, RuleChecker]:
    return {book.path: RuleChecker.read(book.rules.as_plain()) for book in assignment.notebooks}


def _sum_up(assignment: Assignment, item: Item, run: TestRun) -> ItemRecord:
    """Return the record of an auto item from the tests that have ended so far."""
    tests = assignment.tests_of(item.id)
    results = [result for result in run.results if result.test.item == item.id]
    records = tuple(result.record for result in results)
    missing = sorted({test.node_id for test in tests} - {one.test.node_id for one in results})
    if missing:
        reason = run.failure or "the test did not run"
        return unfinished_item(item, records, missing, reason)
    weights = tuple(result.test.weight for result in results)
    # A test that follows the fault of a test that it counts with has shown work of its own.
    followed = {result.test.function: result.followed for result in results}
    conditions = {
        test.function: tuple(
            name
            for name in test.counts_with
            if name.rpartition("::")[2] not in followed[test.function]
        )
        for test in tests
    }
    records = with_conditions(records, conditions)
    return item_record(item, records, weights, run.figures.get(item.id, {}))


def submission_record(
    name: str,
    items: Sequence[ItemRecord],
    seed: int,
    seconds: float,
    isolation: Isolation,
    notices: Sequence[str] = (),
    collected: Collected | None = None,
    device: str = CPU,
    brought: Sequence[str] = (),
) -> SubmissionRecord:
    """Make the record of a submission from those of its items."""
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
        sha256="" if collected is None else collected.sha256,
        versions=versions(device),
        brought=tuple(brought),
        code_sha256="" if collected is None else collected.code_sha256,
    )
