"""Judge: limit the processor time that an item's tests use in the judge itself.

A test may go through a value that student code has returned, entry by entry, and the value may have
any size. The item's time limit does not cover this, because the judge does not wait for the
student's process meanwhile. So the tests of an item may use the same amount of processor time again
for their own computations; the test that exceeds it is ended in its own lines. The student's
process may run meanwhile, so its resource use is checked, as it is while the judge waits for it.
"""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

LEAST_SECONDS = 0.2
"""Minimum time for a test whose item has no time left: much more than most tests take."""
AGAIN_SECONDS = 0.2
_LOOK_SECONDS = 0.05
"""In processor time, because the other timers of this process are in use. The monitor does not
measure more often because of it (sandbox/watch.py)."""
_PACKAGE = Path(__file__).parent.parent
# Code in these folders must not be interrupted, for example while it reads a reply.
_UNDISTURBED = (str(_PACKAGE / "grading"), str(_PACKAGE / "sandbox"))


class TooMuchToCheck(Exception):
    """A test needs too long to go through what student code has returned."""


class CheckTimeout:
    """The processor time left for the tests of one submission.

    Args:
        rubric: the folder of the rubric's tests.
        limits: the time limit of each item, in seconds, by its id.
        look: called regularly while a test computes; an exception from it ends the test.
    """

    def __init__(
        self, rubric: Path, limits: Mapping[str, float], look: Callable[[], None] = lambda: None
    ) -> None:
        self._rubric, self._left, self._look = f"{rubric}/", dict(limits), look

    @contextmanager
    def watched(self) -> Iterator[None]:
        """End tests that take too long; must be called in the main thread."""
        before = signal.signal(signal.SIGPROF, self._stop)
        before_looks = signal.signal(signal.SIGVTALRM, self._look_around)
        try:
            yield
        finally:
            signal.signal(signal.SIGVTALRM, before_looks)
            signal.signal(signal.SIGPROF, before)

    @contextmanager
    def of_one_test(self, item_id: str) -> Iterator[None]:
        """Count the processor time of one test, and end the test if it uses too much.

        Args:
            item_id: the id of the test's item.

        Raises:
            TooMuchToCheck: in the test's own lines, or in code that they call.
        """
        started = time.process_time()
        left = max(self._left[item_id], LEAST_SECONDS)
        signal.setitimer(signal.ITIMER_PROF, left, AGAIN_SECONDS)
        signal.setitimer(signal.ITIMER_VIRTUAL, _LOOK_SECONDS, _LOOK_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._left[item_id] -= time.process_time() - started

    def _stop(self, number: int, frame: FrameType | None) -> None:
        if self._is_in_test(frame):
            raise TooMuchToCheck("it takes too long to go through what was returned")

    def _look_around(self, number: int, frame: FrameType | None) -> None:
        if self._is_in_test(frame):
            self._look()

    def _is_in_test(self, frame: FrameType | None) -> bool:
        """Return whether a test's own lines are running, outside of `_UNDISTURBED`."""
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(_UNDISTURBED):
                return False  # the next signal is likely to arrive in other code
            if file.startswith(self._rubric):
                return True
            frame = frame.f_back
        return False
