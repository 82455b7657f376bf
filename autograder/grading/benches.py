"""One clean worker per rubric item, opened when a test first asks and ended with the item."""

import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment, Item
from autograder.rubric.seeds import derived_seed
from autograder.rubric.student import Session, Student
from autograder.sandbox.process import Worker, Zygote
from autograder.sandbox.wire import WireError, WireMalformed, WireTimeout
from autograder.sandbox.worker import Job
from autograder.workbench.values import Parcel

MEMORY_BYTES = 4 * 2**30
ANSWER_BYTES = 512 * 2**20


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
    """Where a submission is graded.

    Attributes:
        submission: folder with the files handed in.
        scratch: private folder in which each worker gets an empty one.
    """

    submission: Path
    scratch: Path


class ItemBench:
    """The worker of one rubric item, and the time that is left for it."""

    def __init__(
        self, zygote: Zygote, assignment: Assignment, item: Item, place: Workplace, seed: int
    ) -> None:
        self._zygote, self._assignment, self._item = zygote, assignment, item
        self._place, self._seed = place, seed
        self._worker: Worker | None = None
        self._lost: WorkerLost | None = None
        self._seconds_left = item.timeout_s
        self._folder = place.scratch / secrets.token_hex(8)

    def student(self) -> Student:
        """A handle for the item's next test; nothing that an earlier test held is reachable."""
        if self._worker is not None and self._lost is None:
            self._request(Parcel({"operation": "forget"}))
        return Student(Session(self._request, self._place.submission))

    def close(self) -> None:
        """End the worker, and everything it has left behind."""
        if self._worker is not None:
            self._worker.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _request(self, request: Parcel) -> Parcel:
        if self._lost is not None:
            raise self._lost
        # Only the time spent in student code counts, so that our own work costs nobody points.
        worker = self._opened()
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
            limit = f"{self._item.timeout_s:g} s"
            return WorkerLost(
                "timeout",
                f"your code was still running when the time limit of this item, {limit}, was up; "
                "look for a loop that never ends or does far too much work",
            )
        if isinstance(error, WireMalformed):
            worker.close()
            return WorkerLost("crashed", "your code's process sent something that is no answer")
        return WorkerLost("crashed", f"while your code was running, {worker.how_it_ended()}")

    def _opened(self) -> Worker:
        if self._worker is None:
            self._folder.mkdir(parents=True)
            self._worker = self._zygote.open(self._job())
        return self._worker

    def _job(self) -> Job:
        packages = self._assignment.packages
        banned = {name for package in packages for name in package.banned_imports}
        return Job(
            folder=str(self._place.submission),
            packages={package.name: package.banned_imports for package in packages},
            support=str(self._assignment.rubric_folder / "support"),
            scratch=str(self._folder),
            banned=sorted(banned - set(self._item.needs)),
            seed=derived_seed(self._seed, f"worker of {self._item.id}"),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(self._item.timeout_s) + 2,
            answer_bytes=ANSWER_BYTES,
        )


class Benches:
    """The benches of one submission: one at a time, a new one for each item."""

    def __init__(self, assignment: Assignment, submission: Path, seed: int, zygote: Zygote) -> None:
        self._assignment, self._seed, self._zygote = assignment, seed, zygote
        self._scratch = Path(tempfile.mkdtemp(prefix="autograder-"))
        self._place = Workplace(submission, self._scratch)
        self._bench: ItemBench | None = None
        self._item_id = ""

    def student(self, item_id: str) -> Student:
        """The handle for a test of an item."""
        if self._bench is None or item_id != self._item_id:
            self._close_bench()
            item = self._assignment.item(item_id)
            self._bench = ItemBench(self._zygote, self._assignment, item, self._place, self._seed)
            self._item_id = item_id
        return self._bench.student()

    def close(self) -> None:
        """End the last worker and remove what all of them have written."""
        self._close_bench()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _close_bench(self) -> None:
        if self._bench is not None:
            self._bench.close()
            self._bench = None
