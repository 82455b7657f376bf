"""Judge: start, ask, pause and end the processes in which student code runs.

    Zygote   starts workers (the other side is zygote.py)
    Worker   has loaded a submission, and forks (the other side is worker.py)
    Fork     a fork of a worker, which answers in its place

`is_reply` checks the form of a reply before anything else reads it.
"""

import os
import signal
import socket
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import TypeGuard

import msgpack

from autograder.remote.failures import MAX_FRAMES, MAX_MESSAGE, MAX_NAME, MAX_PATH
from autograder.remote.messages import Message
from autograder.sandbox.channel import Channel, ChannelError, ChannelMalformed
from autograder.sandbox.confine import ACTIVE
from autograder.sandbox.cores import Core
from autograder.sandbox.launch import START_SECONDS, Launched, launch
from autograder.sandbox.memory import private_memory, unshared_memory
from autograder.sandbox.policy import SandboxReport, is_report
from autograder.sandbox.processes import (
    exit_code_of,
    is_living_child,
    listed_children,
    parent_of,
    threads_of,
)
from autograder.sandbox.requests import PendingReply, Requests, SandboxFailure, ZygoteGone
from autograder.sandbox.watch import ResourceMonitor
from autograder.sandbox.worker_spec import MAX_FORKS, WorkerSpec
from autograder.sandbox.zygote import open_packet

DISK_BYTES = 256 * 2**20
GRACE_SECONDS = 1.0
_LOOK_SECONDS = 0.005
# Paused forks count towards the caps of the process at work, so only a few are kept, each of which
# holds little.
_MAX_PAUSED_THREADS = 16
PAUSED_BYTES = 32 * 2**20


class Zygote:
    """The process that forks workers in a known state.

    Args:
        launched: the process; started immediately if none is given.
        core: the core on which workers are kept while they answer quickly.
    """

    def __init__(self, launched: Launched | None = None, core: Core | None = None) -> None:
        self._launched, self._core = launched or launch(), core
        self._requests = Requests(self._launched.control)
        self._workers: list[Worker] = []

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._launched.process.pid

    def open(
        self, spec: WorkerSpec, forks: int = 0, meanwhile: Callable[[], None] = lambda: None
    ) -> "Worker":
        """Fork a worker, and wait until it is confined.

        Args:
            spec: what it loads and may do.
            forks: how often it may be forked.
            meanwhile: called regularly while the judge waits for the worker, to check on others.

        Raises:
            SandboxFailure: a worker could not be started, not even from a new zygote.
        """
        try:
            return self._start_and_wait(spec, forks, meanwhile)
        except ZygoteGone:
            # Student code may have killed the zygote; this must not affect the next worker.
            self._launched.close()
            self._launched = launch(*self._launched.options)
            self._requests = Requests(self._launched.control)
            self._workers.clear()
            return self._start_and_wait(spec, forks, meanwhile)

    def close(self) -> None:
        """End the zygote and every worker, unless it belongs to another process."""
        self._launched.close()

    def _start_and_wait(
        self, spec: WorkerSpec, forks: int, meanwhile: Callable[[], None]
    ) -> "Worker":
        pairs = [socket.socketpair() for _ in range(1 + min(forks, MAX_FORKS))]
        try:
            pending = self._requests.send(
                open_packet(spec), *(theirs.fileno() for _, theirs in pairs)
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
            self.pid, others, spec.scratch, spec.memory_bytes, DISK_BYTES, meanwhile
        )
        channel, *spare = (Channel(ours, look=watch.excess) for ours, _ in pairs)
        worker = Worker(self, channel, pending, self._requests, watch, self._core, spare)
        self._workers.append(worker)
        worker.wait_until_ready(time.monotonic() + START_SECONDS)
        return worker

    def workers_alive(self) -> set[int]:
        """Return the process ids of the workers that have not been ended."""
        self._requests.settle()
        self._workers = [one for one in self._workers if one.is_open]
        return {one.pid for one in self._workers}

    def _others(self, pending: PendingReply) -> set[int]:
        """Return the process ids of the workers that are alive, except the one of this request."""
        alive = self.workers_alive()
        return alive.difference(one.pid for one in self._workers if one.pending is pending)


class StudentProcess:
    """A process that runs student code and answers requests: a worker, or a fork of one.

    Args:
        channel: the channel to it.

    Attributes:
        is_open: whether the judge has not ended it.
    """

    def __init__(self, channel: Channel) -> None:
        self._channel, self.is_open = channel, True

    def ask(self, request: Message, deadline: float) -> Message:
        """Send a request and wait for the reply.

        Args:
            request: the request to the process's object server.
            deadline: the time limit for the reply, on the clock of `time.monotonic`.

        Raises:
            ChannelError: no reply arrived before the deadline or at all, or it was malformed.
        """
        self._channel.send(request, deadline)
        reply = self._channel.receive(deadline)
        if not is_reply(reply.tree):
            raise ChannelMalformed("not a reply")
        return reply

    def end_and_describe(self) -> str:
        """End the process, and return in words how it ended by itself."""
        raise NotImplementedError

    def close(self) -> None:
        """End the process and everything it has started."""
        raise NotImplementedError


class Worker(StudentProcess):
    """One worker: a confined process that has loaded, or will load, a submission.

    Attributes:
        zygote: the zygote that forked it.
        pending: the request to the zygote that started it.
        report: how it is confined, determined before student code was loaded.
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
        super().__init__(channel)
        self.pending, self._requests, self._core = pending, requests, core
        self.zygote, self._watch, self._spare = zygote, watch, list(spare)
        self.report = SandboxReport({}, {})
        channel.while_waiting = lambda: self.release(self.pid)

    @property
    def paused(self) -> set[int]:
        """The process ids of its paused forks."""
        return self._watch.paused

    @property
    def pid(self) -> int:
        """Its process id.

        Raises:
            SandboxFailure: the process could not be started.
        """
        process = int(self._requests.wait(self.pending)["process"])
        if not process:
            raise SandboxFailure("no user id is free for one more worker")
        return process

    def fork(self, deadline: float, seed: int | None = None, alone: bool = False) -> "Fork | None":
        """Let the worker fork in its present state; return None if it cannot.

        The previous fork has to be closed or paused.

        Args:
            deadline: the time limit, on the clock of `time.monotonic`.
            seed: the seed for the fork's random generators; None leaves them unchanged.
            alone: whether to fork only if the worker has a single thread.

        Raises:
            ChannelError: the worker does not answer.
        """
        if not self._spare:
            return None
        self.resume()
        request = Message({"fork": {"seed": seed, "alone": alone}})
        process = self.ask(request, deadline).tree.get("value")
        if not _is_process(process) and self.paused:
            # Paused forks may have used up the caps; their items can continue without them.
            self.paused.clear()
            self.prune(0)
            process = self.ask(request, deadline).tree.get("value")
        if not _is_process(process):
            return None
        # The worker may report any process; one that is not its child counts as unknown.
        is_its_own = parent_of(process) == self.pid
        return Fork(self, self._spare.pop(0), process if is_its_own else 0)

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until the worker has confined itself, and keep what it reports.

        Raises:
            SandboxFailure: it did not succeed; student code has not run yet.
        """
        try:
            process = self.pid
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

    def end_and_describe(self) -> str:
        """End the worker, and return in words how it ended by itself."""
        return _how_a_process_ended(self._end(GRACE_SECONDS))

    def close(self) -> None:
        """End the worker and everything it has started, and wait until that is done."""
        self._end(0.0)

    def _end(self, grace: float) -> int | None:
        """End it, unless it was ended before; return the exit code, None if it is not known."""
        if not self.is_open:
            return None
        self._hang_up()
        try:
            packet = msgpack.packb({"close": self.pid, "grace": grace})
            exit_code = self._requests.wait(self._requests.send(packet))["exit"]
        except SandboxFailure:
            return None
        return exit_code if isinstance(exit_code, int) else None

    def resume(self) -> None:
        """Let it continue: it may be at rest, or a fork of it may have stopped it."""
        try:
            os.kill(self.pid, signal.SIGCONT)
        except OSError:
            pass  # it has ended together with the zygote

    def release(self, process: int) -> None:
        """Allow it, or a fork of it, to run on any core, because it takes long."""
        if self._core is not None and process:
            self._core.release(process)

    def excess(self) -> str:
        """Return in words which limit it exceeds with all that it has started, or ""."""
        return self._watch.excess()

    def look_into(self) -> AbstractContextManager[None]:
        """Return a context with its user id: the kernel shows its processes only to this id."""
        return self._watch.eyes()

    def has_others(self, fork: int) -> bool:
        """Return whether it has processes other than itself, its paused forks and this fork."""
        known = {fork, *self.paused}
        others = {child for child in listed_children(self.pid) if child not in known}
        others = {child for child in others if exit_code_of(child) is None}
        orphans = set(listed_children(self.zygote.pid)) - self.zygote.workers_alive()
        return bool(others or orphans or listed_children(fork))

    def prune(self, fork: int) -> None:
        """Kill a fork and everything that the worker has started, except paused forks.

        Args:
            fork: its process id; 0 if it is not known.
        """
        try:
            if self.is_open:
                about = {"prune": self.pid, "fork": fork, "spare": list(self.paused)}
                packet = msgpack.packb(about)
                self._requests.wait(self._requests.send(packet))
        except SandboxFailure:
            pass

    def _hang_up(self) -> None:
        self.is_open = False
        for channel in (self._channel, *self._spare):
            channel.close()


class Fork(StudentProcess):
    """A process forked from a worker: changes that it makes to itself end with it.

    Args:
        worker: the worker from which it was forked.
        channel: the channel to it.
        pid: its process id; 0 if it is not known.
    """

    def __init__(self, worker: Worker, channel: Channel, pid: int) -> None:
        super().__init__(channel)
        self._worker, self.pid = worker, pid
        channel.while_waiting = lambda: worker.release(pid)

    def pause(self) -> bool:
        """Stop it until `resume`, so that another fork can be at work.

        Returns:
            False if it cannot be paused: it has started processes, or holds much memory.
        """
        threads = sum(map(threads_of, {*self._worker.paused, self.pid}))
        if not self._is_there() or threads > _MAX_PAUSED_THREADS:
            return False
        try:
            if self._holds_much() or self._worker.has_others(self.pid):
                return False
            os.kill(self.pid, signal.SIGSTOP)
        except OSError:
            return False
        self._worker.paused.add(self.pid)
        return True

    def resume(self) -> bool:
        """Continue it after a pause; return False if it has ended."""
        self._worker.paused.discard(self.pid)
        if not self._is_there():
            return False
        os.kill(self.pid, signal.SIGCONT)
        return True

    def end_and_describe(self) -> str:
        """End the fork, and return in words how it ended by itself."""
        words = _how_a_process_ended(self._exit_code())
        self.close()
        return words

    def close(self) -> None:
        """End it and everything it has started."""
        if self.is_open:
            self.is_open = False
            self._worker.paused.discard(self.pid)
            # First, because it would notice that the channel is closed, and could remove traces.
            self._worker.prune(self.pid)
            self._channel.close()

    def _is_there(self) -> bool:
        return self.is_open and self.pid != 0 and is_living_child(self.pid, self._worker.pid)

    def _holds_much(self) -> bool:
        """Return whether it holds much memory that it does not share with the worker.

        Raises:
            OSError: it has ended, or the kernel does not provide this.
        """
        # The first check is quick, and enough for most forks.
        if private_memory(self.pid) <= PAUSED_BYTES:
            return False
        with self._worker.look_into():
            return unshared_memory(self.pid) > PAUSED_BYTES

    def _exit_code(self) -> int | None:
        """Return its exit code, if it has ended; its worker has not reaped it yet."""
        until = time.monotonic() + GRACE_SECONDS
        while self.pid and time.monotonic() < until:
            if parent_of(self.pid) != self._worker.pid:
                return None
            with self._worker.look_into():
                code = exit_code_of(self.pid)
            if code is not None:
                return code
            time.sleep(_LOOK_SECONDS)
        return None


def _how_a_process_ended(exit_code: int | None) -> str:
    """Return in words how a process ended by itself.

    Args:
        exit_code: what it returned, or its negated signal; None if it had to be killed.
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


def _is_process(value: object) -> TypeGuard[int]:
    return type(value) is int and value > 0


def is_reply(tree: object) -> bool:
    """Return whether a tree has the form of a reply; `unpack` checks the value in it."""
    if type(tree) is not dict or len(tree) != 1:
        return False
    if "value" in tree:
        return True
    error = tree.get("error")
    if type(error) is dict and "cause" in error:
        cause = error["cause"]
        return _is_error({**error} | {"cause": None}, {"cause"}) and _is_error(cause)
    return _is_error(error)


def _is_error(error: object, also: Collection[str] = ()) -> bool:
    if type(error) is not dict or error.keys() != {"type", "message", "frames", *also}:
        return False
    frames = error["frames"]
    return (
        _is_text(error["type"], MAX_NAME)
        and _is_text(error["message"], MAX_MESSAGE)
        and type(frames) is list
        and len(frames) <= MAX_FRAMES
        and all(map(_is_frame, frames))
    )


def _is_frame(frame: object) -> bool:
    return (
        type(frame) is list
        and len(frame) == 3
        and _is_text(frame[0], MAX_PATH)
        and frame[0].isprintable()
        and type(frame[1]) is int
        and _is_text(frame[2], MAX_NAME)
    )


def _is_text(value: object, longest: int) -> bool:
    return type(value) is str and len(value) <= longest
