"""The judge's side of the sandbox: start a zygote, open workers, ask them, end them."""

import signal
import socket
import time
from collections.abc import Callable, Sequence
from functools import partial

import msgpack

from autograder.sandbox.confine import ACTIVE
from autograder.sandbox.cores import Core
from autograder.sandbox.job import MAX_BRANCHES, Job
from autograder.sandbox.launch import START_SECONDS, Launched, launch
from autograder.sandbox.orders import Order, Orders, SandboxFailure, ZygoteGone
from autograder.sandbox.policy import Report, is_report
from autograder.sandbox.replies import ask
from autograder.sandbox.watch import Watch
from autograder.sandbox.wire import Wire, WireError
from autograder.sandbox.zygote import packed_job
from autograder.workbench.values import Parcel

DISK_BYTES = 256 * 2**20
_GRACE_SECONDS = 1.0


class Zygote:
    """A process that forks clean workers.

    Args:
        launched: the process, started at once if none is given.
        core: where workers are kept while they answer quickly.
    """

    def __init__(self, launched: Launched | None = None, core: Core | None = None) -> None:
        self._launched, self._core = launched or launch(), core
        self._orders = Orders(self._launched.control)
        self._workers: list[Worker] = []

    @property
    def process(self) -> int:
        """Its process id."""
        return self._launched.process.pid

    def open(self, job: Job, branches: int = 0) -> "Worker":
        """Fork a worker for a job, and wait until it is confined.

        Args:
            job: what it is told.
            branches: how often it may be branched.

        Raises:
            SandboxFailure: no worker could be had, not even from a fresh zygote.
        """
        try:
            return self._start_and_wait(job, branches)
        except ZygoteGone:
            # Student code may have killed the zygote; the next job must not pay for that.
            self._launched.close()
            self._launched = launch(*self._launched.options)
            self._orders = Orders(self._launched.control)
            self._workers.clear()
            return self._start_and_wait(job, branches)

    def start(self, job: Job, branches: int = 0) -> "Worker":
        """Have a worker forked for a job; it confines itself while this process goes on.

        Raises:
            SandboxFailure: the zygote is gone.
        """
        pairs = [socket.socketpair() for _ in range(1 + min(branches, MAX_BRANCHES))]
        try:
            order = self._orders.send(packed_job(job), *(theirs.fileno() for _, theirs in pairs))
        except ZygoteGone:
            for ours, _ in pairs:
                ours.close()
            raise
        finally:
            for _, theirs in pairs:
                theirs.close()
        others = partial(self._others, order)
        watch = Watch(self.process, others, job.scratch, job.memory_bytes, DISK_BYTES)
        wire, *spare = (Wire(ours, look=watch.excess) for ours, _ in pairs)
        worker = Worker(wire, order, self._orders, watch, self._core, spare)
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """End the zygote and every worker, unless it belongs to another process."""
        self._launched.close()

    def _start_and_wait(self, job: Job, branches: int) -> "Worker":
        worker = self.start(job, branches)
        worker.wait_until_ready(time.monotonic() + START_SECONDS)
        return worker

    def _others(self, order: Order) -> list[int]:
        """The processes of the workers that are alive, but of the one that was ordered so."""
        self._orders.settle()
        self._workers = [one for one in self._workers if one.is_open]
        return [one.process for one in self._workers if one.order is not order]


class Worker:
    """One worker: student code runs in it, and it answers requests.

    Attributes:
        order: by which the zygote has started it.
        report: how it is confined, found out before student code was there.
        is_open: whether it has not been ended.
    """

    def __init__(
        self,
        wire: Wire,
        order: Order,
        orders: Orders,
        watch: Watch,
        core: Core | None = None,
        spare: Sequence[Wire] = (),
    ) -> None:
        self.order, self._wire, self._orders, self._core = order, wire, orders, core
        self._watch, self._spare = watch, list(spare)
        self.report = Report({}, {})
        self.is_open = True
        wire.while_waiting = self._release

    @property
    def process(self) -> int:
        """Its process id.

        Raises:
            SandboxFailure: there is none.
        """
        process = int(self._orders.wait(self.order)["process"])
        if not process:
            raise SandboxFailure("no user id is free for one more worker")
        return process

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        """Send a request and wait for the reply.

        Args:
            request: for the worker's workbench.
            deadline: on the clock of `time.monotonic`.

        Raises:
            WireError: no answer by then, no answer at all, or something that is no answer.
        """
        return ask(self._wire, request, deadline)

    def branch(self, deadline: float) -> "Branch | None":
        """Have the worker fork, as it is now; None where it cannot.

        The branch before has to be closed.

        Raises:
            WireError: the worker does not answer.
        """
        if not self._spare:
            return None
        answer = ask(self._wire, Parcel({"branch": True}), deadline)
        if answer.tree != {"value": True}:
            return None
        return Branch(self._spare.pop(0), self._prune)

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until the worker has confined itself, and keep what it reports.

        Raises:
            SandboxFailure: it did not come so far; no student code has run yet.
        """
        try:
            process = self.process
            report = self._wire.receive(deadline).tree
        except SandboxFailure:
            self._hang_up()
            raise
        except WireError as error:
            self.close()
            raise SandboxFailure(f"a worker could not confine itself: {error}") from error
        if not is_report(report):
            self.close()
            raise SandboxFailure("a worker did not say how it is confined")
        assert isinstance(report, dict)
        layers = dict(report["layers"])
        if layers["watch"] == ACTIVE:
            reason = self._watch.begin(process)
            layers["watch"] = f"absent: {reason}" if reason else ACTIVE
        self.report = Report(layers, report["probes"])
        if self._core is not None:
            self._core.hold(process)

    def how_it_ended(self) -> str:
        """End the worker and say in words how it ended by itself."""
        exit_code = self._end(_GRACE_SECONDS)
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

    def close(self) -> None:
        """End the worker with everything it has started, and wait until that is done."""
        self._end(0.0)

    def close_soon(self) -> None:
        """Have the worker ended with everything it has started, and do not wait for it."""
        try:
            self._order_end(0.0)
        except SandboxFailure:
            pass

    def _end(self, grace: float) -> int | None:
        """End it, if that is still to do; the exit code, or None where nothing is known."""
        try:
            order = self._order_end(grace)
            if order is None:
                self._orders.settle()  # `close_soon` may have ordered it, and not waited
                return None
            exit_code = self._orders.wait(order)["exit"]
        except SandboxFailure:
            return None
        return exit_code if isinstance(exit_code, int) else None

    def _order_end(self, grace: float) -> Order | None:
        if not self.is_open:
            return None
        self._hang_up()
        return self._orders.send(msgpack.packb({"close": self.process, "grace": grace}))

    def _release(self) -> None:
        """Let it run on any core: it takes long."""
        if self._core is not None:
            self._core.release(self.process)

    def _prune(self) -> None:
        """Kill what the worker has started, and wait until that is done."""
        try:
            if self.is_open:
                packet = msgpack.packb({"prune": self.process})
                self._orders.wait(self._orders.send(packet))
        except SandboxFailure:
            pass

    def _hang_up(self) -> None:
        self.is_open = False
        for wire in (self._wire, *self._spare):
            wire.close()


class Branch:
    """A process forked from a worker: it answers requests, and what it does is its own affair."""

    def __init__(self, wire: Wire, prune: Callable[[], None]) -> None:
        self._wire, self._prune, self._is_open = wire, prune, True

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        """As `Worker.ask`."""
        return ask(self._wire, request, deadline)

    def how_it_ended(self) -> str:
        """End the branch and say in words how it ended by itself."""
        self.close()
        return "the process ended, or stopped answering"

    def close(self) -> None:
        """End it with everything it has started."""
        if self._is_open:
            self._is_open = False
            self._wire.close()
            self._prune()
