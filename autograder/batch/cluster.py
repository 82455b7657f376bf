"""Grade a class on a cluster: workers of Dask do the work, and the records stay with who asked.

Each parcel is sent to one worker by name. A worker that is gone has its parcels sent to others, a
worker with another bundle gets none. Whatever comes back is kept once, by the one process that
writes; what had not come back when something died is simply graded again.
"""

import json
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from typing import Any

from autograder.batch.class_run import ClassRun
from autograder.batch.cluster_worker import grade
from autograder.batch.submission_zip import packed
from autograder.errors import AutograderError
from autograder.grading.batch import Task
from autograder.grading.judge_process import unread_record, wanted_of
from autograder.results import SubmissionRecord, from_dict, write_answers

_CONNECT_SECONDS = 15
_LOOK_SECONDS = 0.5
_WAIT_FOR_WORKERS_SECONDS = 60.0
_WAIT_FOR_OTHERS_SECONDS = 5.0
_ATTEMPTS = 3

Say = Callable[[str], None]


@dataclass
class _Sent:
    """A parcel on its way."""

    task: Task
    worker: str
    future: Any


@dataclass
class _Cluster:
    """A scheduler and its workers.

    Attributes:
        run: what is to be graded.
        config: what workers are told of it.
        address: of the scheduler.
        client: talks to it.
        say: is told what an instructor should know.
        fit: workers that have the same bundle, with how many parcels each takes at a time.
        refused: those that have another one.
        asked: those that are looking whether they have.
        sent: parcels at work.
        again: those whose worker has died.
        attempts: how often each submission was lost with a worker.
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
    again: deque[Task] = field(default_factory=deque)
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
        """See who is there: ask those that are new, give up those that are gone."""
        there = self._workers()
        for worker in [*self.fit, *self.asked]:
            if worker not in there:
                self._lose(worker)
        for worker in there.keys() - self.fit.keys() - self.refused - self.asked.keys():
            self.asked[worker] = self._submit(worker, None)
        for worker, future in list(self.asked.items()):
            if future.done():
                del self.asked[worker]
                answer = self._answer(future)
                if answer == {}:
                    self.fit[worker] = there[worker]
                elif answer is not None:
                    self._refuse(worker, answer)
        if self.fit or self.asked:
            self.lonely_since = time.monotonic()
        patience = _WAIT_FOR_OTHERS_SECONDS if self.refused else _WAIT_FOR_WORKERS_SECONDS
        if time.monotonic() - self.lonely_since > patience:
            raise self._nobody()

    def _workers(self) -> dict[str, int]:
        """The workers that the scheduler knows, with their threads."""
        if self.client.status != "running":
            raise self._lost_scheduler()
        try:
            known = self.client.scheduler_info(n_workers=-1)["workers"]
        except (OSError, TimeoutError, ValueError) as error:
            raise self._lost_scheduler() from error
        return {address: about["nthreads"] for address, about in known.items()}

    def _send(self) -> None:
        """Give every free thread something to do."""
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
                self.sent.append(_Sent(task, worker, self._submit(worker, self._parcel(task))))
                self.run.watcher.begin(task.submission.name, worker)

    def _parcel(self, task: Task) -> dict[str, Any]:
        return {
            "name": task.submission.name,
            "wanted": list(task.config.wanted),
            "seed": task.config.seed,
            "submission": packed(task.submission, wanted_of(task.config.assignment)),
        }

    def _submit(self, worker: str, parcel: dict[str, Any] | None) -> Any:
        return self.client.submit(
            grade, self.config, dict(self.run.bundle.parts), parcel,
            workers=[worker], allow_other_workers=False, pure=False, retries=0,
        )  # fmt: skip

    def _wait(self) -> None:
        from distributed import wait

        futures = [*(one.future for one in self.sent), *self.asked.values()]
        if not futures:
            time.sleep(_LOOK_SECONDS)  # until a worker comes
            return
        try:
            wait(futures, timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED")
        except (CancelledError, OSError, TimeoutError):
            pass  # the next look finds out what is gone

    def _collect(self) -> None:
        if self.client.status != "running":  # it takes all futures along
            raise self._lost_scheduler()
        for one in list(self.sent):
            if not one.future.done():
                continue
            self.sent.remove(one)
            answer = self._answer(one.future)
            if answer is not None and "record" in answer:
                self._keep(one.task, answer)
            elif answer is not None and "refused" in answer:
                self.again.append(one.task)
                self._refuse(one.worker, answer)
            else:
                self._try_again(one.task, one.worker, (answer or {}).get("died", ""))

    def _answer(self, future: Any) -> dict[str, Any] | None:
        """What a worker has answered; None where nothing came back."""
        if future.status != "finished":
            return _words_of(future.exception()) if future.status == "error" else None
        try:
            answer = json.loads(future.result(timeout=_CONNECT_SECONDS))
        except (CancelledError, OSError, TimeoutError):  # it has gone with its worker or scheduler
            return None
        assert isinstance(answer, dict)
        return answer

    def _keep(self, task: Task, answer: dict[str, Any]) -> None:
        record = from_dict(json.loads(answer["record"]))
        if record.name != task.submission.name:
            raise AutograderError(
                f"a worker has graded {record.name} when asked for {task.submission.name}",
                self.address,
                "this is a defect of the autograder; tell its maintainers",
            )
        if answer["written"]:
            write_answers(self.run.folder, json.loads(answer["written"]))
        self.run.take(record)

    def _try_again(self, task: Task, worker: str, reason: str = "") -> None:
        name = task.submission.name
        self.attempts[name] = self.attempts.get(name, 0) + 1
        if self.attempts[name] < _ATTEMPTS:
            words = f" ({reason})" if reason else ""
            self.say(f"the worker {worker} did not finish {name}{words}; it is sent again.")
            self.again.append(task)
            return
        self.run.take(self._given_up(task, reason or "the worker has ended"))

    def _given_up(self, task: Task, reason: str) -> SubmissionRecord:
        message = f"it was sent to the cluster {_ATTEMPTS} times and never came back: {reason}"
        return unread_record(
            task.config, task.submission, message, "grader_error", time.monotonic()
        )

    def _lose(self, worker: str) -> None:
        self.fit.pop(worker, None)
        self.asked.pop(worker, None)
        self.say(f"the worker {worker} is gone; what it was grading goes to others.")
        for one in [one for one in self.sent if one.worker == worker and not one.future.done()]:
            self.sent.remove(one)
            one.future.cancel()
            self._try_again(one.task, worker)

    def _refuse(self, worker: str, answer: dict[str, Any]) -> None:
        self.fit.pop(worker, None)
        self.refused.add(worker)
        words = answer.get("refused") or answer.get("died") or "it does not answer"
        self.say(f"the worker {worker} gets nothing to grade: {words}")

    def _nobody(self) -> AutograderError:
        if self.refused:
            what = f"none of the {len(self.refused)} workers can grade this; see the notes above"
            return AutograderError(what, self.address, "mend them and run the same command again")
        return AutograderError(
            f"no worker has come in {_WAIT_FOR_WORKERS_SECONDS:.0f} seconds", self.address,
            "start workers and run the same command again: it goes on where this one stopped",
        )  # fmt: skip

    def _lost_scheduler(self) -> AutograderError:
        return AutograderError(
            f"the scheduler is gone; {len(self.run.graded)} submissions were graded and are kept",
            self.address,
            "start it again and run the same command: it goes on where this one stopped",
        )


def _words_of(error: BaseException | None) -> dict[str, Any]:
    if isinstance(error, ImportError):
        return {"refused": f"it has no autograder like this one ({error})"}
    return {"died": f"{type(error).__name__}: {error}"}


def grade_on_cluster(run: ClassRun, config: dict[str, Any], address: str, say: Say) -> None:
    """Grade a class with the workers of a scheduler.

    Args:
        run: what is to be graded.
        config: what a station has to know: `{"assignment", "seed", "mode", "insecure", "full"}`;
            its seed is that of the small data sets.
        address: of the scheduler, such as `tcp://10.0.0.1:8786`.
        say: is told what an instructor should know.

    Raises:
        AutograderError: there is no such scheduler, it is lost, or no worker can grade; all that
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
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is said here
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    try:
        client = Client(address, timeout=_CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise AutograderError(
            f"no scheduler answers ({error})", address, "see that it runs and can be reached"
        ) from None
    try:
        _Cluster(run, config, address, client, say).work()
    finally:
        client.close(timeout=2)
