"""Grade several submissions, each in a judge process of its own.

A judge is forked from this process, which has imported numpy, pytest and nothing of a student's.
It hands its record back as JSON through a pipe. Whatever ends a judge early (a defect of ours, a
full disk, the kernel's memory killer) costs its own submission a `grader_error` and no other one
anything.
"""

import json
import multiprocessing
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.grading.judge import judge, submission_record
from autograder.grading.verdict import unread_item, written_item
from autograder.results import SubmissionRecord, from_dict, to_dict
from autograder.results.record import ItemStatus
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.submission import Submission, SubmissionError, collect

# What a judge may need beside the time limits of its items, on a loaded machine.
_OVERHEAD_SECONDS = 120.0

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Order:
    """What is to be graded, the same for every submission of a run.

    Attributes:
        assignment: the assignment.
        wanted: ids of the items, auto and written.
        seed: the number that every random draw comes from.
    """

    assignment: Assignment
    wanted: tuple[str, ...]
    seed: int


@dataclass
class _Judge:
    """A judge process at work."""

    submission: Submission
    process: Any
    pipe: Connection
    folder: Path
    started: float


def grade_all(
    order: Order, submissions: Sequence[Submission], jobs: int
) -> Iterator[SubmissionRecord]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished."""
    waiting = list(reversed(submissions))
    working: list[_Judge] = []
    try:
        while waiting or working:
            while waiting and len(working) < jobs:
                working.append(_start(order, waiting.pop()))
            wait([judge.pipe for judge in working], timeout=1.0)
            limit = _seconds_at_most(order)
            for one in list(working):
                late = time.monotonic() - one.started > limit
                if one.pipe.poll() or late:
                    working.remove(one)
                    yield _finish(order, one, late and not one.pipe.poll())
    finally:
        for one in working:  # the caller has stopped early
            _finish(order, one, late=True)


def _seconds_at_most(order: Order) -> float:
    items = [item for item in order.assignment.auto_items if item.id in order.wanted]
    return sum(item.timeout_s for item in items) + _OVERHEAD_SECONDS


def _start(order: Order, submission: Submission) -> _Judge:
    folder = Path(tempfile.mkdtemp(prefix="autograder-judge-"))
    ours, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_work, args=(order, submission, folder, theirs))
    process.start()
    theirs.close()
    return _Judge(submission, process, ours, folder, time.monotonic())


def _work(order: Order, submission: Submission, folder: Path, pipe: Connection) -> None:
    """The judge process."""
    become_subreaper()
    started = time.monotonic()
    try:
        record = _grade(order, submission, folder, started)
    except Exception as error:  # a defect of ours must end in a record, not in a traceback
        record = _unread(
            order, submission, f"{type(error).__name__}: {error}", "grader_error", started
        )
    finally:
        kill_descendants()
    pipe.send_bytes(json.dumps(to_dict(record)).encode())


def _grade(order: Order, submission: Submission, folder: Path, started: float) -> SubmissionRecord:
    packages = [package.path for package in order.assignment.packages]
    try:
        collected = collect(submission, packages, folder / "submission")
    except SubmissionError as error:
        return _unread(order, submission, str(error), "failed", started)
    return judge(order.assignment, submission.name, collected, order.wanted, order.seed)


def _finish(order: Order, one: _Judge, late: bool) -> SubmissionRecord:
    record = None
    if not late:
        try:
            record = from_dict(json.loads(one.pipe.recv_bytes()))
        except (EOFError, OSError, ValueError, AutograderError):
            pass  # the judge died before its record was whole
    if late:
        one.process.kill()
    one.process.join()
    one.pipe.close()
    shutil.rmtree(one.folder, ignore_errors=True)
    if record is not None:
        return record
    reason = (
        "it took longer than all time limits together"
        if late
        else (f"it ended early (exit code {one.process.exitcode})")
    )
    return _unread(
        order, one.submission, f"the judge process gave no record: {reason}", "grader_error",
        one.started,
    )  # fmt: skip


def _unread(
    order: Order, submission: Submission, message: str, status: ItemStatus, started: float
) -> SubmissionRecord:
    items = [
        written_item(item) if item.kind == "written" else unread_item(item, message, status)
        for item in order.assignment.items
        if item.id in order.wanted
    ]
    seconds = time.monotonic() - started
    return submission_record(submission.name, items, order.seed, seconds)
