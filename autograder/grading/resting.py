"""Judge: keep the workers of one submission that wait for their hidden phases.

A notebook takes too long to be run again, so its worker waits while other workers run their public
phases, and keeps its memory. All workers at rest together may hold `resting_bytes`. If they hold
more, the largest ones are ended, and load the same again in a new process for their hidden phases.
"""

from collections.abc import Iterator

from autograder.grading.isolation import MEMORY_BYTES
from autograder.grading.submission_worker import SubmissionWorker
from autograder.sandbox.pressure import memory_of_machine
from autograder.sandbox.rest import Rest

RESTING_BYTES = MEMORY_BYTES // 2
_PART_OF_MACHINE = 4


class RestingWorkers:
    """The workers at rest.

    Args:
        most: how many bytes they may hold together; None to derive it from the machine's memory.
    """

    def __init__(self, most: int | None = None) -> None:
        self._workers: list[SubmissionWorker] = []
        self._most = resting_bytes() if most is None else most

    def add(self, worker: SubmissionWorker) -> None:
        """Put a worker to rest, and keep the sum within its bound."""
        worker.rest()
        self._workers.append(worker)
        self._keep_within_bound()

    def take(self, worker: SubmissionWorker) -> None:
        """Resume a worker, if it is at rest."""
        if worker in self._workers:
            self._workers.remove(worker)
            worker.resume()

    def forget(self, worker: SubmissionWorker) -> None:
        """Remove a worker that is about to be closed."""
        if worker in self._workers:
            self._workers.remove(worker)

    def look_after(self) -> None:
        """Close workers that student code has woken: the judge does not limit them while they rest.

        This is called while the judge waits for another worker.
        """
        at_rest = list(self._at_rest())
        processes = {worker.pid for worker, _ in at_rest}
        for worker, rest in at_rest:
            if not rest.is_undisturbed(processes):
                worker.close()

    def _keep_within_bound(self) -> None:
        held = {worker: rest.memory for worker, rest in self._at_rest()}
        if sum(held.values()) <= self._most:
            return
        held = {worker: rest.share() for worker, rest in self._at_rest()}
        for worker in sorted(held, key=lambda one: -held[one]):
            if sum(held.values()) <= self._most:
                return
            worker.unload()
            del held[worker]

    def _at_rest(self) -> Iterator[tuple[SubmissionWorker, Rest]]:
        for worker in self._workers:
            if worker.at_rest is not None:
                yield worker, worker.at_rest


def resting_bytes() -> int:
    """Return how much memory the workers at rest may hold: less if the machine has little."""
    return min(RESTING_BYTES, memory_of_machine()[0] // _PART_OF_MACHINE)
