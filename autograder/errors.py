"""Define the errors shown to a person, each a sentence of three parts: what; where; what to do.

AutograderError                 anything that ends a command with a clear message
  UsageError           exit 2   the command line names something that is not there
  FindingError         exit 1   the command worked and found something wrong
    AssignmentErrors   exit 1   all mistakes in an assignment's own files, reported together
  Stopped              exit 130 a person has stopped the command
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

EXIT_DONE = 0
EXIT_FINDING = 1
EXIT_USAGE = 2
EXIT_STOPPED = 128 + 2  # what a shell reports for a program that SIGINT has ended


class AutograderError(Exception):
    """An error to be shown as `what; where; what to do`, never as a traceback.

    Args:
        what: what is wrong, in a few words.
        where: the file, folder, line or command-line argument concerned.
        remedy: what to do about it.
    """

    exit_code = EXIT_FINDING

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__("; ".join(part for part in (what, where, remedy) if part))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle it with its parts, to send it to another process (own_process.py)."""
        return _restored, (type(self), self.args, self.__dict__)


class UsageError(AutograderError):
    """The command line asks for something that does not exist or cannot be done."""

    exit_code = EXIT_USAGE


class FindingError(AutograderError):
    """The command did its work and found something wrong."""


class Stopped(AutograderError):
    """A person has pressed Ctrl-C.

    Args:
        remedy: how to continue.
    """

    exit_code = EXIT_STOPPED

    def __init__(self, remedy: str = "") -> None:
        super().__init__("stopped", remedy=remedy)


@dataclass(frozen=True)
class Problem:
    """One mistake in an assignment's files.

    Attributes:
        file: the path as a person would type it, relative to the course folder.
        line: the line number, from 1; 0 if the problem concerns the whole file.
        what: what is wrong.
        remedy: what to write instead.
    """

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.remedy}"


class AssignmentErrors(FindingError):
    """All mistakes found in an assignment's files, reported together."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _restored(
    kind: type[AutograderError], arguments: tuple[Any, ...], state: dict[str, Any]
) -> AutograderError:
    error = kind.__new__(kind)
    error.args = arguments
    error.__dict__.update(state)
    return error
