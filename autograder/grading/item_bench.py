"""Where one item's tests talk to the student's code: a process of its own, within a time limit."""

import time

from autograder.assignment import Item
from autograder.grading.loaded_worker import LoadedWorker
from autograder.grading.lost import Talker, WorkerLost, explain
from autograder.remote.values import Message
from autograder.rubric.sources import Lines
from autograder.rubric.student import Session, StudentProxy
from autograder.sandbox.channel import ChannelError, ChannelMalformed, ChannelStopped


class ItemBench:
    """The process of one item, and the time that is left for it.

    Args:
        item: the item.
        loaded: what the process is branched from, when a test first asks.
        lines: of the files handed in.
        seed: for the process.
        seconds_left: until the item's time is up.
    """

    def __init__(
        self, item: Item, loaded: LoadedWorker, lines: Lines, seed: int, seconds_left: float
    ) -> None:
        self.item, self.seconds_left = item, seconds_left
        self._loaded, self._lines, self._seed = loaded, lines, seed
        self._talker: Talker | None = None
        self._lost: WorkerLost | None = None

    def student(self) -> StudentProxy:
        """A handle for the item's next test; nothing that an earlier test held is reachable."""
        forget = self._talker is not None
        return StudentProxy(Session(self._request, self._lines, self._loaded.known, forget))

    def distrust(self) -> None:
        """Give the process up: what it sent was no value, and what follows may be out of turn."""
        if self._talker is not None and self._lost is None:
            self._lost = self._explain(ChannelMalformed(), self._talker)

    def look(self) -> None:
        """Look at what the process uses, when it is not waited for.

        Raises:
            WorkerLost: it is too much, and the process has been ended.
        """
        if self._talker is None or self._lost is not None:
            return
        reason = self._loaded.excess()
        if reason:
            self._lost = self._explain(ChannelStopped(reason), self._talker)
            self._loaded.stop(self._talker)
            raise self._lost

    def pause(self) -> bool:
        """Keep the process for the item's next turn; False where there is none to keep."""
        if self._talker is None or self._lost is not None:
            return False
        return self._loaded.pause(self._talker)

    def go_on(self) -> bool:
        """Go on after a pause; False where the process is gone."""
        return self._talker is not None and self._talker.go_on()

    def close(self) -> None:
        """End the process."""
        if self._talker is not None:
            self._loaded.end(self._talker)

    def _request(self, request: Message) -> Message:
        if self._lost is not None:
            raise self._lost
        if self._talker is None:
            try:
                self._talker = self._loaded.branch(self._seed)
            except WorkerLost as lost:
                self._lost = lost
                raise
        # Only the time spent in student code counts, so that our own work costs nobody points.
        started = time.monotonic()
        try:
            return self._talker.ask(request, deadline=started + self.seconds_left)
        except ChannelError as error:
            self._lost = self._explain(error, self._talker)
            raise self._lost from None
        finally:
            self.seconds_left -= time.monotonic() - started

    def _explain(self, error: ChannelError, talker: Talker) -> WorkerLost:
        limit = f"the time limit of this item, {self.item.timeout_s:g} s"
        return explain(error, talker, "your code", limit)
