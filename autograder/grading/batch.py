"""Grade several submissions by judge processes, each of which grades one after another.

A judge is forked from this process, which has imported numpy, pytest and nothing of a student's.
Judges that follow each other use the same zygotes; each of their workers is a new one.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import wait

from autograder.grading.config import GradingConfig
from autograder.grading.errand import Outfit, Zygotes
from autograder.grading.judge_pool import Case, Judge, start_judge
from autograder.grading.judge_process import unread_record
from autograder.grading.rubric_suite import RubricSuite
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
SeedOf = Callable[[Submission], int]


@dataclass(frozen=True)
class Task:
    """A submission with an order of its own.

    Attributes:
        config: what of it is graded.
        submission: what was handed in; its name is unique in the run.
        make: puts it where it is said to be, right before it is graded.
        seed_of: the seed of a submission; None where it is the order's.
    """

    config: GradingConfig
    submission: Submission
    make: Callable[[], None] = lambda: None
    seed_of: SeedOf | None = None

    def ready(self) -> "Task":
        """Return the task with its submission in its place and its seed in its order.

        Both take a moment for each submission, so nobody does it for a whole class in advance.
        """
        self.make()
        if self.seed_of is None:
            return self
        config = replace(self.config, seed=self.seed_of(self.submission))
        return Task(config, self.submission)


def grade_all(
    config: GradingConfig,
    submissions: Sequence[Submission],
    jobs: int,
    launched: Launched,
    begin: Begin = lambda name, item_id: None,
    ended: Ended = lambda name, item: None,
    seed_of: SeedOf | None = None,
) -> Iterator[SubmissionRecord]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished.

    Args:
        config: what is to be graded.
        submissions: what was handed in.
        jobs: judges at work at the same time.
        launched: the first zygote; others are launched like it, and all are ended.
        begin: is told the name of a submission and the id of its item whose tests begin.
        ended: is told the name of a submission and what has come of an item.
        seed_of: the seed of a submission; None where all have the order's.

    Raises:
        AutograderError: a data set that the run takes cannot be had.
    """
    tasks = deque(Task(config, submission, seed_of=seed_of) for submission in submissions)
    become_subreaper()
    run = _Run(launched, begin, ended)
    try:
        run.launch_for(config)  # they import what they need while data sets are got ready
        with run_data(config) as data:
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
    """One run: submissions in the hands of judges, judges at rest, and zygotes that are free."""

    def __init__(
        self, launched: Launched, begin: Begin, ended: Ended = lambda name, item: None
    ) -> None:
        self.begin, self.ended = begin, ended
        self._like = launched.options
        # Children of the caller's that are none of our business.
        self._others = descendants(os.getpid())
        self._cases: list[Case] = []
        self._resting: list[Judge] = []  # the one first that has rested longest
        self._idle: list[Zygotes] = [{(): launched}]
        self._rubric: RubricSuite | None = None

    def launch_for(self, config: GradingConfig) -> None:
        """Launch what the first judge's workers come from."""
        self._idle.append(self._zygotes_for(config))

    def grade(self, tasks: deque[Task], jobs: int, data: RunData) -> Iterator[SubmissionRecord]:
        """Keep `jobs` judges at work until nothing is left."""
        while tasks or self._cases:
            while tasks and len(self._cases) < jobs:
                task = tasks.popleft().ready()
                judge = self._judge_for(task.config, jobs, data)
                with _ctrl_c_held_back():
                    self._cases.append(judge.take(task.config, task.submission))
            wait([case.judge.pipe for case in self._cases], timeout=1.0)
            for case in list(self._cases):
                for news in case.read_news():
                    self._pass_on(case.submission.name, news)
                if case.has_ended or _is_late(case):
                    self._finish(case)
                    yield case.record or _explain(case)

    def _pass_on(self, name: str, news: str | ItemRecord) -> None:
        if isinstance(news, str):
            self.begin(name, news)
        else:
            self.ended(name, news)

    def end(self) -> None:
        """End all judges and zygotes; the caller may have stopped early."""
        for case in list(self._cases):
            self._finish(case)
        for judge in self._resting:
            self._retire(judge)
        self._resting.clear()
        for zygotes in self._idle:
            _close(zygotes)
        self._idle.clear()
        self._kill_strays()
        if self._rubric is not None:
            self._rubric.close()

    def _judge_for(self, config: GradingConfig, jobs: int, data: RunData) -> Judge:
        """A judge that rests and can take it, or a new one; there are at most `jobs` of them."""
        for judge in self._resting:
            if judge.can_take(config):
                self._resting.remove(judge)
                return judge
        if len(self._cases) + len(self._resting) >= jobs:
            self._retire(self._resting.pop(0))
        rubric = self._rubric_for(config)  # may be stopped: nothing is taken yet
        outfit = Outfit(config, self._zygotes_for(config), data, rubric)
        with _ctrl_c_held_back():
            return start_judge(outfit)

    def _zygotes_for(self, config: GradingConfig) -> Zygotes:
        """What a judge's workers come from: those that are free, and others like the first."""
        wanted = set(config.options)
        self._idle.sort(key=lambda zygotes: len(wanted & zygotes.keys()))
        zygotes = self._idle.pop() if self._idle else {}
        for options in config.options:
            if options not in zygotes:
                zygotes[options] = launch(*options, *self._like)
        return zygotes

    def _rubric_for(self, config: GradingConfig) -> RubricSuite:
        """The tests that an order takes, and those that earlier ones have taken."""
        items, last = {item.id for item in config.judged}, self._rubric
        if last is None or not items <= last.items:
            if last is not None:
                last.close()
                items |= last.items
            self._rubric = last = RubricSuite(config.assignment, items)
        return last

    def _finish(self, case: Case) -> None:
        """End a case, remove its files, and keep its judge for the next one if all went well."""
        self._cases.remove(case)
        if case.end():
            self._resting.append(case.judge)
        else:
            self._retire(case.judge)
        self._kill_strays()
        case.clear()

    def _retire(self, judge: Judge) -> None:
        """End a judge, and keep its zygotes for the next one if all went well."""
        if judge.end():
            self._idle.append(judge.outfit.zygotes)
        else:
            _close(judge.outfit.zygotes)

    def _kill_strays(self) -> None:
        """Kill what has become ours: the workers of a zygote that student code has killed."""
        judges = [*self._resting, *(case.judge for case in self._cases)]
        zygotes = [*self._idle, *(judge.outfit.zygotes for judge in judges)]
        ours = [judge.process.pid for judge in judges] + _processes(zygotes)
        kill_descendants(spare=[*self._others, *ours])


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let a signal come later, so that what has been started is known and can be ended."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_late(case: Case) -> bool:
    return time.monotonic() - case.started > case.config.seconds_at_most + _OVERHEAD_SECONDS


def _explain(case: Case) -> SubmissionRecord:
    reason = f"it ended early (exit code {case.judge.process.exitcode})"
    if not case.has_ended:
        reason = "it took longer than all time limits together"
    message = f"the judge process gave no record: {reason}"
    about = (case.config, case.submission, message)
    return unread_record(*about, "grader_error", case.started, case.items)


def _close(zygotes: Zygotes) -> None:
    for launched in zygotes.values():
        launched.close()


def _processes(several: Iterable[Zygotes]) -> list[int]:
    return [launched.process.pid for zygotes in several for launched in zygotes.values()]
