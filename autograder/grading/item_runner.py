"""Judge: connect the tests of each item with the student's code, one item after another.

The tests of an item share one process, a fork of the worker that has loaded the submission
(submission_worker.py), and one time limit. An item has a public phase and a hidden one
(test_phases.py); between them its process is paused, or ended if it cannot be paused.
"""

import time
from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType

from autograder.assignment import Item
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.resting import RestingWorkers
from autograder.grading.submission_dir import Options, SubmissionDir, options_of
from autograder.grading.submission_worker import (
    NotebookLoader,
    PackageLoader,
    SubmissionWorker,
    WorkerLost,
    end_and_explain,
)
from autograder.grading.test_phases import TestPhase, worker_name
from autograder.remote.messages import Message
from autograder.rubric.handed_files import Handed
from autograder.rubric.seeds import derived_seed
from autograder.rubric.sources import lines_of
from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox.channel import ChannelError, ChannelStopped
from autograder.sandbox.client import Fork, Worker, Zygote


class ItemRunner:
    """Runs the student's code for the items of one submission.

    Args:
        submission_dir: the folder in which the submission is graded.
        phases: the phases of the items whose tests run, in their order.
        zygotes: the zygotes that start workers, by what they must have imported.
        policy: how workers must be confined.
        files: path of each handed-in file whose lines may be shown -> its content.
        handed: the handed-in files that tests may read.
    """

    def __init__(
        self,
        submission_dir: SubmissionDir,
        phases: Sequence[TestPhase],
        zygotes: Mapping[Options, Zygote],
        policy: SandboxPolicy,
        files: Mapping[str, bytes] = MappingProxyType({}),
        handed: Handed | None = None,
    ) -> None:
        self._submission_dir, self._zygotes, self._policy = submission_dir, zygotes, policy
        self._handed = handed or Handed()
        self._waiting = list(phases)  # have not begun
        items = {item_id: submission_dir.assignment.item(item_id) for item_id, _ in phases}
        self._seconds_left = {item.id: item.timeout_s for item in items.values()}
        self._lines = lines_of(files)
        self._workers: dict[str, SubmissionWorker] = {}  # by what items are judged by
        self._resting = RestingWorkers()
        self._paused: dict[str, Fork] = {}  # by item, until its hidden phase
        self._has_hidden_begun = False
        # The present phase, its item's process, and why that process does not answer any more.
        self._phase: TestPhase | None = None
        self._process: Fork | Worker | None = None
        self._lost: WorkerLost | None = None

    def student(self, phase: TestPhase) -> StudentProxy:
        """Return the proxy for the next test; it cannot reach objects that an earlier test held."""
        if phase != self._phase:
            self._begin_phase(phase)
        forget = self._process is not None
        known, inputs = self._worker_of(self._item).known, self._item.inputs
        ask = partial(self._ask, phase)
        connection = StudentConnection(ask, self._lines, known, forget, inputs)
        return StudentProxy(connection, lambda: self._handed)

    def distrust(self) -> None:
        """End the present process: it sent something other than a value, so it is not trusted."""
        if self._process is not None and self._lost is None:
            words = "the process of your code sent an invalid answer"
            self._lost = WorkerLost("crashed", words)
            self._worker_of(self._item).end(self._process)

    def look(self) -> None:
        """Check the resource use of the present process while the judge does not wait for it.

        Raises:
            WorkerLost: it exceeds a limit, and was ended.
        """
        if self._process is None or self._lost is not None:
            return
        reason = self._worker_of(self._item).excess()
        if reason:
            self._lost = self._end_and_explain(ChannelStopped(reason), self._process)
            raise self._lost

    def close(self) -> None:
        """End all processes."""
        self._end_process()
        for item_id, fork in self._paused.items():
            self._worker_of(self._submission_dir.assignment.item(item_id)).end(fork)
        self._paused.clear()
        for worker in self._workers.values():
            worker.close()
        self._workers.clear()

    def _begin_phase(self, phase: TestPhase) -> None:
        item_id, is_hidden = phase
        if self._has_hidden_begun and not is_hidden:
            raise RuntimeError(f"public tests of {item_id} would run after hidden ones")
        self._has_hidden_begun = is_hidden
        item, last = self._submission_dir.assignment.item(item_id), self._phase
        self._leave_process()
        while self._waiting and self._waiting.pop(0) != phase:
            pass  # the tests of that phase did not use the student's code
        self._close_workers_done(item)
        if last is not None:
            self._leave_worker(self._submission_dir.assignment.item(last[0]), item)
        self._phase = phase
        worker = self._worker_of(item)
        self._resting.take(worker)
        paused = self._paused.pop(item.id, None)
        if paused is not None and paused.resume():
            self._process = paused
        elif paused is not None:
            worker.end(paused)

    def _leave_process(self) -> None:
        """Keep the present process for the item's hidden phase, or end it after its last phase."""
        process = self._process
        if process is None or self._lost is not None or self._item not in self._items_waiting():
            self._end_process()
        elif isinstance(process, Fork) and self._worker_of(self._item).pause(process):
            self._paused[self._item.id] = process
            self._process = None
        else:
            self._end_process()
        self._lost = None

    def _end_process(self) -> None:
        if self._process is not None:
            self._worker_of(self._item).end(self._process)
            self._process = None

    def _leave_worker(self, last: Item, item: Item) -> None:
        """Put the present worker to rest if the next item is judged by another worker."""
        worker = self._workers.get(worker_name(last))
        if worker is not None and worker_name(item) != worker_name(last):
            self._resting.add(worker)

    def _close_workers_done(self, item: Item) -> None:
        """End the workers that no further item needs."""
        needed = {worker_name(one) for one in (item, *self._items_waiting())}
        for name in self._workers.keys() - needed:
            done = self._workers.pop(name)
            self._resting.forget(done)
            done.close()

    def _worker_of(self, item: Item) -> SubmissionWorker:
        """Return the worker from which an item's process is forked; it starts when first used."""
        name = worker_name(item)
        if name not in self._workers:
            others = [one for one in self._items_waiting() if worker_name(one) == name]
            loader: PackageLoader | NotebookLoader
            if item.notebook:
                notebook = self._submission_dir.assignment.notebook(item.notebook)
                loader = NotebookLoader(self._submission_dir, [item, *others], notebook)
            else:
                loader = PackageLoader(self._submission_dir, [item, *others])
            self._workers[name] = SubmissionWorker(
                self._submission_dir,
                loader,
                self._zygotes[options_of(self._submission_dir.assignment, item)],
                self._policy,
                self._resting.look_after,
            )
        return self._workers[name]

    @property
    def _item(self) -> Item:
        """The present phase's item."""
        assert self._phase is not None  # there is a process, or a test has asked for one
        return self._submission_dir.assignment.item(self._phase[0])

    def _items_waiting(self) -> list[Item]:
        """Return the items of the phases that have not begun, once for each phase."""
        return [self._submission_dir.assignment.item(item_id) for item_id, _ in self._waiting]

    def _ask(self, phase: TestPhase, request: Message) -> Message:
        """Send a test's request to the process of its item, and return the reply."""
        if phase != self._phase:
            raise RuntimeError(f"a test uses a handle that was made for a test of {phase[0]}")
        if self._lost is not None:
            raise self._lost
        item_id = phase[0]
        if self._process is None:
            seed = derived_seed(self._submission_dir.seed, f"generators of {item_id}")
            try:
                self._process = self._worker_of(self._item).fork(seed)
            except WorkerLost as lost:
                self._lost = lost
                raise
        # Only the time spent in student code counts, so that the judge's own work costs no points.
        started = time.monotonic()
        try:
            return self._process.ask(request, started + self._seconds_left[item_id])
        except ChannelError as error:
            self._lost = self._end_and_explain(error, self._process)
            raise self._lost from None
        finally:
            self._seconds_left[item_id] -= time.monotonic() - started

    def _end_and_explain(self, error: ChannelError, process: Fork | Worker) -> WorkerLost:
        limit = f"this item's time limit ({self._item.timeout_s:g} s)"
        return end_and_explain(error, process, "your code", limit)
