"""Workers of one submission that wait for their hidden turns while others have their public ones.

A notebook takes too long to be run again, so its worker waits, and the memory that it holds with
it. All that wait may hold as much as `resting_bytes` together; beyond that those that hold the most
are ended, and load the same again in a new process when it is their turn.
"""

from collections.abc import Iterator

from autograder.grading.isolation import MEMORY_BYTES
from autograder.grading.loaded_worker import LoadedWorker
from autograder.sandbox.pressure import memory_of_machine
from autograder.sandbox.rest import Rest

RESTING_BYTES = MEMORY_BYTES // 2
_PART_OF_MACHINE = 4


class Resting:
    """The workers at rest, each as long as it is needed.

    Args:
        most: bytes that they may hold together; None asks the machine.
    """

    def __init__(self, most: int | None = None) -> None:
        self._workers: list[LoadedWorker] = []
        self._most = resting_bytes() if most is None else most

    def add(self, loaded: LoadedWorker) -> None:
        """Have a worker rest, and keep the sum within its bound."""
        loaded.rest()
        self._workers.append(loaded)
        self._keep_within_bound()

    def take(self, loaded: LoadedWorker) -> None:
        """Have a worker go on."""
        if loaded in self._workers:
            self._workers.remove(loaded)
            loaded.wake()

    def forget(self, loaded: LoadedWorker) -> None:
        """Let a worker be ended that is needed no more."""
        if loaded in self._workers:
            self._workers.remove(loaded)

    def look_after(self) -> None:
        """End what student code has woken: nobody waits for it, so nobody bounds what it does."""
        at_rest = list(self._at_rest())
        processes = {loaded.process for loaded, _ in at_rest}
        for loaded, rest in at_rest:
            if not rest.is_undisturbed(processes):
                loaded.give_up()

    def _keep_within_bound(self) -> None:
        held = {loaded: rest.memory for loaded, rest in self._at_rest()}
        if sum(held.values()) <= self._most:
            return
        held = {loaded: rest.share() for loaded, rest in self._at_rest()}
        for loaded in sorted(held, key=lambda one: -held[one]):
            if sum(held.values()) <= self._most:
                return
            loaded.release()
            del held[loaded]

    def _at_rest(self) -> Iterator[tuple[LoadedWorker, Rest]]:
        for loaded in self._workers:
            if loaded.at_rest is not None:
                yield loaded, loaded.at_rest


def resting_bytes() -> int:
    """How much memory the workers at rest may hold: little where the machine has little."""
    return min(RESTING_BYTES, memory_of_machine()[0] // _PART_OF_MACHINE)
