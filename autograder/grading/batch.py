"""Grade several submissions, each in a judge process of its own.

A judge is forked from this process, which has imported numpy, pytest and nothing of a student's.
Judges that follow each other use the same zygotes; each of their workers is a new one.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait

from autograder.grading.judge_process import JudgeProcess, Zygotes, start_judge, unread_record
from autograder.grading.order import Order
from autograder.grading.run_data import RunData, run_data
from autograder.results import SubmissionRecord
from autograder.sandbox.launch import Launched, launch
from autograder.sandbox.processes import descendants
from autograder.sandbox.reap import become_subreaper, kill_descendants
from autograder.submission import Submission

# What a judge may need beside the time limits of its items, on a loaded machine.
_OVERHEAD_SECONDS = 120.0

Begin = Callable[[str, str], None]


def grade_all(
    order: Order,
    submissions: Sequence[Submission],
    jobs: int,
    launched: Launched,
    begin: Begin = lambda name, item_id: None,
) -> Iterator[SubmissionRecord]:
    """Grade submissions, at most `jobs` at a time; yields records as they are finished.

    Args:
        order: what is to be graded.
        submissions: what was handed in.
        jobs: judges at work at the same time.
        launched: the first zygote; others are launched like it, and all are ended.
        begin: is told the name of a submission and the id of its item whose tests begin.

    Raises:
        AutograderError: a data set that the run takes cannot be had.
    """
    become_subreaper()
    run = _Run(order, launched, begin)
    try:
        with run_data(order) as data:
            yield from run.grade(submissions, jobs, data)
    finally:
        run.end()


class _Run:
    """One run: its judges at work, and the zygotes that are free."""

    def __init__(self, order: Order, launched: Launched, begin: Begin) -> None:
        self.order, self.begin = order, begin
        self._first = launched
        # Children of the caller's that are none of our business.
        self._others = descendants(os.getpid())
        self._working: list[JudgeProcess] = []
        self._idle: list[Zygotes] = [self._launch_all(launched)]

    def grade(
        self, submissions: Sequence[Submission], jobs: int, data: RunData
    ) -> Iterator[SubmissionRecord]:
        """Keep `jobs` judges at work until nothing is left."""
        waiting = list(reversed(submissions))
        while waiting or self._working:
            while waiting and len(self._working) < jobs:
                zygotes = self._idle.pop() if self._idle else self._launch_all()
                self._working.append(start_judge(self.order, waiting.pop(), zygotes, data))
            wait([one.pipe for one in self._working], timeout=1.0)
            for one in list(self._working):
                for item_id in one.read_news():
                    self.begin(one.submission.name, item_id)
                if one.has_ended or self._is_late(one):
                    self._finish(one)
                    yield one.record or self._explain(one)

    def end(self) -> None:
        """End all judges and zygotes; the caller may have stopped early."""
        for one in list(self._working):
            self._finish(one)
        for zygotes in self._idle:
            _close(zygotes)
        self._idle.clear()
        self._kill_strays()

    def _launch_all(self, plain: Launched | None = None) -> Zygotes:
        """Launch what a judge's workers come from, all like the first one, such as bare."""
        like = self._first.options
        zygotes = {(): plain or launch(*like)}
        return zygotes | {
            options: launch(*options, *like) for options in self.order.options if options
        }

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

    def _is_late(self, one: JudgeProcess) -> bool:
        return time.monotonic() - one.started > self.order.seconds_at_most + _OVERHEAD_SECONDS

    def _explain(self, one: JudgeProcess) -> SubmissionRecord:
        reason = f"it ended early (exit code {one.process.exitcode})"
        if not one.has_ended:
            reason = "it took longer than all time limits together"
        message = f"the judge process gave no record: {reason}"
        return unread_record(self.order, one.submission, message, "grader_error", one.started)


def _close(zygotes: Zygotes) -> None:
    for launched in zygotes.values():
        launched.close()


def _processes(several: Iterable[Zygotes]) -> list[int]:
    return [launched.process.pid for zygotes in several for launched in zygotes.values()]
