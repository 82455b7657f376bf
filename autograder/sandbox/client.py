"""The judge's side of the sandbox: start a zygote, open workers, ask them, end them."""

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeGuard

import msgpack

from autograder.remote.values import Message
from autograder.sandbox.channel import Channel, ChannelError
from autograder.sandbox.confine import ACTIVE
from autograder.sandbox.cores import Core
from autograder.sandbox.fork import GRACE_SECONDS, Fork, how_a_process_ended
from autograder.sandbox.job import MAX_BRANCHES, WorkerSpec
from autograder.sandbox.launch import START_SECONDS, Launched, launch
from autograder.sandbox.policy import SandboxReport, is_report
from autograder.sandbox.processes import exit_code_of, listed_children, parent_of
from autograder.sandbox.replies import ask
from autograder.sandbox.requests import PendingReply, Requests, SandboxFailure, ZygoteGone
from autograder.sandbox.watch import ResourceMonitor
from autograder.sandbox.zygote import packed_job

DISK_BYTES = 256 * 2**20


class Zygote:
    """A process that forks clean workers.

    Args:
        launched: the process, started at once if none is given.
        core: where workers are kept while they answer quickly.
    """

    def __init__(self, launched: Launched | None = None, core: Core | None = None) -> None:
        self._launched, self._core = launched or launch(), core
        self._requests = Requests(self._launched.control)
        self._workers: list[Worker] = []

    @property
    def process(self) -> int:
        """Its process id."""
        return self._launched.process.pid

    def open(
        self, job: WorkerSpec, branches: int = 0, beside: Callable[[], None] = lambda: None
    ) -> "Worker":
        """Fork a worker for a job, and wait until it is confined.

        Args:
            job: what it is told.
            branches: how often it may be branched.
            beside: called now and then while the worker is waited for, to look after others.

        Raises:
            SandboxFailure: no worker could be had, not even from a fresh zygote.
        """
        try:
            return self._start_and_wait(job, branches, beside)
        except ZygoteGone:
            # Student code may have killed the zygote; the next job must not pay for that.
            self._launched.close()
            self._launched = launch(*self._launched.options)
            self._requests = Requests(self._launched.control)
            self._workers.clear()
            return self._start_and_wait(job, branches, beside)

    def close(self) -> None:
        """End the zygote and every worker, unless it belongs to another process."""
        self._launched.close()

    def _start_and_wait(
        self, job: WorkerSpec, branches: int, beside: Callable[[], None]
    ) -> "Worker":
        pairs = [socket.socketpair() for _ in range(1 + min(branches, MAX_BRANCHES))]
        try:
            pending = self._requests.send(
                packed_job(job), *(theirs.fileno() for _, theirs in pairs)
            )
        except ZygoteGone:
            for ours, _ in pairs:
                ours.close()
            raise
        finally:
            for _, theirs in pairs:
                theirs.close()
        others = partial(self._others, pending)
        watch = ResourceMonitor(
            self.process, others, job.scratch, job.memory_bytes, DISK_BYTES, beside
        )
        channel, *spare = (Channel(ours, look=watch.excess) for ours, _ in pairs)
        worker = Worker(self, channel, pending, self._requests, watch, self._core, spare)
        self._workers.append(worker)
        worker.wait_until_ready(time.monotonic() + START_SECONDS)
        return worker

    def workers_alive(self) -> set[int]:
        """The processes of the workers that have not been ended."""
        self._requests.settle()
        self._workers = [one for one in self._workers if one.is_open]
        return {one.process for one in self._workers}

    def _others(self, pending: PendingReply) -> set[int]:
        """The processes of the workers that are alive, but of the one that was ordered so."""
        alive = self.workers_alive()
        return alive.difference(one.process for one in self._workers if one.pending is pending)


class Worker:
    """One worker: student code runs in it, and it answers requests.

    Attributes:
        zygote: that it comes from.
        pending: by which the zygote has started it.
        report: how it is confined, found out before student code was there.
        is_open: whether it has not been ended.
    """

    def __init__(
        self,
        zygote: "Zygote",
        channel: Channel,
        pending: PendingReply,
        requests: Requests,
        watch: ResourceMonitor,
        core: Core | None = None,
        spare: Sequence[Channel] = (),
    ) -> None:
        self.pending, self._channel, self._requests, self._core = pending, channel, requests, core
        self.zygote, self._watch, self._spare = zygote, watch, list(spare)
        self.report = SandboxReport({}, {})
        self.is_open = True
        channel.while_waiting = lambda: self.release(self.process)

    @property
    def paused(self) -> set[int]:
        """The ids of its branches that are stopped until it is their turn."""
        return self._watch.paused

    @property
    def process(self) -> int:
        """Its process id.

        Raises:
            SandboxFailure: there is none.
        """
        process = int(self._requests.wait(self.pending)["process"])
        if not process:
            raise SandboxFailure("no user id is free for one more worker")
        return process

    def ask(self, request: Message, deadline: float) -> Message:
        """Send a request and wait for the reply.

        Args:
            request: for the worker's object server.
            deadline: on the clock of `time.monotonic`.

        Raises:
            ChannelError: no answer by then, no answer at all, or something that is no answer.
        """
        return ask(self._channel, request, deadline)

    def branch(
        self, deadline: float, seed: int | None = None, alone: bool = False
    ) -> "Fork | None":
        """Have the worker fork, as it is now; None where it cannot.

        The branch before has to be closed or paused.

        Args:
            deadline: on the clock of `time.monotonic`.
            seed: for the branch's generators; None leaves them as they are.
            alone: whether it is to fork only where it has no more than one thread.

        Raises:
            ChannelError: the worker does not answer.
        """
        if not self._spare:
            return None
        self.go_on()
        request = Message({"branch": {"seed": seed, "alone": alone}})
        process = self.ask(request, deadline).tree.get("value")
        if not _is_process(process) and self.paused:
            # What waits may have left no room for one more; its items can do without it.
            self.paused.clear()
            self.prune(0)
            process = self.ask(request, deadline).tree.get("value")
        if not _is_process(process):
            return None
        # It may name any process; what is no child of its own is taken for none.
        is_its_own = parent_of(process) == self.process
        return Fork(self, self._spare.pop(0), process if is_its_own else 0)

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until the worker has confined itself, and keep what it reports.

        Raises:
            SandboxFailure: it did not come so far; no student code has run yet.
        """
        try:
            process = self.process
            report = self._channel.receive(deadline).tree
        except SandboxFailure:
            self._hang_up()
            raise
        except ChannelError as error:
            self.close()
            raise SandboxFailure(f"a worker could not confine itself: {error}") from error
        if type(report) is dict and type(report.get("fault")) is str:
            self.close()
            raise SandboxFailure(report["fault"])
        if not is_report(report):
            self.close()
            raise SandboxFailure("a worker did not say how it is confined")
        assert isinstance(report, dict)
        layers = dict(report["layers"])
        if layers["watch"] == ACTIVE:
            reason = self._watch.begin(process)
            layers["watch"] = f"absent: {reason}" if reason else ACTIVE
        self.report = SandboxReport(layers, report["probes"])
        if self._core is not None:
            self._core.hold(process)

    def how_it_ended(self) -> str:
        """End the worker and say in words how it ended by itself."""
        return how_a_process_ended(self._end(GRACE_SECONDS))

    def close(self) -> None:
        """End the worker with everything it has started, and wait until that is done."""
        self._end(0.0)

    def _end(self, grace: float) -> int | None:
        """End it, if that is still to do; the exit code, or None where nothing is known."""
        if not self.is_open:
            return None
        self._hang_up()
        try:
            packet = msgpack.packb({"close": self.process, "grace": grace})
            exit_code = self._requests.wait(self._requests.send(packet))["exit"]
        except SandboxFailure:
            return None
        return exit_code if isinstance(exit_code, int) else None

    def go_on(self) -> None:
        """Let it run: a branch of it may have stopped it."""
        try:
            os.kill(self.process, signal.SIGCONT)
        except OSError:
            pass  # it has ended together with the zygote

    def release(self, process: int) -> None:
        """Let it, or a branch of it, run on any core: it takes long."""
        if self._core is not None and process:
            self._core.release(process)

    def excess(self) -> str:
        """Which limit it exceeds with all that it has started, in words; "" for none."""
        return self._watch.excess()

    def look_into(self) -> AbstractContextManager[None]:
        """For a look into its processes, which the kernel allows to their own user id."""
        return self._watch.eyes()

    def has_others(self, branch: int) -> bool:
        """Whether anything of it runs besides itself, branches that are paused and this one."""
        known = {branch, *self.paused}
        others = {child for child in listed_children(self.process) if child not in known}
        others = {child for child in others if exit_code_of(child) is None}
        orphans = set(listed_children(self.zygote.process)) - self.zygote.workers_alive()
        return bool(others or orphans or listed_children(branch))

    def prune(self, branch: int) -> None:
        """Kill a branch and all that the worker has started, but for branches that are paused.

        Args:
            branch: its process id, 0 where that is not known.
        """
        try:
            if self.is_open:
                about = {"prune": self.process, "branch": branch, "spare": list(self.paused)}
                packet = msgpack.packb(about)
                self._requests.wait(self._requests.send(packet))
        except SandboxFailure:
            pass

    def _hang_up(self) -> None:
        self.is_open = False
        for channel in (self._channel, *self._spare):
            channel.close()


def _is_process(value: object) -> TypeGuard[int]:
    return type(value) is int and value > 0
