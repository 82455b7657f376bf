"""Where one item's tests talk to the student's code: a process of its own, within a time limit."""

import time
from pathlib import Path
from typing import Protocol

from autograder.assignment import Item
from autograder.grading.isolation import Policy
from autograder.grading.workplace import Workplace
from autograder.rubric.student import Session, Student
from autograder.sandbox.identity import remove_tree
from autograder.sandbox.launch import START_SECONDS
from autograder.sandbox.orders import SandboxFailure
from autograder.sandbox.process import Worker, Zygote
from autograder.sandbox.wire import WireError, WireMalformed, WireStopped, WireTimeout
from autograder.workbench.values import Parcel


class WorkerLost(Exception):
    """The item's process does not answer any more.

    Attributes:
        status: the status that this costs the item's running test, "timeout" or "crashed".
        words: what happened, for the student.
    """

    def __init__(self, status: str, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


class Talker(Protocol):
    """A process with the student's code: a worker, or a branch of one."""

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        """Send a request, and return the reply."""

    def how_it_ended(self) -> str:
        """End it, and say in words how it ended by itself."""

    def close(self) -> None:
        """End it."""


class Source(Protocol):
    """Where an item's process comes from."""

    def prepare(self) -> None:
        """Begin with what can be done before the first test asks."""

    def open(self) -> Talker:
        """The process, ready.

        Raises:
            WorkerLost: the student's code has not come so far.
        """

    def close_soon(self) -> None:
        """Have the process ended while the next item is judged."""

    def close(self) -> None:
        """End the process, and remove what it has written."""


class OwnWorker:
    """A source: a worker forked from the zygote, for one item."""

    def __init__(self, place: Workplace, item: Item, zygote: Zygote, policy: Policy) -> None:
        self._zygote, self._policy = zygote, policy
        self._scratch = place.new_scratch()
        self._job = place.item_job(item, self._scratch)
        self._worker: Worker | None = None

    def prepare(self) -> None:
        """Have the worker confine itself, so that it is ready when the first test asks."""
        try:
            self._worker = self._zygote.start(self._job)
        except SandboxFailure:
            pass  # tried again when it is needed, and then it matters

    def open(self) -> Talker:
        """The worker, confined as the policy asks."""
        if self._worker is not None:
            try:
                self._worker.wait_until_ready(time.monotonic() + START_SECONDS)
            except SandboxFailure:  # the item before may have killed what workers come from
                self._worker = None
        if self._worker is None:
            self._worker = self._zygote.open(self._job)
        self._policy.verify(self._worker.report)
        return self._worker

    def close_soon(self) -> None:
        """Have the worker ended while the next item is judged."""
        if self._worker is not None:
            self._worker.close_soon()

    def close(self) -> None:
        """End the worker, and remove what it has written."""
        if self._worker is not None:
            self._worker.close()
        remove_tree(str(self._scratch))


class ItemBench:
    """The process of one rubric item, and the time that is left for it.

    Args:
        item: the item.
        source: of the process.
        submission: the folder with the files handed in.

    Attributes:
        seconds_left: until the item's time is up.
    """

    def __init__(self, item: Item, source: Source, submission: Path) -> None:
        self.item, self.source = item, source
        self._submission = submission
        self._talker: Talker | None = None
        self._lost: WorkerLost | None = None
        self._known: dict[str, str] = {}  # what names are in this process
        self.seconds_left = item.timeout_s

    def student(self) -> Student:
        """A handle for the item's next test; nothing that an earlier test held is reachable."""
        forget = self._talker is not None
        return Student(Session(self._request, self._submission, self._known, forget))

    def distrust(self) -> None:
        """Give the process up: what it sent was no value, and what follows may be out of turn."""
        if self._talker is not None and self._lost is None:
            self._lost = self._explain(WireMalformed(), self._talker)

    def _request(self, request: Parcel) -> Parcel:
        if self._lost is not None:
            raise self._lost
        if self._talker is None:
            try:
                self._talker = self.source.open()
            except WorkerLost as lost:
                self._lost = lost
                raise
        # Only the time spent in student code counts, so that our own work costs nobody points.
        started = time.monotonic()
        try:
            return self._talker.ask(request, deadline=started + self.seconds_left)
        except WireError as error:
            self._lost = self._explain(error, self._talker)
            raise self._lost from None
        finally:
            self.seconds_left -= time.monotonic() - started

    def _explain(self, error: WireError, talker: Talker) -> WorkerLost:
        limit = f"the time limit of this item, {self.item.timeout_s:g} s"
        return explain(error, talker, "your code", limit)


def explain(error: WireError, talker: Talker, what: str, limit: str) -> WorkerLost:
    """End a process that has not answered, and say why.

    Args:
        error: what came instead of an answer.
        talker: who should have answered.
        what: what was running in it, in words.
        limit: the time limit, in words.
    """
    if isinstance(error, WireTimeout):
        talker.close()
        return WorkerLost(
            "timeout",
            f"{what} was still running when {limit}, was up; "
            "look for a loop that never ends or does far too much work",
        )
    if isinstance(error, WireStopped):
        talker.close()
        return WorkerLost("crashed", f"{what} was stopped: it used more than {error}")
    if isinstance(error, WireMalformed):
        talker.close()
        return WorkerLost("crashed", f"the process of {what} sent something that is no answer")
    return WorkerLost("crashed", f"while {what} was running, {talker.how_it_ended()}")
