"""Bound the processor time that a judge spends on an item's tests itself.

A test may go through what student code has returned, entry by entry, and that may be any size. The
time limit of its item does not count this, because the student's process is not waited for. So the
tests of an item have as much processor time once more for what they compute themselves; the one
that uses it up is ended in its own lines. Meanwhile the student's process may go on, so it is
looked at, as it is while it is waited for.
"""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

LEAST_SECONDS = 0.2
"""Of a test whose item has nothing left: much more than most take."""
AGAIN_SECONDS = 0.2
_LOOK_SECONDS = 0.05
"""Of processor time: other timers of this process are taken. The watch looks no more often than it
would anyway (sandbox/watch.py)."""
_PACKAGE = Path(__file__).parent.parent
# Who is at work there must come to an end with what was begun, such as reading an answer.
_UNDISTURBED = (str(_PACKAGE / "grading"), str(_PACKAGE / "sandbox"))


class TooMuchToCheck(Exception):
    """What student code returned keeps a test busy for too long."""


class CheckTimeout:
    """The time that is left for the tests of one submission.

    Args:
        rubric: folder of the rubric's tests.
        limits: the time limit of each item, in seconds, by its id.
        look: called now and then while a test computes; what it raises ends the test.
    """

    def __init__(
        self, rubric: Path, limits: Mapping[str, float], look: Callable[[], None] = lambda: None
    ) -> None:
        self._rubric, self._left, self._look = f"{rubric}/", dict(limits), look

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Have tests ended that take too long; for the main thread."""
        before = signal.signal(signal.SIGPROF, self._stop)
        before_looks = signal.signal(signal.SIGVTALRM, self._look_around)
        try:
            yield
        finally:
            signal.signal(signal.SIGVTALRM, before_looks)
            signal.signal(signal.SIGPROF, before)

    @contextmanager
    def of_one_test(self, item_id: str) -> Iterator[None]:
        """Count the time until this is left, and have the test ended when it is too much.

        Args:
            item_id: the test's item.

        Raises:
            TooMuchToCheck: in the test's own lines, or below them.
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
        """Whether a test is at work, and nobody for it who must not be disturbed."""
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(_UNDISTURBED):
                return False  # the next signal finds it elsewhere
            if file.startswith(self._rubric):
                return True
            frame = frame.f_back
        return False
