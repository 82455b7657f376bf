"""Grade several submissions at a time in judge processes, each of which grades one after another.

A judge is forked from this process, which has imported numpy and pytest but no student code.
Successive judges use the same zygotes; each of their workers is a new process.

If something ends a judge early (a defect of the grader, a full disk, the kernel's OOM killer), this
affects only the submission that it was grading, which gets a `grader_error`. The next submission
gets a new judge.
"""

import multiprocessing
import os
import secrets
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from autograder.grading.config import PLAIN, GradingConfig
from autograder.grading.events import (
    Event,
    ItemBegins,
    ItemEnded,
    SubmissionGraded,
    decode,
)
from autograder.grading.judge_process import JudgeContext, Zygotes, work
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.run_data import RunData
from autograder.grading.task import GradingTask
from autograder.results import ItemRecord, SubmissionRecord
from autograder.sandbox.launch import Launched, launch
from autograder.sandbox.processes import descendants
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder

SUBMISSIONS_AT_MOST = 100
"""Maximum number of submissions that one judge grades. Memory that a rubric or a library keeps, and
files that it leaves open, are freed when the judge ends. A new judge costs a few per cent of the
time of these gradings."""

# What a judge may need beyond the time limits of its items, on a loaded machine.
_OVERHEAD_SECONDS = 120.0

Begin = Callable[[str, str], None]
Ended = Callable[[str, ItemRecord], None]

_fork = multiprocessing.get_context("fork")


@dataclass
class JudgeHandle:
    """A judge process, seen from the process that forked it.

    Attributes:
        context: what it grades with.
        process: the process.
        pipe: the pipe to which tasks are sent, and from which events are received.
        left: how many submissions it may still grade.
        task: the submission that it is grading, or has graded last.
        record: the record of this submission, once it has arrived.
        has_ended: whether all events of this submission have arrived.
        is_well: whether it is able to grade another submission.
    """

    context: JudgeContext
    process: Any
    pipe: Connection
    left: int = 0
    task: GradingTask | None = None
    record: SubmissionRecord | None = None
    has_ended: bool = False
    is_well: bool = True

    @classmethod
    def start(cls, context: JudgeContext) -> "JudgeHandle":
        """Fork a judge."""
        ours, theirs = _fork.Pipe()
        process = _fork.Process(target=work, args=(os.getpid(), context, ours, theirs))
        process.start()
        theirs.close()
        return cls(context, process, ours, SUBMISSIONS_AT_MOST)

    @property
    def is_fit(self) -> bool:
        """Whether it can grade another submission."""
        return self.left > 0 and self.is_well and self.process.is_alive() and self._has_zygotes

    @property
    def is_late(self) -> bool:
        """Whether it has exceeded all time limits of its submission together."""
        assert self.task is not None
        limit = self.task.config.seconds_at_most + _OVERHEAD_SECONDS
        return time.monotonic() - self.task.started > limit

    def take(self, task: GradingTask) -> None:
        """Send it a submission."""
        # Workers of several user ids traverse the outer folder; only this submission's workers know
        # the random name of the inner one.
        folder = temporary_folder("autograder-judge-") / secrets.token_hex(16)
        folder.mkdir(mode=0o700)
        self.left, self.is_well = self.left - 1, False  # until its record says otherwise
        self.task = replace(task, folder=folder, started=time.monotonic())
        self.record, self.has_ended = None, False
        try:
            self.pipe.send_bytes(self.task.encode())
        except OSError:
            pass  # it is dead, which `read_events` finds out

    def read_events(self) -> list[Event]:
        """Return the events that have arrived, and note what they say about the submission."""
        assert self.task is not None
        arrived: list[Event] = []
        try:
            while not self.has_ended and self.pipe.poll():
                for event in decode(self.pipe.recv_bytes()):
                    if isinstance(event, ItemEnded):
                        self.task.items[event.item.id] = event.item
                    elif isinstance(event, SubmissionGraded):
                        self.record = event.record
                        self.is_well, self.has_ended = event.reusable, True
                    arrived.append(event)
        except (EOFError, OSError, ValueError):
            self.has_ended = True  # the judge died before its record was whole
        return arrived

    def finish_task(self) -> bool:
        """End its submission; kill it if it sent no record. Return whether it can be kept."""
        if self.record is None:
            self.kill()
            return False
        # An error of the rubric may have left pytest in an undefined state.
        has_failed = any(item.status == "grader_error" for item in self.record.items)
        return not has_failed and self.is_fit

    def clear(self) -> None:
        """Remove the files of its submission, after all processes that use them have ended."""
        assert self.task is not None and self.task.folder is not None
        remove_temporary_folder(self.task.folder.parent)

    def result(self) -> SubmissionRecord:
        """Return the record of the last submission, or one that says why the judge gave none."""
        assert self.task is not None
        if self.record is not None:
            return self.record
        reason = f"it ended early (exit code {self.process.exitcode})"
        if not self.has_ended:
            reason = "it took longer than all time limits together"
        return self.task.ungraded(f"the judge process returned no record: {reason}")

    def kill(self) -> None:
        """End the process; it holds no data that has to be saved."""
        self.process.kill()
        self.process.join()

    def close(self) -> bool:
        """End the process; return whether its zygotes can serve another judge."""
        self.kill()
        self.pipe.close()
        return self.is_well and self._has_zygotes

    @property
    def _has_zygotes(self) -> bool:
        return all(one.process.poll() is None for one in self.context.zygotes.values())


class JudgePool:
    """The judges of one run, busy and resting, and the zygotes for the next one.

    Args:
        launched: the first zygote; others are launched like it, and `close` ends all of them.
        begin: called with the name of a submission and the id of the item whose tests begin.
        ended: called with the name of a submission and the record of an item that has ended.
    """

    def __init__(
        self,
        launched: Launched,
        begin: Begin = lambda name, item_id: None,
        ended: Ended = lambda name, item: None,
    ) -> None:
        become_subreaper()
        self._begin, self._ended = begin, ended
        self._like = launched.options
        self._not_ours = descendants(os.getpid())  # children of the caller
        self._busy: list[JudgeHandle] = []
        self._resting: list[JudgeHandle] = []  # the one first that has rested longest
        self._idle: list[dict[tuple[str, ...], Launched]] = [{PLAIN: launched}]
        self._suite: RubricSuite | None = None

    def launch_for(self, config: GradingConfig) -> None:
        """Launch the zygotes of the first judge, which import while datasets are prepared."""
        self._idle.append(self._zygotes_for(config))

    def grade(
        self, tasks: deque[GradingTask], jobs: int, data: RunData
    ) -> Generator[SubmissionRecord, None, None]:
        """Grade submissions, at most `jobs` at a time; yield each record when it is finished.

        Args:
            tasks: the submissions, taken from the left; the consumer of the records may add more.
            jobs: how many judges work at the same time.
            data: the datasets of the run.
        """
        while tasks or self._busy:
            while tasks and len(self._busy) < jobs:
                task = tasks.popleft().ready()
                judge = self._judge_for(task.config, jobs, data)
                with _ctrl_c_held_back():
                    judge.take(task)
                    self._busy.append(judge)
            wait([judge.pipe for judge in self._busy], timeout=1.0)
            for judge in list(self._busy):
                self._report(judge)
                if judge.has_ended or judge.is_late:
                    self._finish(judge)
                    yield judge.result()

    def close(self) -> None:
        """End all judges and zygotes; the caller may have stopped early."""
        for judge in list(self._busy):
            self._finish(judge)
        for judge in self._resting:
            self._retire(judge)
        self._resting.clear()
        for zygotes in self._idle:
            _close(zygotes)
        self._idle.clear()
        self._kill_strays()
        if self._suite is not None:
            self._suite.close()

    def _report(self, judge: JudgeHandle) -> None:
        assert judge.task is not None
        name = judge.task.submission.name
        for event in judge.read_events():
            if isinstance(event, ItemBegins):
                self._begin(name, event.item_id)
            elif isinstance(event, ItemEnded):
                self._ended(name, event.item)

    def _judge_for(self, config: GradingConfig, jobs: int, data: RunData) -> JudgeHandle:
        """Return a resting judge that can grade by `config`, or a new one."""
        for judge in self._resting:
            if judge.is_fit and judge.context.serves(config):
                self._resting.remove(judge)
                return judge
        if len(self._busy) + len(self._resting) >= jobs:
            self._retire(self._resting.pop(0))
        suite = self._suite_for(config)  # Ctrl-C may stop this: nothing has been taken yet
        context = JudgeContext(config, self._zygotes_for(config), data, suite)
        with _ctrl_c_held_back():
            return JudgeHandle.start(context)

    def _zygotes_for(self, config: GradingConfig) -> dict[tuple[str, ...], Launched]:
        """Return the idle zygotes that fit best, and launch those that are missing."""
        wanted = set(config.options)
        self._idle.sort(key=lambda zygotes: len(wanted & zygotes.keys()))
        zygotes = self._idle.pop() if self._idle else {}
        for options in config.options:
            if options not in zygotes:
                zygotes[options] = launch(*options, *self._like)
        return zygotes

    def _suite_for(self, config: GradingConfig) -> RubricSuite:
        """Return a suite with the tests of a configuration and of all earlier ones."""
        items, last = {item.id for item in config.judged}, self._suite
        if last is None or not items <= last.items:
            if last is not None:
                last.close()
                items |= last.items
            self._suite = last = RubricSuite(config.assignment, items)
        return last

    def _finish(self, judge: JudgeHandle) -> None:
        """End a submission, remove its files, and keep its judge for the next one if it is fit."""
        self._busy.remove(judge)
        if judge.finish_task():
            self._resting.append(judge)
        else:
            self._retire(judge)
        self._kill_strays()
        judge.clear()

    def _retire(self, judge: JudgeHandle) -> None:
        """End a judge, and keep its zygotes for the next one if they are fit."""
        zygotes = dict(judge.context.zygotes)
        if judge.close():
            self._idle.append(zygotes)
        else:
            _close(zygotes)

    def _kill_strays(self) -> None:
        """Kill processes that became children of this one: workers of a zygote that was killed."""
        judges = [*self._resting, *self._busy]
        zygotes = [*self._idle, *(judge.context.zygotes for judge in judges)]
        ours = [judge.process.pid for judge in judges] + _processes(zygotes)
        kill_descendants(spare=[*self._not_ours, *ours])


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Delay Ctrl-C, so that what has been started is known and can be ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _close(zygotes: Zygotes) -> None:
    for launched in zygotes.values():
        launched.close()


def _processes(several: Iterable[Zygotes]) -> list[int]:
    return [launched.process.pid for zygotes in several for launched in zygotes.values()]
