"""The judge's side of the sandbox: start a zygote, open workers, ask them, end them."""

import signal
import socket
import time
from typing import Any

import msgpack

from autograder.sandbox.job import Job
from autograder.sandbox.launch import START_SECONDS, Launched, launch
from autograder.sandbox.policy import Report, is_report
from autograder.sandbox.watch import Watch
from autograder.sandbox.wire import Wire, WireError, WireMalformed
from autograder.sandbox.zygote import PACKET_BYTES, packed_job
from autograder.workbench.values import Parcel
from autograder.workbench.workbench import MAX_FRAMES, MAX_MESSAGE, MAX_NAME, MAX_PATH

DISK_BYTES = 256 * 2**20
_GRACE_SECONDS = 1.0


class SandboxFailure(Exception):
    """The sandbox itself does not work; the student's code is not to blame."""


class Zygote:
    """A process that forks clean workers.

    Args:
        launched: the process, started at once if none is given.
    """

    def __init__(self, launched: Launched | None = None) -> None:
        self._launched = launched or launch()

    @property
    def process(self) -> int:
        """Its process id."""
        return self._launched.process.pid

    def open(self, job: Job) -> "Worker":
        """Fork a worker for a job.

        Raises:
            SandboxFailure: no worker could be had, not even from a fresh zygote.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = self._fork(job, theirs)
            except SandboxFailure:
                ours.close()
                raise
        watch = Watch(self.process, job.scratch, job.memory_bytes, DISK_BYTES)
        worker = Worker(self, process, Wire(ours, look=watch.excess))
        worker.wait_until_ready(time.monotonic() + START_SECONDS)
        return worker

    def end(self, process: int, grace: float) -> int | None:
        """End a worker; see `autograder.sandbox.zygote`. None where nothing is known."""
        try:
            answer = self._ask(msgpack.packb({"close": process, "grace": grace}))
        except SandboxFailure:
            return None
        exit_code = answer["exit"]
        return exit_code if isinstance(exit_code, int) else None

    def close(self) -> None:
        """End the zygote and every worker, unless it belongs to another process."""
        self._launched.close()

    def _fork(self, job: Job, connection: socket.socket) -> int:
        try:
            answer = self._ask(packed_job(job), connection.fileno())
        except SandboxFailure:
            # Student code may have killed the zygote; the next job must not pay for that.
            self.close()
            self._launched = launch(*self._launched.options)
            answer = self._ask(packed_job(job), connection.fileno())
        return int(answer["process"])

    def _ask(self, packet: bytes, *descriptors: int) -> dict[str, Any]:
        try:
            socket.send_fds(self._launched.control, [packet], descriptors)
            answer = self._launched.control.recv(PACKET_BYTES)
        except OSError as error:
            reason = f"the process that starts workers does not answer: {error}"
            raise SandboxFailure(reason) from error
        if not answer:
            raise SandboxFailure("the process that starts workers has ended")
        return dict(msgpack.unpackb(answer))


class Worker:
    """One worker: student code runs in it, and it answers requests.

    Attributes:
        report: how it is confined, found out before student code was there.
    """

    def __init__(self, zygote: Zygote, process: int, wire: Wire) -> None:
        self._zygote, self._process, self._wire = zygote, process, wire
        self._open = True
        self.report = Report({}, {})

    def ask(self, request: Parcel, deadline: float) -> Parcel:
        """Send a request and wait for the reply.

        Args:
            request: for the worker's workbench.
            deadline: on the clock of `time.monotonic`.

        Raises:
            WireError: no answer by then, no answer at all, or something that is no answer.
        """
        self._wire.send(request, deadline)
        reply = self._wire.receive(deadline)
        if not _is_reply(reply.tree):
            raise WireMalformed("not a reply")
        return reply

    def wait_until_ready(self, deadline: float) -> None:
        """Wait until the worker has confined itself, and keep what it reports.

        Raises:
            SandboxFailure: it did not come so far; no student code has run yet.
        """
        try:
            report = self._wire.receive(deadline).tree
        except WireError as error:
            self.close()
            raise SandboxFailure(f"a worker could not confine itself: {error}") from error
        if not is_report(report):
            self.close()
            raise SandboxFailure("a worker did not say how it is confined")
        assert isinstance(report, dict)
        self.report = Report(report["layers"], report["probes"])

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
        """End the worker with everything it has started."""
        self._end(0.0)

    def _end(self, grace: float) -> int | None:
        if not self._open:
            return None
        self._open = False
        self._wire.close()
        return self._zygote.end(self._process, grace)


def _is_reply(tree: object) -> bool:
    """Whether a tree has the form of a workbench's reply; its value is looked at by `unpack`."""
    if type(tree) is not dict or len(tree) != 1:
        return False
    if "value" in tree:
        return True
    error = tree.get("error")
    if type(error) is not dict or error.keys() != {"type", "message", "frames"}:
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
