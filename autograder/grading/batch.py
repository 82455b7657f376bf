"""Grade several submissions, each in a judge process of its own.

A judge is forked from this process, which has imported numpy, pytest and nothing of a student's.
Judges that follow each other use the same zygotes; each of their workers is a new one.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait

from autograder.grading.judge_process import JudgeProcess, Zygotes, start_judge, unread_record
from autograder.grading.order import Order
from autograder.grading.rubric_run import Rubric
from autograder.grading.run_data import RunData, run_data
from autograder.results import ItemRecord, SubmissionRecord
from autograder.sandbox.launch import Launched, launch
from autograder.sandbox.processes import descendants
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.submission import Submission

# What a judge may need beside the time limits of its items, on a loaded machine.
_OVERHEAD_SECONDS = 120.0

Begin = Callable[[str, str], None]
Ended = Callable[[str, ItemRecord], None]


@dataclass(frozen=True)
class Task:
    """A submission with an order of its own.

    Attributes:
        order: what of it is graded.
        submission: what was handed in; its name is unique in the run.
        make: puts it where it is said to be, right before it is graded.
    """

    order: Order
    submission: Submission
    make: Callable[[], None] = lambda: None


def grade_all(
    order: Order,
    submissions: Sequence[Submission],
    jobs: int,
    launched: Launched,
    begin: Begin = lambda name, item_id: None,
    ended: Ended = lambda name, item: None,
) -> Iterator[SubmissionRecord]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished.

    Args:
        order: what is to be graded.
        submissions: what was handed in.
        jobs: judges at work at the same time.
        launched: the first zygote; others are launched like it, and all are ended.
        begin: is told the name of a submission and the id of its item whose tests begin.
        ended: is told the name of a submission and what has come of an item.

    Raises:
        AutograderError: a data set that the run takes cannot be had.
    """
    tasks = deque(Task(order, submission) for submission in submissions)
    become_subreaper()
    run = _Run(launched, begin, ended)
    try:
        run.launch_for(order)  # they import what they need while data sets are got ready
        with run_data(order) as data:
            yield from run.grade(tasks, jobs, data)
    finally:
        run.end()


def grade_tasks(
    tasks: deque[Task],
    data: RunData,
    jobs: int,
    launched: Launched,
    begin: Begin = lambda name, item_id: None,
) -> Generator[SubmissionRecord, None, None]:
    """Grade submissions that have orders of their own, as `grade_all` does.

    Args:
        tasks: taken from the left; whoever reads the records may add to them.
        data: the data sets that they take.
        jobs: judges at work at the same time.
        launched: the first zygote; others are launched like it, and all are ended.
        begin: is told the name of a submission and the id of its item whose tests begin.
    """
    become_subreaper()
    run = _Run(launched, begin)
    try:
        yield from run.grade(tasks, jobs, data)
    finally:
        run.end()


class _Run:
    """One run: its judges at work, and the zygotes that are free."""

    def __init__(
        self, launched: Launched, begin: Begin, ended: Ended = lambda name, item: None
    ) -> None:
        self.begin, self.ended = begin, ended
        self._like = launched.options
        # Children of the caller's that are none of our business.
        self._others = descendants(os.getpid())
        self._working: list[JudgeProcess] = []
        self._idle: list[Zygotes] = [{(): launched}]
        self._rubric: Rubric | None = None

    def launch_for(self, order: Order) -> None:
        """Launch what the first judge's workers come from."""
        self._idle.append(self._zygotes_for(order))

    def grade(self, tasks: deque[Task], jobs: int, data: RunData) -> Iterator[SubmissionRecord]:
        """Keep `jobs` judges at work until nothing is left."""
        while tasks or self._working:
            while tasks and len(self._working) < jobs:
                task = tasks.popleft()
                task.make()
                rubric = self._rubric_for(task.order)  # may be stopped: nothing is taken yet
                zygotes = self._zygotes_for(task.order)
                with _ctrl_c_held_back():
                    judge = start_judge(task.order, task.submission, zygotes, data, rubric)
                    self._working.append(judge)
            wait([one.pipe for one in self._working], timeout=1.0)
            for one in list(self._working):
                for news in one.read_news():
                    self._pass_on(one.submission.name, news)
                if one.has_ended or _is_late(one):
                    self._finish(one)
                    yield one.record or _explain(one)

    def _pass_on(self, name: str, news: str | ItemRecord) -> None:
        if isinstance(news, str):
            self.begin(name, news)
        else:
            self.ended(name, news)

    def end(self) -> None:
        """End all judges and zygotes; the caller may have stopped early."""
        for one in list(self._working):
            self._finish(one)
        for zygotes in self._idle:
            _close(zygotes)
        self._idle.clear()
        self._kill_strays()
        if self._rubric is not None:
            self._rubric.close()

    def _zygotes_for(self, order: Order) -> Zygotes:
        """What a judge's workers come from: those that are free, and others like the first."""
        wanted = set(order.options)
        self._idle.sort(key=lambda zygotes: len(wanted & zygotes.keys()))
        zygotes = self._idle.pop() if self._idle else {}
        for options in order.options:
            if options not in zygotes:
                zygotes[options] = launch(*options, *self._like)
        return zygotes

    def _rubric_for(self, order: Order) -> Rubric:
        """The tests that an order takes, and those that earlier ones have taken."""
        items, last = set(order.auto_wanted), self._rubric
        if last is None or not items <= last.items:
            if last is not None:
                last.close()
                items |= last.items
            self._rubric = last = Rubric(order.assignment, items)
        return last

    def _finish(self, one: JudgeProcess) -> None:
        """End a judge, and keep its zygotes for the next one if all went well."""
        self._working.remove(one)
        if one.end():
            self._idle.append(one.zygotes)
        else:
            _close(one.zygotes)
        self._kill_strays()

    def _kill_strays(self) -> None:
        """Kill what has become ours: the workers of a zygote that student code has killed."""
        judges = [one.process.pid for one in self._working]
        zygotes = _processes(self._idle) + _processes(one.zygotes for one in self._working)
        kill_descendants(spare=[*self._others, *judges, *zygotes])


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let a signal come later, so that what has been started is known and can be ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_late(one: JudgeProcess) -> bool:
    return time.monotonic() - one.started > one.order.seconds_at_most + _OVERHEAD_SECONDS


def _explain(one: JudgeProcess) -> SubmissionRecord:
    reason = f"it ended early (exit code {one.process.exitcode})"
    if not one.has_ended:
        reason = "it took longer than all time limits together"
    message = f"the judge process gave no record: {reason}"
    return unread_record(one.order, one.submission, message, "grader_error", one.started, one.items)


def _close(zygotes: Zygotes) -> None:
    for launched in zygotes.values():
        launched.close()


def _processes(several: Iterable[Zygotes]) -> list[int]:
    return [launched.process.pid for zygotes in several for launched in zygotes.values()]
