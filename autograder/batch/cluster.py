"""Grade a class on a cluster: workers of Dask grade, and this machine keeps the records.

Each submission is sent to one worker by name. If a worker is lost, its submissions are sent to
others; a worker with another bundle gets none. Each result that comes back is stored once, by this
one process; what had not come back when something died is graded again.
"""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from typing import Any

from autograder.batch.class_run import ClassRun
from autograder.batch.cluster_worker import grade
from autograder.batch.submission_zip import packed
from autograder.errors import AutograderError
from autograder.grading.events import (
    AnswersFound,
    Event,
    GradingFailed,
    SubmissionGraded,
    decode,
)
from autograder.grading.judge_process import wanted_of
from autograder.grading.task import GradingTask
from autograder.results import SubmissionRecord, write_answers

_CONNECT_SECONDS = 15
_LOOK_SECONDS = 0.5
_WAIT_FOR_WORKERS_SECONDS = 60.0
_WAIT_FOR_OTHERS_SECONDS = 5.0
_ATTEMPTS = 3

Say = Callable[[str], None]


@dataclass
class _Sent:
    """A submission that a worker is grading."""

    task: GradingTask
    worker: str
    future: Any


@dataclass
class _Cluster:
    """A scheduler and its workers.

    Attributes:
        run: what is graded.
        config: the configuration that is sent to workers.
        address: the scheduler's address.
        client: the connection to the scheduler.
        say: called with messages for the instructor.
        fit: workers with the same bundle, and how many submissions each grades at a time.
        refused: workers that cannot grade this.
        asked: workers that are checking whether they can.
        sent: submissions that workers are grading.
        again: submissions whose worker has died.
        attempts: how often each submission was lost with a worker.
        lonely_since: when the last worker was seen, by the clock of `time.monotonic`.
    """

    run: ClassRun
    config: dict[str, Any]
    address: str
    client: Any
    say: Say
    fit: dict[str, int] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    asked: dict[str, Any] = field(default_factory=dict)
    sent: list[_Sent] = field(default_factory=list)
    again: deque[GradingTask] = field(default_factory=deque)
    attempts: dict[str, int] = field(default_factory=dict)
    lonely_since: float = field(default_factory=time.monotonic)

    def work(self) -> None:
        """Grade until nothing is left."""
        self.run.begin()
        self.run.fill(1)
        while self.sent or self.again or self.run.tasks:
            self._look_for_workers()
            self._send()
            self._wait()
            self._collect()
            self.run.fill(1)

    def _look_for_workers(self) -> None:
        """Ask new workers whether they can grade, and give up those that are gone."""
        there = self._workers()
        for worker in [*self.fit, *self.asked]:
            if worker not in there:
                self._lose(worker)
        for worker in there.keys() - self.fit.keys() - self.refused - self.asked.keys():
            self.asked[worker] = self._submit(worker, None)
        for worker, future in list(self.asked.items()):
            if future.done():
                del self.asked[worker]
                events = self._events(future)
                if events == []:
                    self.fit[worker] = there[worker]
                elif events is not None:
                    self._refuse(worker, _failure(events))
        if self.fit or self.asked:
            self.lonely_since = time.monotonic()
        patience = _WAIT_FOR_OTHERS_SECONDS if self.refused else _WAIT_FOR_WORKERS_SECONDS
        if time.monotonic() - self.lonely_since > patience:
            raise self._no_workers()

    def _workers(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, and the number of threads of each."""
        if self.client.status != "running":
            raise self._lost_scheduler()
        try:
            known = self.client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError, ValueError) as error:
            raise self._lost_scheduler() from error
        return {address: about["nthreads"] for address, about in known.items()}

    def _send(self) -> None:
        """Give every free thread a submission."""
        busy = dict.fromkeys(self.fit, 0)
        for one in self.sent:
            busy[one.worker] = busy.get(one.worker, 0) + 1
        for worker, threads in self.fit.items():
            for _ in range(threads - busy[worker]):
                if not self.again:
                    self.run.fill(1)
                tasks = self.again or self.run.tasks
                if not tasks:
                    return
                task = tasks.popleft().ready()
                self.sent.append(_Sent(task, worker, self._submit(worker, request_for(task))))
                self.run.watcher.begin(task.submission.name, worker)

    def _submit(self, worker: str, request: dict[str, Any] | None) -> Any:
        return self.client.submit(
            grade, self.config, dict(self.run.cache_keys.parts), request,
            workers=[worker], allow_other_workers=False, pure=False, retries=0,
        )  # fmt: skip

    def _wait(self) -> None:
        from distributed import wait

        futures = [*(one.future for one in self.sent), *self.asked.values()]
        if not futures:
            time.sleep(_LOOK_SECONDS)  # until a worker appears
            return
        try:
            wait(futures, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED")
        except (CancelledError, OSError, TimeoutError):
            pass  # the next look finds out what is lost

    def _collect(self) -> None:
        if self.client.status != "running":  # all futures are lost with the connection
            raise self._lost_scheduler()
        for one in list(self.sent):
            if not one.future.done():
                continue
            self.sent.remove(one)
            events = self._events(one.future) or []
            failure = _failure(events)
            graded = [event for event in events if isinstance(event, SubmissionGraded)]
            if graded:
                self._keep(one.task, graded[0].record, events)
            elif failure.refused:
                self.again.append(one.task)
                self._refuse(one.worker, failure)
            else:
                self._try_again(one.task, one.worker, failure.message)

    def _events(self, future: Any) -> list[Event] | None:
        """Return the events that a worker has answered with; None if nothing came back."""
        if future.status != "finished":
            return [_failure_of(future.exception())] if future.status == "error" else None
        try:
            return decode(future.result(timeout=_CONNECT_SECONDS))
        except (CancelledError, OSError, TimeoutError):  # lost with its worker or scheduler
            return None
        except (ValueError, TypeError):
            return [GradingFailed("its autograder is of another version", refused=True)]

    def _keep(self, task: GradingTask, record: SubmissionRecord, events: list[Event]) -> None:
        if record.name != task.submission.name:
            raise AutograderError(
                f"a worker graded {record.name} instead of {task.submission.name}",
                self.address,
                "report this to the maintainers of the autograder",
            )
        for event in events:
            if isinstance(event, AnswersFound):
                write_answers(self.run.folder, dict(event.document))
        self.run.take(record)

    def _try_again(self, task: GradingTask, worker: str, reason: str = "") -> None:
        name = task.submission.name
        self.attempts[name] = self.attempts.get(name, 0) + 1
        if self.attempts[name] < _ATTEMPTS:
            words = f" ({reason})" if reason else ""
            self.say(f"the worker {worker} did not finish {name}{words}; it is sent again.")
            self.again.append(task)
            return
        reason = reason or "the worker has ended"
        message = f"it was sent to the cluster {_ATTEMPTS} times and never came back: {reason}"
        self.run.take(replace(task, started=time.monotonic()).ungraded(message))

    def _lose(self, worker: str) -> None:
        self.fit.pop(worker, None)
        self.asked.pop(worker, None)
        self.say(f"the worker {worker} is gone; what it was grading goes to others.")
        for one in [one for one in self.sent if one.worker == worker and not one.future.done()]:
            self.sent.remove(one)
            one.future.cancel()
            self._try_again(one.task, worker)

    def _refuse(self, worker: str, failure: GradingFailed) -> None:
        self.fit.pop(worker, None)
        self.refused.add(worker)
        words = failure.message or "it does not answer"
        self.say(f"the worker {worker} gets nothing to grade: {words}")

    def _no_workers(self) -> AutograderError:
        if self.refused:
            what = f"none of the {len(self.refused)} workers can grade this; see the notes above"
            return AutograderError(what, self.address, "fix them and run the same command again")
        return AutograderError(
            f"no worker has connected within {_WAIT_FOR_WORKERS_SECONDS:.0f} seconds", self.address,
            "start workers and run the same command again: it goes on where this one stopped",
        )  # fmt: skip

    def _lost_scheduler(self) -> AutograderError:
        return AutograderError(
            f"the scheduler is gone; {len(self.run.graded)} submissions were graded and are kept",
            self.address,
            "start it again and run the same command: it goes on where this one stopped",
        )


def request_for(task: GradingTask) -> dict[str, Any]:
    """Return the request for one submission, as grading_server.py describes it."""
    return {
        "name": task.submission.name,
        "wanted": list(task.config.wanted),
        "seed": task.config.seed,
        "submission": packed(task.submission, wanted_of(task.config.assignment)),
    }


def _failure(events: list[Event]) -> GradingFailed:
    """Return the failure among events, or one without a message."""
    return next((event for event in events if isinstance(event, GradingFailed)), GradingFailed(""))


def _failure_of(error: BaseException | None) -> GradingFailed:
    if isinstance(error, ImportError):
        message = f"its autograder is missing or of another version ({error})"
        return GradingFailed(message, refused=True)
    return GradingFailed(f"{type(error).__name__}: {error}")


def grade_on_cluster(run: ClassRun, config: dict[str, Any], address: str, say: Say) -> None:
    """Grade a class with the workers of a scheduler.

    Args:
        run: what is graded.
        config: the configuration for workers: `{"assignment", "seed", "mode", "insecure", "full"}`;
            its seed is that of the small datasets.
        address: the scheduler's address, such as `tcp://10.0.0.1:8786`.
        say: called with messages for the instructor.

    Raises:
        AutograderError: the scheduler does not answer or is lost, or no worker can grade; all that
            was graded is kept.
    """
    try:
        import dask
        from distributed import Client
    except ImportError:
        raise AutograderError(
            "Dask is not installed", "--scheduler", "run: pip install 'autograder[cluster]'"
        ) from None
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # reported by this module
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise AutograderError(
            f"no scheduler answers ({error})", address, "check that it runs and can be reached"
        ) from None
    try:
        _Cluster(run, config, address, client, say).work()
    finally:
        client.close(timeout=2)
