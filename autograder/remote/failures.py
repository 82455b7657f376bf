"""Worker: describe exceptions and warnings of student code, with the student's own lines."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.remote.messages import Tree, carried_text

MAX_MESSAGE = 2_000
MAX_FRAMES = 8
MAX_NAME = 100
MAX_PATH = 500


class Teller:
    """Describes exceptions and warnings that occur in the files of one submission.

    Args:
        folder: the files handed in.
        cause_of: returns the error that caused an error, such as the failed import of a name.
        name_file: returns a name for a file of the student's that lies elsewhere, "" for other
            files.
        support: the folder of the rubric's support modules, if it is not in `folder`.
    """

    def __init__(
        self,
        folder: Path,
        cause_of: Callable[[BaseException], BaseException | None] = lambda error: None,
        name_file: Callable[[str], str] = lambda file: "",
        support: Path | None = None,
    ) -> None:
        self.folder, self.cause_of, self.name_file = folder, cause_of, name_file
        self._support = support

    def failure(self, error: BaseException) -> Tree:
        """Return the node of an exception: its type, its message and the student's own frames.

        It contains the same for its `cause`, if another exception caused it.
        """
        try:
            cause = self.cause_of(error)
            described = self._describe(error)
            return described if cause is None else described | {"cause": self._describe(cause)}
        except BaseException:  # a student's exception class may make every description fail
            return {"type": "Exception", "message": "", "frames": []}

    def warning(self, warning: warnings.WarningMessage) -> str:
        """Return a warning and its place, in one line."""
        try:
            place = self._relative(warning.filename)
            where = f" ({place}, line {warning.lineno})" if place else ""
            message = self._without_place(str(warning.message))
            text = f"{warning.category.__name__}: {message}{where}"
            return carried_text(text[:MAX_MESSAGE])
        except BaseException:  # as above
            return "Warning"

    def _describe(self, error: BaseException) -> Tree:
        return {
            "type": carried_text(type(error).__name__[:MAX_NAME]),
            "message": carried_text(self._without_place(_message(error))[:MAX_MESSAGE]),
            "frames": [list(frame) for frame in self._frames(error)],
        }

    def _frames(self, error: BaseException) -> list[tuple[str, int, str]]:
        """Return a traceback's frames in student files, outermost first: (file, line, function).

        The last one is in a support module if that has raised the exception itself.
        """
        frames = []
        traceback = error.__traceback__
        raised_in_support: list[tuple[str, int, str]] = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            file, of_support = self._relative(code.co_filename), self._in_support(code.co_filename)
            if file or of_support:
                function = carried_text(code.co_name[:MAX_NAME])
                frame = (file or of_support, traceback.tb_lineno, function)
                frames += [frame] if file else []
                raised_in_support = [] if file else [frame]
            traceback = traceback.tb_next
        frames += raised_in_support
        if isinstance(error, SyntaxError) and isinstance(error.filename, str):
            file = self._relative(error.filename)
            if file:
                frames.append((file, int(error.lineno or 1), ""))
        return frames[-MAX_FRAMES:]

    def _in_support(self, file: str) -> str:
        """Return the name of a support module's file; "" for other files."""
        if self._support is None:
            return ""
        try:
            return f"support/{Path(file).relative_to(self._support).as_posix()}"[:MAX_PATH]
        except ValueError:
            return ""

    def _without_place(self, text: str) -> str:
        """Return the text with the student's files named by their paths in the submission."""
        return text.replace(f"{self.folder}/", "")

    def _relative(self, file: str) -> str:
        try:
            relative = Path(file).relative_to(self.folder).as_posix()
        except ValueError:
            relative = self.name_file(file)
        return relative if relative.isprintable() and len(relative) <= MAX_PATH else ""


def _message(error: Any) -> str:
    if isinstance(error, SyntaxError):
        return str(error.msg)
    if isinstance(error, KeyError) and len(error.args) == 1:
        return repr(error.args[0])
    try:
        return str(error)
    except BaseException:  # a student's exception class may raise when it is converted to text
        return ""
