"""What a freshly forked worker does: confine itself, prove it, then serve until hung up on.

Everything after the report is untrusted: student code shares this process.
"""

import ctypes
import gc
import os
import random
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # numpy itself would import it late, once in every worker

from autograder.notebook.libraries import prepare_one_process
from autograder.notebook.stand_ins import put_stand_ins
from autograder.remote.messages import Message
from autograder.remote.object_server import ObjectServer
from autograder.remote.released import put_released
from autograder.sandbox.channel import Channel, ChannelError
from autograder.sandbox.confine import LAYERS, Means, confine, descriptors
from autograder.sandbox.guard import NoSuchName, guard_names
from autograder.sandbox.identity import Lease
from autograder.sandbox.imports import forbid_imports
from autograder.sandbox.job import WorkerSpec
from autograder.sandbox.selftest import probe
from autograder.sandbox.watch import MAX_TASKS

_HIGHEST_DESCRIPTOR = 2**16
# What Python says of a thread and of a fork that the limit on their number forbids (confine.py).
_NO_MORE_TASKS = ("can't start new thread", "[Errno 11] Resource temporarily unavailable")

# Python's own fork begins anew with what threads share. Where there are none, the C library's does
# as well, and does not write to, and so copy, two hundred pages.
_fork_alone = ctypes.PyDLL(None).fork


def serve(
    job: WorkerSpec,
    connections: list[socket.socket],
    means: Means | None,
    lease: Lease | None = None,
) -> None:
    """Confine this process, report, and answer requests until the judge hangs up.

    Args:
        job: what to do.
        connections: to the judge: the worker's own, and one for each of its branches.
        means: what to confine it by; None leaves every layer off, for measurements.
        lease: of the user id that is this worker's own, if it can have one.
    """
    kept = [] if means is None else descriptors(job, means)
    _silence([*kept, *(connection.fileno() for connection in connections)])
    os.umask(0o077)
    if means is None:
        report: dict[str, Any] = {"layers": dict.fromkeys(LAYERS, "absent: off"), "probes": {}}
    else:
        report = {"layers": confine(job, means, lease)}
    os.chdir(job.scratch)
    put_released(Path(job.folder), job.released, Path(job.scratch), link=True)
    os.environ.update(HOME=job.scratch, TMPDIR=job.scratch, MPLCONFIGDIR=job.scratch)
    if job.data:
        os.environ["AUTOGRADER_DATA"] = job.data
    _seed(job.seed)
    if means is not None:
        report["probes"] = probe(job)
    server = ObjectServer(
        Path(job.folder),
        job.packages,
        Path(job.support),
        max_bytes=job.answer_bytes,
        notebooks=job.notebooks,
        scratch=Path(job.scratch),
    )
    prepare_one_process()
    put_stand_ins()  # for packages, and for functions that import when they are called
    forbid_imports(job)
    try:
        guard_names(job)
    except NoSuchName as error:  # the assignment's fault, before any student code
        report = {"fault": str(error)}
    channel = Channel(connections[0])
    try:
        channel.send(Message(report))  # until here it was all ours; now student code may run
        _serve_on(channel, server, connections[1:])
    except ChannelError:
        return


def _serve_on(channel: Channel, server: ObjectServer, spare: list[socket.socket]) -> None:
    """Answer requests; at `{"fork": ...}`, fork a process that goes on from here on its own.

    A branch finds everything as this process has left it, such as packages that have been imported
    or a notebook that has been run, and what it does is its own affair. The answer is its process
    id, 0 where there is none.
    """
    while True:
        request = channel.receive()
        if type(request.tree) is not dict or "fork" not in request.tree:
            _answer(channel, _naming_the_limit(server.handle(request)))
            continue
        _reap_forks()
        server.forget()
        gc.freeze()  # or branches would go through, and copy, all that is here (zygote.py)
        process = _fork(**request.tree["fork"]) if spare else -1
        if process == 0:
            channel.close()
            connection, *others = spare
            for other in others:
                other.close()
            channel, spare = Channel(connection), []
            continue
        if process > 0:  # else the judge, too, has this connection still to come
            spare.pop(0).close()
        channel.send(Message({"value": max(process, 0)}))


def _fork(seed: int | None, alone: bool) -> int:
    """Fork; returns the child's id, 0 in the child, -1 where a fork could not go on.

    Args:
        seed: for the child's generators; None leaves them as they are.
        alone: whether to fork only a process of one thread, since no other lives on in a fork.
    """
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return -1  # a graphics card that is in use cannot be shared with a fork
    if alone and _threads() != 1:
        return -1
    try:
        process = int(_fork_alone()) if alone else os.fork()
    except OSError:  # there are as many processes and threads as there may be
        return -1
    if process == 0 and seed is not None:
        _seed(seed)
    return process


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # there is no /proc here
        return 1


def _reap_forks() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _naming_the_limit(reply: Message) -> Message:
    """Say which limit was met where Python only says that there is no more of something."""
    error = reply.tree.get("error") if type(reply.tree) is dict else None
    if type(error) is dict and error.get("message") in _NO_MORE_TASKS:
        error["message"] += (
            f" (no more than {MAX_TASKS} processes and threads at once, and the stack of each "
            "thread takes memory)"
        )
    return reply


def _answer(channel: Channel, reply: Message) -> None:
    try:
        channel.send(reply)
    except (ValueError, TypeError, OverflowError):  # text that msgpack cannot carry, and the like
        words = "the answer cannot be carried"
        channel.send(Message({"error": {"type": "ValueError", "message": words, "frames": []}}))


def _silence(kept: list[int]) -> None:
    """Close all other descriptors; let prints go nowhere, so that they cost and reach nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    low = 3
    for descriptor in sorted(kept):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, _HIGHEST_DESCRIPTOR)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed % 2**63)
