"""Grade several submissions, each in a judge process of its own.

A judge is forked from this process, which has imported numpy, pytest and nothing of a student's.
It hands its record back as JSON through a pipe. Whatever ends a judge early (a defect of ours, a
full disk, the kernel's memory killer) costs its own submission a `grader_error` and no other one
anything. Judges that follow each other use the same zygote; each of its workers is a new one.
"""

import json
import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.grading.isolation import Policy
from autograder.grading.judge import judge, submission_record
from autograder.grading.verdict import unread_item, written_item
from autograder.results import Isolation, SubmissionRecord, from_dict, to_dict
from autograder.results.record import ItemStatus
from autograder.sandbox.cores import lease_core
from autograder.sandbox.identity import remove_tree, temporary_folder
from autograder.sandbox.launch import Launched, launch
from autograder.sandbox.process import Zygote
from autograder.sandbox.processes import descendants
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
        policy: what is asked of the workers that student code runs in.
        isolation: what results say about it.
    """

    assignment: Assignment
    wanted: tuple[str, ...]
    seed: int
    policy: Policy
    isolation: Isolation


@dataclass
class _Judge:
    """A judge process at work, and the zygote that it uses."""

    submission: Submission
    process: Any
    pipe: Connection
    folder: Path
    started: float
    launched: Launched


def grade_all(
    order: Order, submissions: Sequence[Submission], jobs: int, launched: Launched
) -> Iterator[SubmissionRecord]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished.

    Args:
        order: what is to be graded.
        submissions: what was handed in.
        jobs: judges at work at the same time.
        launched: the first zygote; others are launched like it, and all are ended.
    """
    become_subreaper()
    others = descendants(os.getpid())  # children of the caller's that are none of our business
    waiting = list(reversed(submissions))
    working: list[_Judge] = []
    idle = [launched]
    limit = _seconds_at_most(order)
    try:
        while waiting or working:
            while waiting and len(working) < jobs:
                zygote = idle.pop() if idle else launch(*launched.options)
                working.append(_start(order, waiting.pop(), zygote))
            wait([one.pipe for one in working], timeout=1.0)
            for one in list(working):
                late = time.monotonic() - one.started > limit
                if not one.pipe.poll() and not late:
                    continue
                working.remove(one)
                record = _finish(one, working, idle)
                _kill_strays(working, idle, others)
                reason = (
                    "it took longer than all time limits together"
                    if late
                    else (f"it ended early (exit code {one.process.exitcode})")
                )
                yield record or _unread(
                    order, one.submission, f"the judge process gave no record: {reason}",
                    "grader_error", one.started,
                )  # fmt: skip
    finally:
        for one in list(working):  # the caller has stopped early
            working.remove(one)
            _finish(one, working, idle)
        for zygote in idle:
            zygote.close()
        _kill_strays([], [], others)


def _seconds_at_most(order: Order) -> float:
    items = [item for item in order.assignment.auto_items if item.id in order.wanted]
    return sum(item.timeout_s for item in items) + _OVERHEAD_SECONDS


def _start(order: Order, submission: Submission, launched: Launched) -> _Judge:
    folder = temporary_folder("autograder-judge-")
    ours, theirs = _fork.Pipe(duplex=False)
    process = _fork.Process(target=_work, args=(order, submission, folder, launched, theirs))
    process.start()
    theirs.close()
    return _Judge(submission, process, ours, folder, time.monotonic(), launched)


def _work(
    order: Order, submission: Submission, folder: Path, launched: Launched, pipe: Connection
) -> None:
    """The judge process."""
    become_subreaper()
    started = time.monotonic()
    try:
        record = _grade(order, submission, folder, launched, started)
    except Exception as error:  # a defect of ours must end in a record, not in a traceback
        record = _unread(
            order, submission, f"{type(error).__name__}: {error}", "grader_error", started
        )
    finally:
        kill_descendants()  # a zygote that replaced one which student code had killed
    pipe.send_bytes(json.dumps(to_dict(record)).encode())


def _grade(
    order: Order, submission: Submission, folder: Path, launched: Launched, started: float
) -> SubmissionRecord:
    packages = [package.path for package in order.assignment.packages]
    try:
        collected = collect(submission, packages, folder / "submission")
    except SubmissionError as error:
        return _unread(order, submission, str(error), "failed", started)
    return judge(
        order.assignment,
        submission.name,
        collected,
        order.wanted,
        order.seed,
        Zygote(launched, lease_core()),
        order.policy,
        order.isolation,
    )


def _finish(
    one: _Judge, working: Sequence[_Judge], idle: list[Launched]
) -> SubmissionRecord | None:
    """Take a judge's record, end it, and keep its zygote for the next one if all went well."""
    record = None
    try:
        if one.pipe.poll():
            record = from_dict(json.loads(one.pipe.recv_bytes()))
    except (EOFError, OSError, ValueError, AutograderError):
        pass  # the judge died before its record was whole
    if record is None:
        one.process.kill()
    one.process.join()
    if record is not None and one.launched.process.poll() is None:
        idle.append(one.launched)
    else:
        one.launched.close()
    one.pipe.close()
    remove_tree(str(one.folder))
    return record


def _kill_strays(
    working: Sequence[_Judge], idle: Sequence[Launched], others: Iterable[int]
) -> None:
    """Kill what has become ours: the workers of a zygote that student code has killed."""
    judges = [one.process.pid for one in working]
    zygotes = [one.launched.process.pid for one in working]
    kill_descendants(spare=[*others, *judges, *zygotes, *(one.process.pid for one in idle)])


def _unread(
    order: Order, submission: Submission, message: str, status: ItemStatus, started: float
) -> SubmissionRecord:
    items = [
        written_item(item) if item.kind == "written" else unread_item(item, message, status)
        for item in order.assignment.items
        if item.id in order.wanted
    ]
    seconds = time.monotonic() - started
    return submission_record(submission.name, items, order.seed, seconds, order.isolation)
