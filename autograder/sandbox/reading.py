"""Judge: have files that were handed in parsed by a confined process that holds no student code.

The modules of `autograder/readers` are loaded there in the place of a rubric's support modules.
What the process answers is not trusted: a file may have taken it over.
"""

import time
from collections.abc import Callable
from pathlib import Path

from autograder.remote.messages import MalformedValue, Message, pack, unpack
from autograder.sandbox.channel import ChannelError, ChannelStopped, ChannelTimeout
from autograder.sandbox.client import Worker, Zygote
from autograder.sandbox.policy import SandboxReport
from autograder.sandbox.worker_spec import WorkerSpec

READERS = Path(__file__).parent.parent / "readers"
READER_BYTES = 2 * 2**30
"""The memory of a process that reads files."""
_REQUEST_BYTES = 1_000_000
_WORDS_LENGTH = 200


class ReadingFailed(Exception):
    """A file could not be read; the text completes a sentence about it."""


class LibraryMissing(Exception):
    """The library that reads a file is not installed; the text is its name."""


class ConfinedReader:
    """One process for the files of one submission; it starts when it is first used.

    Args:
        zygote: the zygote that forks it.
        spec: makes its spec, with `READERS` as its support modules.
        verify: refuses a process that is not confined as required.
    """

    def __init__(
        self,
        zygote: Zygote,
        spec: Callable[[], WorkerSpec],
        verify: Callable[[SandboxReport], None],
    ) -> None:
        self._zygote, self._spec, self._verify = zygote, spec, verify
        self._worker: Worker | None = None

    def call(self, module: str, function: str, *arguments: object, seconds: float) -> object:
        """Call a function of a reader, and return a copy of what it returns.

        Raises:
            ReadingFailed: it raised a ValueError, took too long or too much, or died.
            LibraryMissing: what it imports is not installed.
            SandboxFailure: the process could not be started or confined.
        """
        if self._worker is None:
            self._worker = self._zygote.open(self._spec())
            self._verify(self._worker.report)
        fields: dict[str, object] = {
            "operation": "call",
            "path": ["support", module, function],
            "arguments": list(arguments),
        }
        try:
            request = pack(fields, _refuse, _REQUEST_BYTES)
            reply = self._worker.ask(request, time.monotonic() + seconds)
            return self._value(reply)
        except ChannelTimeout:
            self.close()
            raise ReadingFailed(f"takes longer than {seconds:g} s to read") from None
        except ChannelStopped as error:
            self.close()
            raise ReadingFailed(f"takes more than {error} to read") from None
        except (ChannelError, MalformedValue):
            self.close()
            raise ReadingFailed("cannot be read: what reads it was ended by it") from None

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _value(self, reply: Message) -> object:
        error = reply.tree.get("error")
        if error is None:
            answer = Message(reply.tree["value"], reply.buffers)
            return unpack(answer, _refuse_reference, writeable=False)
        kind, message = error["type"], error["message"]
        if kind == "ModuleNotFoundError":
            raise LibraryMissing(message.rpartition(" ")[2].strip("'\"")[:_WORDS_LENGTH])
        if kind == "ValueError":
            raise ReadingFailed(message.partition("\n")[0][:_WORDS_LENGTH])
        if kind == "MemoryError":
            raise ReadingFailed("takes too much memory to read")
        raise ReadingFailed("cannot be read")


def _refuse(value: object) -> Message:
    raise TypeError(type(value).__name__)


def _refuse_reference(number: int, kind: str) -> object:
    raise MalformedValue("a reference in the place of a value")
