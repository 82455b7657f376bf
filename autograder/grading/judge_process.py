"""A judge as a process of its own, forked: what it does, and what it tells on its way.

It sends its news through a pipe, one message each: the item whose tests begin, what has come of an
item, and at the end the record, as JSON. Whatever ends it early (a defect of ours, a full disk, the
kernel's memory killer) costs its own submission a `grader_error` and no other one anything.
"""

import gc
import json
import multiprocessing
import os
import secrets
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.grading.judge import judge, submission_record
from autograder.grading.order import Order
from autograder.grading.rubric_run import Rubric
from autograder.grading.run_data import RunData
from autograder.grading.verdict import unread_item, written_item
from autograder.grading.workplace import Options
from autograder.results import (
    ItemRecord,
    Question,
    SubmissionRecord,
    from_dict,
    item_from_dict,
    item_to_dict,
    to_dict,
    write_answers,
    written_document,
)
from autograder.results.record import ItemStatus
from autograder.sandbox.cores import lease_core
from autograder.sandbox.launch import Launched
from autograder.sandbox.process import Zygote
from autograder.sandbox.reap import become_subreaper, die_with, kill_descendants
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.submission import Submission, SubmissionError, Wanted, collect

Zygotes = dict[Options, Launched]

_BEGINS, _ENDED, _RECORD = b"begins ", b"ended ", b"record "
_fork = multiprocessing.get_context("fork")


@dataclass
class JudgeProcess:
    """A judge at work.

    Attributes:
        order: what of the submission it grades.
        submission: what it grades.
        zygotes: what its workers come from.
        started: when, on the clock of `time.monotonic`.
        record: what it has found, once it has said so.
        has_ended: whether nothing more will come from it.
        items: what has come of the items that have ended so far, by id.
    """

    order: Order
    submission: Submission
    zygotes: Zygotes
    process: Any
    pipe: Connection
    folder: Path
    started: float = field(default_factory=time.monotonic)
    record: SubmissionRecord | None = None
    has_ended: bool = False
    items: dict[str, ItemRecord] = field(default_factory=dict)

    def read_news(self) -> list[str | ItemRecord]:
        """Read what has come: the ids of items that have begun, and items that have ended."""
        told: list[str | ItemRecord] = []
        try:
            while not self.has_ended and self.pipe.poll():
                news = self.pipe.recv_bytes()
                if news.startswith(_BEGINS):
                    told.append(news.removeprefix(_BEGINS).decode())
                elif news.startswith(_ENDED):
                    item = item_from_dict(json.loads(news.removeprefix(_ENDED)))
                    self.items[item.id] = item
                    told.append(item)
                else:
                    self.record = from_dict(json.loads(news.removeprefix(_RECORD)))
                    self.has_ended = True
        except (EOFError, OSError, ValueError, AutograderError):
            self.has_ended = True  # it died before its record was whole
        return told

    def end(self) -> bool:
        """End it and remove its files; whether its zygotes can serve another judge."""
        if self.record is None:
            self.process.kill()
        self.process.join()
        self.pipe.close()
        remove_temporary_folder(self.folder.parent)
        alive = all(launched.process.poll() is None for launched in self.zygotes.values())
        return self.record is not None and alive


def start_judge(
    order: Order, submission: Submission, zygotes: Zygotes, data: RunData, rubric: Rubric
) -> JudgeProcess:
    """Fork a judge for one submission."""
    # Workers of several ids have to pass through to it, and nobody else: its name is the key.
    folder = temporary_folder("autograder-judge-") / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    ours, theirs = _fork.Pipe(duplex=False)
    words = (os.getpid(), order, submission, folder, zygotes, data, rubric, theirs)
    process = _fork.Process(target=_work, args=words)
    process.start()
    theirs.close()
    return JudgeProcess(order, submission, zygotes, process, ours, folder)


def wanted_of(assignment: Assignment) -> Wanted:
    """Return what is collected of a submission."""
    return Wanted(
        packages=tuple(package.path for package in assignment.packages),
        notebooks=tuple(notebook.path for notebook in assignment.notebooks),
        patterns=assignment.submission_files,
    )


def unread_record(
    order: Order,
    submission: Submission,
    message: str,
    status: ItemStatus,
    started: float,
    known: Mapping[str, ItemRecord] = MappingProxyType({}),
) -> SubmissionRecord:
    """The record of a submission whose tests could not be run, but for items that are known."""
    items = [
        written_item(item)
        if item.kind == "written"
        else known.get(item.id) or unread_item(item, message, status)
        for item in order.assignment.items
        if item.id in order.wanted
    ]
    seconds = time.monotonic() - started
    return submission_record(submission.name, items, order.seed, seconds, order.isolation)


def _work(
    parent: int,
    order: Order,
    submission: Submission,
    folder: Path,
    launched: Zygotes,
    data: RunData,
    rubric: Rubric,
    pipe: Connection,
) -> None:
    """The judge process."""
    # Ctrl-C is for whoever has started this process to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()  # a collection would go through, and so copy, all that was there before the fork
    die_with(parent)  # nobody would read its record
    become_subreaper()
    started = time.monotonic()
    core = lease_core()
    # Notebooks compute for long, so only workers of plain items are kept on the judge's core.
    zygotes = {options: Zygote(one, None if options else core) for options, one in launched.items()}
    known: dict[str, ItemRecord] = {}
    try:
        record = _grade(order, submission, folder, zygotes, data, rubric, pipe, started, known)
    except Exception as error:  # a defect of ours must end in a record, not in a traceback
        message = f"{type(error).__name__}: {error}"
        record = unread_record(order, submission, message, "grader_error", started, known)
    finally:
        kill_descendants()  # a zygote that replaced one which student code had killed
    pipe.send_bytes(_RECORD + json.dumps(to_dict(record)).encode())


def _grade(
    order: Order,
    submission: Submission,
    folder: Path,
    zygotes: Mapping[Options, Zygote],
    data: RunData,
    rubric: Rubric,
    pipe: Connection,
    started: float,
    known: dict[str, ItemRecord],
) -> SubmissionRecord:
    try:
        collected = collect(submission, wanted_of(order.assignment), folder / "submission")
    except SubmissionError as error:
        _keep_answers(order, submission.name, None)
        return unread_record(order, submission, str(error), "failed", started)
    _keep_answers(order, submission.name, collected.root)

    last = ""

    def begin(item_id: str) -> None:
        nonlocal last
        if item_id != last:  # each message wakes the process that asked
            last = item_id
            pipe.send_bytes(_BEGINS + item_id.encode())

    def ended(item: ItemRecord) -> None:
        known[item.id] = item
        pipe.send_bytes(_ENDED + json.dumps(item_to_dict(item)).encode())

    return judge(order, submission.name, collected, zygotes, data, rubric, begin, ended)


def _keep_answers(order: Order, name: str, root: Path | None) -> None:
    titles = {problem.id: problem.title for problem in order.assignment.problems}
    questions = [
        Question(item.id, item.title, item.points, titles[item.problem], item.notebook)
        for item in order.assignment.written_items
        if item.id in order.wanted
    ]
    if order.results is not None and questions:
        about = (order.assignment.id, order.assignment.title)
        write_answers(order.results, written_document(*about, name, questions, root))
