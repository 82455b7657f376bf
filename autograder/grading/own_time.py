"""Bound the processor time that a judge spends on one submission's tests itself.

A test may go through what student code has returned, entry by entry, and that may be any size. No
time limit of an item counts this, because the student's process is not waited for. All tests of an
assignment together take a second or so; where they take very much longer, the present one is ended
in its own lines.
"""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

OWN_SECONDS = 20.0
"""Of a submission's tests together."""
_LEAST_SECONDS = 0.2
"""Of a test where all that is used up: much more than most take."""
_AGAIN_SECONDS = 0.2
_PACKAGE = Path(__file__).parent.parent
# Who is at work there must come to an end with what was begun, such as reading an answer.
_UNDISTURBED = (str(_PACKAGE / "grading"), str(_PACKAGE / "sandbox"))


class TooMuchToCheck(Exception):
    """What student code returned keeps a test busy for too long."""


class OwnTime:
    """The time that is left for the tests of one submission.

    Args:
        rubric: folder of the rubric's tests.
    """

    def __init__(self, rubric: Path) -> None:
        self._rubric, self._left = f"{rubric}/", OWN_SECONDS

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Have tests ended that take too long; for the main thread."""
        before = signal.signal(signal.SIGPROF, self._stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGPROF, before)

    @contextmanager
    def of_one_test(self) -> Iterator[None]:
        """Count the time until this is left, and have the test ended when it is too much.

        Raises:
            TooMuchToCheck: in the test's own lines, or below them.
        """
        started = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, max(self._left, _LEAST_SECONDS), _AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._left -= time.process_time() - started

    def _stop(self, number: int, frame: FrameType | None) -> None:
        while frame is not None:
            file = frame.f_code.co_filename
            if file.startswith(_UNDISTURBED):
                return  # the next signal finds it elsewhere
            if file.startswith(self._rubric):
                raise TooMuchToCheck("it takes too long to go through what was returned")
            frame = frame.f_back
