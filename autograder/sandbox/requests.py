"""Judge: send requests to a zygote, which answers one after another while the judge continues.

Ending a worker and starting another take some milliseconds each. A judge that has sent both
requests continues with its work, and reads the replies when it needs them.
"""

import socket
from collections import deque
from typing import Any

import msgpack

PACKET_BYTES = 2**16


class SandboxFailure(Exception):
    """The sandbox itself does not work; student code is not the cause."""


class ZygoteGone(SandboxFailure):
    """The process that starts workers does not answer any more."""


class PendingReply:
    """One request; it has an answer once `Requests.wait` has read that far."""

    def __init__(self) -> None:
        self.answer: dict[str, Any] | None = None


class Requests:
    """The requests sent to a zygote, including those that it has not answered yet.

    Args:
        control: the socket to the zygote.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._unanswered: deque[PendingReply] = deque()

    def send(self, packet: bytes, *descriptors: int) -> PendingReply:
        """Send a request.

        Raises:
            ZygoteGone: the zygote does not receive.
        """
        try:
            socket.send_fds(self._control, [packet], descriptors)
        except OSError as error:
            raise _no_answer(str(error)) from error
        self._unanswered.append(PendingReply())
        return self._unanswered[-1]

    def wait(self, pending: PendingReply) -> dict[str, Any]:
        """Wait for the answer to a request and return it; answers to earlier ones are read first.

        Raises:
            ZygoteGone: the zygote does not answer.
        """
        while pending.answer is None:
            if pending not in self._unanswered:
                raise _no_answer("an earlier request was lost")
            self._read_one()
        return pending.answer

    def settle(self) -> None:
        """Read all outstanding answers, as far as they arrive."""
        try:
            while self._unanswered:
                self._read_one()
        except ZygoteGone:
            pass

    def _read_one(self) -> None:
        try:
            packet = self._control.recv(PACKET_BYTES)
        except OSError as error:
            self._unanswered.clear()
            raise _no_answer(str(error)) from error
        if not packet:
            self._unanswered.clear()
            raise ZygoteGone("the process that starts workers has ended")
        self._unanswered.popleft().answer = dict(msgpack.unpackb(packet))


def _no_answer(reason: str) -> ZygoteGone:
    return ZygoteGone(f"the process that starts workers does not answer: {reason}")
