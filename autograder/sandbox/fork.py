"""The judge's side of a branch: a process that a worker has forked to answer in its place."""

import os
import signal
import time
from typing import TYPE_CHECKING

from autograder.remote.values import Message
from autograder.sandbox.channel import Channel
from autograder.sandbox.memory import private_memory, unshared_memory
from autograder.sandbox.processes import exit_code_of, is_living_child, parent_of, threads_of
from autograder.sandbox.replies import ask

if TYPE_CHECKING:
    from autograder.sandbox.client import Worker

GRACE_SECONDS = 1.0
_LOOK_SECONDS = 0.005
# What is paused counts towards the caps of those at work: so few at a time, each with little.
_MAX_PAUSED_THREADS = 16
PAUSED_BYTES = 32 * 2**20


class Fork:
    """A process forked from a worker: it answers requests, and what it does is its own affair.

    Args:
        worker: that it was forked from.
        channel: to it.
        process: its id, 0 where that is not known.
    """

    def __init__(self, worker: "Worker", channel: Channel, process: int) -> None:
        self._worker, self._channel, self._process, self._is_open = worker, channel, process, True
        channel.while_waiting = lambda: worker.release(process)

    def ask(self, request: Message, deadline: float) -> Message:
        """As `Worker.ask`."""
        return ask(self._channel, request, deadline)

    def pause(self) -> bool:
        """Stop it until it is to go on, so that another branch can be at work.

        Returns:
            False where it is not fit for that: it has started something, or holds much memory.
        """
        threads = sum(map(threads_of, {*self._worker.paused, self._process}))
        if not self._is_there() or threads > _MAX_PAUSED_THREADS:
            return False
        try:
            if self._holds_much() or self._worker.has_others(self._process):
                return False
            os.kill(self._process, signal.SIGSTOP)
        except OSError:
            return False
        self._worker.paused.add(self._process)
        return True

    def go_on(self) -> bool:
        """Continue it after a pause; False where it is gone."""
        self._worker.paused.discard(self._process)
        if not self._is_there():
            return False
        os.kill(self._process, signal.SIGCONT)
        return True

    def how_it_ended(self) -> str:
        """End the branch and say in words how it ended by itself."""
        words = how_a_process_ended(self._exit_code())
        self.close()
        return words

    def close(self) -> None:
        """End it with everything it has started."""
        if self._is_open:
            self._is_open = False
            self._worker.paused.discard(self._process)
            self._worker.prune(
                self._process
            )  # first, or it would see that it is hung up on, and tidy up
            self._channel.close()

    def _is_there(self) -> bool:
        return (
            self._is_open
            and self._process != 0
            and is_living_child(self._process, self._worker.process)
        )

    def _holds_much(self) -> bool:
        """Whether it holds much memory that it does not share with the worker.

        Raises:
            OSError: it is gone, or the kernel does not tell.
        """
        # The first look is a quick one, and enough for most.
        if private_memory(self._process) <= PAUSED_BYTES:
            return False
        with self._worker.look_into():
            return unshared_memory(self._process) > PAUSED_BYTES

    def _exit_code(self) -> int | None:
        """What it has ended with; its worker has not asked the kernel for that yet."""
        until = time.monotonic() + GRACE_SECONDS
        while self._process and time.monotonic() < until:
            if parent_of(self._process) != self._worker.process:
                return None
            with self._worker.look_into():
                code = exit_code_of(self._process)
            if code is not None:
                return code
            time.sleep(_LOOK_SECONDS)
        return None


def how_a_process_ended(exit_code: int | None) -> str:
    """Say in words how a process ended by itself.

    Args:
        exit_code: what it returned, or its signal with a minus; None where it had to be killed.
    """
    if exit_code is None:
        return "the process stopped answering"
    if exit_code >= 0:
        return f"the process was ended from within (exit code {exit_code}), as os._exit does"
    number = -exit_code
    if number == signal.SIGKILL:
        return "the process was killed (signal SIGKILL)"
    if number == signal.SIGXCPU:
        return "the process used up its processor time"
    name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
    return f"the process crashed (signal {name})"
