"""Define how a run reports its progress."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class GradingProgress(Protocol):
    """Progress callbacks of a run."""

    def begin(self, name: str, item_id: str) -> None:
        """Report that the tests of an item of a submission begin."""

    def finish(self, name: str) -> None:
        """Report that a submission has been graded."""

    def skip(self, name: str) -> None:
        """Report that a submission does not have to be graded."""


class NoProgress:
    """Progress callbacks that do nothing."""

    def begin(self, name: str, item_id: str) -> None:
        """Do nothing."""

    def finish(self, name: str) -> None:
        """Do nothing."""

    def skip(self, name: str) -> None:
        """Do nothing."""


Watch = Callable[[int, int], AbstractContextManager[GradingProgress]]
"""Shows progress, given the number of submissions and of the items of each."""


def unwatched(submissions: int, items: int) -> AbstractContextManager[GradingProgress]:
    """Show no progress."""
    return nullcontext(NoProgress())
