"""What `input()` is in a run: nobody answers, and what goes wrong by that says so."""

import sys
import types

from autograder.notebook.telling import say_once

_MOST = 200
_WORDS = "input() cannot be answered when a notebook is graded; assign the value instead"


class Unanswered(RuntimeError):
    """A notebook has asked for input."""


class Asking:
    """A stand-in for `input`: it says that nobody answers, and gives an empty text.

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
        """Forget what has been asked so far: it went well."""
        self._last = self._frame = None

    def behind(self, error: BaseException, in_statement: bool) -> Unanswered | None:
        """The question that an error follows from, if it does.

        Args:
            error: what was raised.
            in_statement: whether it has ended the statement of a cell; then what this one has asked
                counts, else what the code that has raised it has asked itself.
        """
        if self._last is None or isinstance(error, NotImplementedError):
            return None
        traceback = error.__traceback__
        while traceback is not None and not in_statement:
            in_statement = traceback.tb_frame is self._frame
            traceback = traceback.tb_next
        return self._last if in_statement else None
