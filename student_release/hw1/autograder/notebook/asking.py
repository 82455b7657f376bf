"""Replace `input()` in a run, where no answer is possible, and explain errors that follow."""

import sys
import types

from autograder.notebook.telling import say_once

_MOST = 200
_WORDS = "input() cannot be answered when a notebook is graded; assign the value instead"


class Unanswered(RuntimeError):
    """A notebook asked for input."""


class Asking:
    """A stand-in for `input`: it prints that no answer is possible and returns an empty string.

    Raises:
        Unanswered: the notebook asks again and again.
    """

    def __init__(self) -> None:
        self._last: Unanswered | None = None
        self._frame: types.FrameType | None = None
        self._count = 0

    def __call__(self, prompt: object = "") -> str:
        say_once(_WORDS)
        frame = sys._getframe(1)
        place = types.TracebackType(None, frame, frame.f_lasti, frame.f_lineno)
        self._last, self._frame = Unanswered(_WORDS).with_traceback(place), frame
        self._count += 1
        if self._count > _MOST:
            raise self._last
        return ""

    def forget(self) -> None:
        """Forget the questions so far: they caused no error."""
        self._last = self._frame = None

    def behind(self, error: BaseException, in_statement: bool) -> Unanswered | None:
        """Return the question that caused an error, if one did.

        Args:
            error: what was raised.
            in_statement: whether it ended a statement of a cell; then questions of this statement
                count, else those of the code that raised the error.
        """
        if self._last is None or isinstance(error, NotImplementedError):
            return None
        traceback = error.__traceback__
        while traceback is not None and not in_statement:
            in_statement = traceback.tb_frame is self._frame
            traceback = traceback.tb_next
        return self._last if in_statement else None
