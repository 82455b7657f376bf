"""One clean worker per rubric item, opened when a test first asks and ended with the item."""

import os
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Item
from autograder.grading.isolation import ANSWER_BYTES, MEMORY_BYTES, Policy, secrets_of
from autograder.rubric.seeds import derived_seed
from autograder.rubric.student import Session, Student
from autograder.sandbox.identity import remove_tree
from autograder.sandbox.job import Job
from autograder.sandbox.launch import START_SECONDS
from autograder.sandbox.orders import SandboxFailure
from autograder.sandbox.process import Worker, Zygote
from autograder.sandbox.wire import WireError, WireMalformed, WireStopped, WireTimeout
from autograder.workbench.values import Parcel


class WorkerLost(Exception):
    """The item's worker does not answer any more.

    Attributes:
        status: the status that this costs the item's running test, "timeout" or "crashed".
        words: what happened, for the student.
    """

    def __init__(self, status: str, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


@dataclass(frozen=True)
class Workplace:
    """The judge's private folder for one submission, and what is in it.

    Attributes:
        folder: holds everything; nobody but the judge can list it.
        submission: the files handed in.
        support: a copy of the rubric's support modules.
        scratch: each worker gets an empty folder in it.
        canary: a file that no worker may read.
    """

    folder: Path
    submission: Path
    support: Path
    scratch: Path
    canary: Path


def make_workplace(assignment: Assignment, submission: Path) -> Workplace:
    """Put what workers need beside a collected submission.

    Args:
        assignment: what is graded.
        submission: folder with the files handed in, alone in a private folder.
    """
    folder = submission.parent
    place = Workplace(folder, submission, folder / "support", folder / "scratch", folder / "canary")
    place.scratch.mkdir()
    place.support.mkdir()
    for module in sorted((assignment.rubric_folder / "support").glob("*.py")):
        shutil.copyfile(module, place.support / module.name)
    place.canary.touch(mode=0o600)
    return place


class ItemBench:
    """The worker of one rubric item, and the time that is left for it."""

    def __init__(
        self,
        assignment: Assignment,
        item: Item,
        place: Workplace,
        seed: int,
        zygote: Zygote,
        policy: Policy,
    ) -> None:
        self._assignment, self.item, self._place, self._seed = assignment, item, place, seed
        self._zygote, self._policy = zygote, policy
        self._worker: Worker | None = None
        self._asked = False
        self._lost: WorkerLost | None = None
        self._seconds_left = item.timeout_s
        self._scratch = place.scratch / secrets.token_hex(8)
        self._scratch.mkdir()

    def prepare(self) -> None:
        """Have the worker confine itself, so that it is ready when the first test asks."""
        try:
            self._worker = self._zygote.start(self._job())
        except SandboxFailure:
            pass  # tried again when it is needed, and then it matters

    def student(self) -> Student:
        """A handle for the item's next test; nothing that an earlier test held is reachable."""
        if self._asked and self._lost is None:
            self._request(Parcel({"operation": "forget"}))
        return Student(Session(self._request, self._place.submission))

    def distrust(self) -> None:
        """Give the worker up: what it sent was no value, and what follows may be out of turn."""
        if self._worker is not None and self._lost is None:
            self._lost = self._explain(WireMalformed(), self._worker)

    def close_soon(self) -> None:
        """Have the worker ended while the next item is judged."""
        if self._worker is not None:
            self._worker.close_soon()

    def close(self) -> None:
        """End the worker, and remove what it has written."""
        if self._worker is not None:
            self._worker.close()
        remove_tree(str(self._scratch))

    def _request(self, request: Parcel) -> Parcel:
        if self._lost is not None:
            raise self._lost
        worker = self._opened()
        # Only the time spent in student code counts, so that our own work costs nobody points.
        started = time.monotonic()
        try:
            return worker.ask(request, deadline=started + self._seconds_left)
        except WireError as error:
            self._lost = self._explain(error, worker)
            raise self._lost from None
        finally:
            self._seconds_left -= time.monotonic() - started

    def _explain(self, error: WireError, worker: Worker) -> WorkerLost:
        if isinstance(error, WireTimeout):
            worker.close()
            limit = f"{self.item.timeout_s:g} s"
            return WorkerLost(
                "timeout",
                f"your code was still running when the time limit of this item, {limit}, was up; "
                "look for a loop that never ends or does far too much work",
            )
        if isinstance(error, WireStopped):
            worker.close()
            return WorkerLost("crashed", f"your code was stopped: it used more than {error}")
        if isinstance(error, WireMalformed):
            worker.close()
            return WorkerLost("crashed", "your code's process sent something that is no answer")
        return WorkerLost("crashed", f"while your code was running, {worker.how_it_ended()}")

    def _opened(self) -> Worker:
        if self._worker is not None and self._asked:
            return self._worker
        self._asked = True
        if self._worker is not None:
            try:
                self._worker.wait_until_ready(time.monotonic() + START_SECONDS)
            except SandboxFailure:  # the item before may have killed what workers come from
                self._worker = None
        if self._worker is None:
            self._worker = self._zygote.open(self._job())
        self._policy.verify(self._worker.report)
        return self._worker

    def _job(self) -> Job:
        packages = self._assignment.packages
        banned = {name for package in packages for name in package.banned_imports}
        return Job(
            folder=str(self._place.submission),
            packages={package.name: package.banned_imports for package in packages},
            support=str(self._place.support),
            scratch=str(self._scratch),
            passages=[str(self._place.folder), str(self._place.scratch)],
            banned=sorted(banned - set(self.item.needs)),
            seed=derived_seed(self._seed, f"worker of {self.item.id}"),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(self.item.timeout_s) + 2,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(self._place.canary), *secrets_of(self._assignment)],
            allow_exec="exec" in self.item.needs,
        )


class Benches:
    """The benches of one submission: a new one for each item, while the next one is prepared.

    Args:
        assignment: what is graded.
        wanted: ids of the items to grade, in the order in which their tests will run.
        submission: the folder with the files handed in.
        seed: the number that every random draw comes from.
        zygote: where workers come from.
        policy: what is asked of them.
    """

    def __init__(
        self,
        assignment: Assignment,
        wanted: Sequence[str],
        submission: Path,
        seed: int,
        zygote: Zygote,
        policy: Policy,
    ) -> None:
        self._assignment, self._seed = assignment, seed
        self._wanted = [id for id in wanted if assignment.item(id).kind == "auto"]
        self._zygote, self._policy = zygote, policy
        self._place = make_workplace(assignment, submission)
        self._bench: ItemBench | None = None
        self._next: ItemBench | None = None
        self._last: ItemBench | None = None

    def student(self, item_id: str) -> Student:
        """The handle for a test of an item."""
        if self._bench is None or item_id != self._bench.item.id:
            self._go_on_to(item_id)
        assert self._bench is not None
        return self._bench.student()

    def distrust(self) -> None:
        """Give the present worker up."""
        if self._bench is not None:
            self._bench.distrust()

    def close(self) -> None:
        """End all workers."""
        for bench in (self._bench, self._next, self._last):
            if bench is not None:
                bench.close()
        self._bench = self._next = self._last = None

    def _go_on_to(self, item_id: str) -> None:
        if self._last is not None:
            self._last.close()
        if self._bench is not None:
            self._bench.close_soon()
        self._last, self._bench = self._bench, None
        if self._next is not None and self._next.item.id == item_id:
            self._bench, self._next = self._next, None
        else:
            self._bench = self._new_bench(item_id)
        following = self._wanted[self._wanted.index(item_id) + 1 :]
        if following and self._next is None:
            self._next = self._new_bench(following[0])
            self._next.prepare()

    def _new_bench(self, item_id: str) -> ItemBench:
        item = self._assignment.item(item_id)
        return ItemBench(
            self._assignment, item, self._place, self._seed, self._zygote, self._policy
        )
