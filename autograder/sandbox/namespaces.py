"""Give workers namespaces where possible, without network devices or shared memory of others.

This is best effort. Root may make namespaces; a plain user needs a user namespace first, which many
systems and Docker's default profile refuse. Other layers do not rely on them: seccomp refuses
sockets and shared memory as well. Creating and destroying a pair of them takes milliseconds, so
root makes one pair for all workers of a zygote, while the zygote imports what it needs.
"""

import os
import signal
from collections.abc import Sequence

from autograder.sandbox.libc import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWUSER, last_error, libc
from autograder.sandbox.reap import die_with


class Making:
    """A network and an IPC namespace for workers to enter, whose creation has begun.

    A child process asks for them, because this process must not move: leases of user ids are valid
    in one network namespace only.

    Attributes:
        reading: the end of a pipe from which the child's answer can be read; only root has one.
    """

    def __init__(self) -> None:
        self._child = 0
        if os.geteuid() != 0:
            return
        self.reading, writing = os.pipe()
        parent = os.getpid()
        self._child = os.fork()
        if self._child == 0:
            try:
                die_with(parent)  # the child keeps open everything that this process has open
                os.close(self.reading)
                os.write(writing, b"-" if _unshare(CLONE_NEWNET | CLONE_NEWIPC) else b"+")
                signal.pause()  # until the parent has opened its namespaces
            finally:
                os._exit(0)
        os.close(writing)

    def finish(self) -> list[int]:
        """Wait until they have been created; must be called once.

        Returns:
            Descriptors of the two; an empty list if each worker has to make its own.
        """
        if not self._child:
            return []
        try:
            return _open_namespaces(self._child) if os.read(self.reading, 1) == b"+" else []
        finally:
            os.close(self.reading)
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)


def enter(prepared: Sequence[int] = ()) -> str:
    """Move this process to a network and an IPC namespace separate from the grader's.

    Args:
        prepared: descriptors that `Making.finish` has returned; if empty, it makes its own.

    Returns:
        "" if that succeeded, else the reason why not.
    """
    if prepared:
        return "; ".join(filter(None, map(_set, prepared)))
    flags = CLONE_NEWNET | CLONE_NEWIPC
    if os.geteuid() != 0:
        flags |= CLONE_NEWUSER
    return _unshare(flags)


def _open_namespaces(process: int) -> list[int]:
    try:
        return [os.open(f"/proc/{process}/ns/{name}", os.O_RDONLY) for name in ("net", "ipc")]
    except OSError:
        return []


def _unshare(flags: int) -> str:
    return _call("unshare", flags)


def _set(descriptor: int) -> str:
    reason = _call("setns", descriptor, 0)
    os.close(descriptor)
    return reason


def _call(name: str, *arguments: int) -> str:
    """Call the kernel; return "" if that succeeded, else the reason why not."""
    try:
        return "" if getattr(libc, name)(*arguments) == 0 else str(last_error().strerror)
    except AttributeError as error:
        return str(error)
