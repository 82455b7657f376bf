"""Run a judge process: grade one submission after another, and report events (events.py).

The process is forked by judge_pool.py. It receives tasks and sends events through one pipe.
"""

import gc
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from autograder.assignment import Assignment
from autograder.grading.config import GradingConfig
from autograder.grading.events import Event, ItemBegins, ItemEnded, SubmissionGraded, encode
from autograder.grading.interpreter_state import as_it_was
from autograder.grading.item_records import is_unfinished
from autograder.grading.judge import judge
from autograder.grading.memory import keep_freed_memory
from autograder.grading.released_files import put_released_files
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData
from autograder.grading.submission_dir import Options
from autograder.grading.task import GradingTask, shared_part
from autograder.results import (
    UNREAD,
    FileRules,
    ItemRecord,
    Question,
    SubmissionRecord,
    write_answers,
    written_document,
)
from autograder.sandbox.client import Zygote
from autograder.sandbox.cores import lease_core
from autograder.sandbox.launch import Launched
from autograder.sandbox.reap import become_subreaper, die_with, kill_descendants
from autograder.submission import SubmissionError, UnreadableError, Wanted, collect

Zygotes = Mapping[Options, Launched]


@dataclass(frozen=True)
class JudgeContext:
    """What a judge process inherits from the process that forked it, for all of its submissions.

    Attributes:
        config: what is graded, except for the fields that come with each submission.
        zygotes: the zygotes of its workers, by their options.
        data: the datasets.
        suite: the collected tests.
    """

    config: GradingConfig
    zygotes: Zygotes
    data: RunData
    suite: RubricSuite

    def serves(self, config: GradingConfig) -> bool:
        """Return whether a judge with this context can grade by a configuration."""
        return (
            shared_part(config) == shared_part(self.config)
            and self.suite.items.issuperset(item.id for item in config.judged)
            and self.zygotes.keys() >= set(config.options)
        )


def work(parent: int, context: JudgeContext, far_end: Connection, pipe: Connection) -> None:
    """Grade submissions until the pipe is closed.

    Args:
        parent: the id of the process that forked this one.
        context: what the judge grades with.
        far_end: the parent's end of the pipe, which a fork inherits.
        pipe: this process's end, from which it receives tasks and to which it sends events.
    """
    # The process that forked this one handles Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    gc.freeze()  # a collection would visit, and so copy, all objects from before the fork
    keep_freed_memory()
    die_with(parent)  # without the parent, its records would not be read
    become_subreaper()
    far_end.close()
    for task in _tasks(pipe, context.config):
        pipe.send_bytes(encode(_grade_and_restore(task, context, pipe)))


def wanted_of(assignment: Assignment) -> Wanted:
    """Return what is collected from a submission."""
    return Wanted(
        packages=tuple(one.path for one in assignment.packages if not one.is_module),
        notebooks=tuple(notebook.path for notebook in assignment.notebooks),
        patterns=assignment.submission_files,
        modules=_modules(assignment),
        single_modules=tuple(one.path for one in assignment.packages if one.is_module),
        answers=tuple(
            pattern
            for item in assignment.items
            if item.requested is not None
            for pattern in item.requested.patterns
        ),
    )


def _modules(assignment: Assignment) -> tuple[str, ...]:
    """Return the paths of the modules that students are given, as far as they are known here."""
    for root in (assignment.release_folder, assignment.solutions):
        found = [
            file.relative_to(root).as_posix()
            for package in assignment.packages
            if not package.is_module
            for file in package.files_in(root)
            if file.suffix == ".py"
        ]
        if found:
            return tuple(sorted(found))
    return ()


def _tasks(pipe: Connection, config: GradingConfig) -> Iterator[GradingTask]:
    while True:
        try:
            message = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        yield GradingTask.decode(message, config)


def _grade_and_restore(
    task: GradingTask, context: JudgeContext, pipe: Connection
) -> SubmissionGraded:
    """Grade one submission, and restore the previous state of this process.

    The returned event also says whether this process and its zygotes can serve another submission.
    """
    core = lease_core()
    # Notebooks compute for a long time, so only workers of plain items stay on the judge's core.
    zygotes = {
        options: Zygote(launched, None if options else core)
        for options, launched in context.zygotes.items()
    }
    is_well = False
    try:
        with as_it_was():
            record = _grade(task, context, zygotes, pipe)
        is_well = all(
            zygotes[options].pid == launched.process.pid
            for options, launched in context.zygotes.items()
        )
    except Exception as error:  # a defect of the grader ends in a record, not in a traceback
        record = task.ungraded(f"{type(error).__name__}: {error}")
    finally:
        kill_descendants()  # such as a zygote that replaced one killed by student code
        if core is not None:
            core.give_back()
    gc.collect()  # the traceback of a failed test keeps its variables, such as a large array
    return SubmissionGraded(record, is_well)


def _grade(
    task: GradingTask,
    context: JudgeContext,
    zygotes: Mapping[Options, Zygote],
    pipe: Connection,
) -> SubmissionRecord:
    config, submission = task.config, task.submission
    assert task.folder is not None  # every task has one by the time a judge gets it
    try:
        collected = collect(submission, wanted_of(config.assignment), task.folder / "submission")
    except SubmissionError as error:
        _keep_answers(config, submission.name, None)
        record = task.ungraded(str(error), "failed")
        is_unread = isinstance(error, UnreadableError)
        return replace(record, notices=(UNREAD,)) if is_unread else record
    # Before the answers are stored, because they may show pictures of the release.
    put_released_files(config.assignment, collected.root, context.data.files)
    _keep_answers(config, submission.name, collected.root)

    begun: set[str] = set()
    unsent: list[Event] = []  # each message wakes the process that reads it

    def send() -> None:
        if unsent:
            pipe.send_bytes(encode(*unsent))
            unsent.clear()

    def begin(item_id: str) -> None:
        if item_id not in begun:
            begun.add(item_id)
            unsent.append(ItemBegins(item_id))
        send()

    def ended(item: ItemRecord) -> None:
        task.items[item.id] = item
        unsent.append(ItemEnded(item))
        if not is_unfinished(item):  # otherwise it can wait for the next item to begin
            send()

    data, suite = context.data, context.suite
    return judge(config, submission.name, collected, zygotes, data, suite, begin, ended)


def _keep_answers(config: GradingConfig, name: str, root: Path | None) -> None:
    titles = {problem.id: problem.title for problem in config.assignment.problems}
    questions = [
        Question(
            item.id, item.title, item.points, titles[item.problem], item.notebook, item.extra,
            None if item.requested is None else FileRules(**vars(item.requested)),
        )
        for item in config.assignment.written_items
        if item.id in config.wanted
    ]  # fmt: skip
    if config.results is not None and questions:
        about = (config.assignment.id, config.assignment.title)
        release = config.assignment.release_folder
        document = written_document(*about, name, questions, root, release)
        write_answers(config.results, document)
