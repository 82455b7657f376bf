"""When a process with student's code does not answer any more: what to say of it."""

from typing import Protocol

from autograder.remote.values import Message
from autograder.sandbox.channel import (
    ChannelError,
    ChannelMalformed,
    ChannelStopped,
    ChannelTimeout,
)


class WorkerLost(Exception):
    """The process does not answer any more.

    Attributes:
        status: the status that this costs the running test, "timeout" or "crashed".
        words: what happened, for the student.
    """

    def __init__(self, status: str, words: str) -> None:
        self.status, self.words = status, words
        super().__init__(words)


class Ending(Protocol):
    """A process with the student's code."""

    def how_it_ended(self) -> str:
        """End it, and say in words how it ended by itself."""

    def close(self) -> None:
        """End it."""


class Talker(Ending, Protocol):
    """The process that an item's tests talk to: a branch of a worker, or the worker itself."""

    def ask(self, request: Message, deadline: float) -> Message:
        """Send a request, and return the reply."""

    def pause(self) -> bool:
        """Stop it until it is to go on; False where that cannot be."""

    def go_on(self) -> bool:
        """Continue it; False where it is gone."""


def explain(error: ChannelError, process: Ending, what: str, limit: str) -> WorkerLost:
    """End a process that has not answered, and say why.

    Args:
        error: what came instead of an answer.
        process: which should have answered.
        what: what was running in it, in words.
        limit: the time limit, in words.
    """
    if isinstance(error, ChannelTimeout):
        process.close()
        return WorkerLost(
            "timeout",
            f"{what} was still running when {limit}, was up; "
            "look for a loop that never ends or does far too much work",
        )
    if isinstance(error, ChannelStopped):
        process.close()
        return WorkerLost("crashed", f"{what} was stopped: it used more than {error}")
    if isinstance(error, ChannelMalformed):
        process.close()
        return WorkerLost("crashed", f"the process of {what} sent something that is no answer")
    return WorkerLost("crashed", f"while {what} was running, {process.how_it_ended()}")
