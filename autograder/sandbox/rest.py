"""Judge: put a worker to rest: it is stopped, with its paused forks, until it is needed again.

Student code can make the kernel wake it, for example by a timer; then the judge does not wait for
it or limit what it does. So the judge checks workers at rest as often as workers at work: a worker
at rest must be unchanged, or it is ended.
"""

import os
import signal
import time
from collections.abc import Collection
from typing import TYPE_CHECKING

from autograder.sandbox.client import PAUSED_BYTES
from autograder.sandbox.memory import private_memory, share_of_memory
from autograder.sandbox.processes import (
    descendants,
    is_living_child,
    is_stopped,
    living_children,
    switches_of,
)
from autograder.sandbox.requests import SandboxFailure

if TYPE_CHECKING:
    from autograder.sandbox.client import Worker

_STOPPING_SECONDS = 10.0  # on a loaded machine, whose pages may have to be read from a disk
_LOOK_SECONDS = 0.0005
_TRIES = 3
_SLACK_BYTES = 2**20


class Rest:
    """A worker that has been stopped.

    Args:
        worker: the worker; everything it has started is ended, except paused forks.

    Attributes:
        memory: the maximum number of bytes that it holds.

    Raises:
        SandboxFailure: it cannot be stopped.
    """

    def __init__(self, worker: "Worker") -> None:
        self._worker = worker
        for _ in range(_TRIES):
            self._stop()
            if not self._has_others() and not self._has_orphans(None):
                break
            worker.prune(0)  # this also continues the worker
        else:
            raise SandboxFailure("it starts processes without end")
        try:
            self._private = {one: private_memory(one) for one in self._processes()}
            self._switches = {one: switches_of(one) for one in self._processes()}
        except OSError:
            raise SandboxFailure("it has ended") from None
        self.memory = self._private[worker.pid] + PAUSED_BYTES * len(worker.paused)
        self._share = 0

    def is_undisturbed(self, resting: Collection[int]) -> bool:
        """Return whether it is unchanged: stopped, without additional processes or memory.

        Its memory can also grow while it is stopped: the kernel joins small pages into large ones.

        Args:
            resting: the process ids of all workers at rest.
        """
        try:
            return (
                self._private.keys() == self._processes()
                and all(map(is_stopped, self._private))
                and not self._has_others()
                and not self._has_orphans(resting)
                and all(
                    private_memory(one) <= before + _SLACK_BYTES
                    or switches_of(one) == self._switches[one]
                    for one, before in self._private.items()
                )
            )
        except (OSError, SandboxFailure):
            return False

    def share(self) -> int:
        """Return the bytes that it holds; memory shared with its zygote counts partly.

        This takes some milliseconds for each process. The value does not change, so it is measured
        once.
        """
        if not self._share:
            try:
                with self._worker.look_into():
                    folders = (f"/proc/{process}" for process in self._private)
                    self._share = sum(map(share_of_memory, folders))
            except OSError:  # it has ended, or the kernel does not provide this
                self._share = self.memory
        return self._share

    def _processes(self) -> set[int]:
        return {self._worker.pid, *self._worker.paused}

    def _stop(self) -> None:
        """Stop the worker, and wait until it and its paused forks have stopped."""
        process, until = self._worker.pid, time.monotonic() + _STOPPING_SECONDS
        try:
            os.kill(process, signal.SIGSTOP)
        except OSError:
            raise SandboxFailure("it has ended") from None
        while not all(map(is_stopped, self._processes())):
            if not all(is_living_child(fork, process) for fork in self._worker.paused):
                raise SandboxFailure("a paused fork has ended")
            if time.monotonic() > until:
                raise SandboxFailure("it cannot be stopped")
            time.sleep(_LOOK_SECONDS)

    def _has_orphans(self, resting: Collection[int] | None) -> bool:
        """Return whether a process runs that has lost its parent, if no worker at work explains it.

        Args:
            resting: the process ids of all workers at rest; None if no other worker is at work.
        """
        zygote = self._worker.zygote
        alive = zygote.workers_alive()
        if resting is not None and not alive.issubset(resting):
            return False
        try:
            return bool(living_children(zygote.pid, alive))
        except OSError:  # this kernel does not provide lists of children
            return False

    def _has_others(self) -> bool:
        process, paused = self._worker.pid, self._worker.paused
        try:
            return bool(living_children(process, paused))
        except OSError:  # this kernel does not provide such lists
            return bool(descendants(process, paused, ended=False))
