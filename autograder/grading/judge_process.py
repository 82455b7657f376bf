"""What a judge process does: it grades submissions one after another, and tells on its way.

It takes errands from a pipe and sends its news back, in lists, as JSON: the item whose tests begin,
what has come of an item, and at the end the record.
"""

import gc
import json
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment import Assignment
from autograder.grading.config import GradingConfig
from autograder.grading.errand import Errand, Outfit
from autograder.grading.interpreter_state import as_it_was
from autograder.grading.item_records import item_so_far, written_item
from autograder.grading.judge import judge, submission_record
from autograder.grading.memory import keep_freed_memory
from autograder.grading.released_files import put_released_files
from autograder.grading.submission_dir import Options
from autograder.results import (
    UNREAD,
    ItemRecord,
    Question,
    SubmissionRecord,
    item_to_dict,
    to_dict,
    write_answers,
    written_document,
)
from autograder.results.record import ItemStatus
from autograder.sandbox.client import Zygote
from autograder.sandbox.cores import lease_core
from autograder.sandbox.reap import become_subreaper, die_with, kill_descendants
from autograder.submission import Submission, SubmissionError, UnreadableError, Wanted, collect


def work(parent: int, outfit: Outfit, far_end: Connection, pipe: Connection) -> None:
    """Be a judge until nobody can send errands any more.

    Args:
        parent: the id of the process that has forked this one.
        outfit: what it grades by.
        far_end: the parent's end of the pipe, which a fork inherits.
        pipe: where errands come from, and news go to.
    """
    # Ctrl-C is for whoever has started this process to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()  # a collection would go through, and so copy, all that was there before the fork
    keep_freed_memory()
    die_with(parent)  # nobody would read its records
    become_subreaper()
    far_end.close()
    for errand in _errands(pipe):
        record, is_well = _do(errand, outfit, pipe)
        _tell(pipe, {"record": to_dict(record), "is well": is_well})


def wanted_of(assignment: Assignment) -> Wanted:
    """Return what is collected of a submission."""
    return Wanted(
        packages=tuple(package.path for package in assignment.packages),
        notebooks=tuple(notebook.path for notebook in assignment.notebooks),
        patterns=assignment.submission_files,
        modules=_modules(assignment),
    )


def _modules(assignment: Assignment) -> tuple[str, ...]:
    """Return the paths of the modules that students are given, as far as that is known here."""
    for root in (assignment.release_folder, assignment.solutions):
        found = [
            file.relative_to(root).as_posix()
            for package in assignment.packages
            for file in (root / package.path).rglob("*.py")
        ]
        if found:
            return tuple(sorted(found))
    return ()


def unread_record(
    config: GradingConfig,
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
        else item_so_far(known.get(item.id), item, message, status)
        for item in config.assignment.items
        if item.id in config.wanted
    ]
    seconds = time.monotonic() - started
    return submission_record(submission.name, items, config.seed, seconds, config.isolation)


def _errands(pipe: Connection) -> Iterator[Errand]:
    while True:
        try:
            data = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        yield Errand.unpacked(data)


def _tell(pipe: Connection, *news: dict[str, Any]) -> None:
    pipe.send_bytes(json.dumps(news).encode())


def _do(errand: Errand, outfit: Outfit, pipe: Connection) -> tuple[SubmissionRecord, bool]:
    """Grade one submission, and leave this process as it was before.

    Returns:
        The record, and whether this process and its zygotes can serve another submission.
    """
    started, config = time.monotonic(), errand.config(outfit.config)
    core = lease_core()
    # Notebooks compute for long, so only workers of plain items are kept on the judge's core.
    zygotes = {
        options: Zygote(launched, None if options else core)
        for options, launched in outfit.zygotes.items()
    }
    known: dict[str, ItemRecord] = {}
    is_well = False
    try:
        with as_it_was():
            record = _grade(config, errand, outfit, zygotes, pipe, known)
        is_well = all(
            zygotes[options].process == launched.process.pid
            for options, launched in outfit.zygotes.items()
        )
    except Exception as error:  # a defect of ours must end in a record, not in a traceback
        message = f"{type(error).__name__}: {error}"
        record = unread_record(config, errand.submission, message, "grader_error", started, known)
    finally:
        kill_descendants()  # a zygote that replaced one which student code had killed
        if core is not None:
            core.give_back()
    gc.collect()  # what a test that failed was at, such as a large array, its traceback has kept
    return record, is_well


def _grade(
    config: GradingConfig,
    errand: Errand,
    outfit: Outfit,
    zygotes: Mapping[Options, Zygote],
    pipe: Connection,
    known: dict[str, ItemRecord],
) -> SubmissionRecord:
    started, submission = time.monotonic(), errand.submission
    try:
        collected = collect(submission, wanted_of(config.assignment), errand.folder / "submission")
    except SubmissionError as error:
        _keep_answers(config, submission.name, None)
        record = unread_record(config, submission, str(error), "failed", started)
        is_unread = isinstance(error, UnreadableError)
        return replace(record, notices=(UNREAD,)) if is_unread else record
    put_released_files(
        config.assignment, collected.root
    )  # before the answers: pictures are in them
    _keep_answers(config, submission.name, collected.root)

    begun: set[str] = set()
    unsent: list[dict[str, Any]] = []  # each message wakes the process that reads it

    def begin(item_id: str) -> None:
        if item_id not in begun:
            begun.add(item_id)
            unsent.append({"begins": item_id})
        if unsent:
            _tell(pipe, *unsent)
            unsent.clear()

    def ended(item: ItemRecord) -> None:
        known[item.id] = item
        unsent.append({"ended": item_to_dict(item)})  # with what begins next, or in the record

    data, rubric = outfit.data, outfit.rubric
    return judge(config, submission.name, collected, zygotes, data, rubric, begin, ended)


def _keep_answers(config: GradingConfig, name: str, root: Path | None) -> None:
    titles = {problem.id: problem.title for problem in config.assignment.problems}
    questions = [
        Question(item.id, item.title, item.points, titles[item.problem], item.notebook)
        for item in config.assignment.written_items
        if item.id in config.wanted
    ]
    if config.results is not None and questions:
        about = (config.assignment.id, config.assignment.title)
        release = config.assignment.release_folder
        document = written_document(*about, name, questions, root, release)
        write_answers(config.results, document)
