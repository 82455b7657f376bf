"""Worker: confine this newly forked process, prove the confinement, then answer requests.

Everything that it sends after the report is untrusted: student code shares this process.
"""

import ctypes
import gc
import os
import random
import socket
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # otherwise numpy imports it on first use, once in every worker

from autograder.notebook.libraries import prepare_one_process
from autograder.notebook.stand_ins import put_stand_ins
from autograder.remote.messages import Message
from autograder.remote.object_server import ObjectServer
from autograder.remote.released import put_released
from autograder.sandbox.channel import Channel, ChannelError
from autograder.sandbox.confine import LAYERS, Resources, confine, descriptors
from autograder.sandbox.guard import NoSuchName, guard_names
from autograder.sandbox.identity import Lease
from autograder.sandbox.imports import forbid_imports
from autograder.sandbox.selftest import probe
from autograder.sandbox.watch import MAX_TASKS
from autograder.sandbox.worker_spec import WorkerSpec

_HIGHEST_DESCRIPTOR = 2**16
# Python's messages when a thread or a fork exceeds the limit on their number (confine.py).
_NO_MORE_TASKS = ("can't start new thread", "[Errno 11] Resource temporarily unavailable")

# Python's own fork resets the state that threads share. A process with a single thread does not
# need that, and the C library's fork avoids writing to two hundred pages, which would copy them.
_fork_alone = ctypes.PyDLL(None).fork


def serve(
    spec: WorkerSpec,
    connections: list[socket.socket],
    resources: Resources | None,
    lease: Lease | None = None,
) -> None:
    """Confine this process, report, and answer requests until the judge closes the connection.

    Args:
        spec: what the worker loads and may do.
        connections: connections to the judge: the worker's own, and one for each of its forks.
        resources: the resources to confine it with; None turns every layer off, for measurements.
        lease: the lease of the user id that this worker uses alone, if it has one.
    """
    kept = [] if resources is None else descriptors(spec, resources)
    _silence([*kept, *(connection.fileno() for connection in connections)])
    os.umask(0o077)
    if resources is None:
        report: dict[str, Any] = {"layers": dict.fromkeys(LAYERS, "absent: off"), "probes": {}}
    else:
        report = {"layers": confine(spec, resources, lease)}
    os.chdir(spec.scratch)
    folder, scratch = Path(spec.folder), Path(spec.scratch)
    put_files = partial(put_released, folder, spec.released, scratch, link=True)
    put_files()
    os.environ.update(HOME=spec.scratch, TMPDIR=spec.scratch, MPLCONFIGDIR=spec.scratch)
    tempfile.tempdir = None  # a library that the zygote has imported may have looked it up
    if spec.data:
        os.environ["AUTOGRADER_DATA"] = spec.data
    _seed(spec.seed)
    if resources is not None:
        report["probes"] = probe(spec)
    server = _make_server(spec)
    prepare_one_process()
    put_stand_ins()  # for packages, and for functions that import when they are called
    _serve_data(spec)
    forbid_imports(spec)
    try:
        guard_names(spec)
    except NoSuchName as error:  # a mistake in the assignment; no student code has run yet
        report = {"fault": str(error)}
    channel = Channel(connections[0])
    try:
        channel.send(Message(report))  # until here only our code has run; now student code may run
        _serve_on(channel, server, connections[1:], put_files)
    except ChannelError:
        return


def _serve_data(spec: WorkerSpec) -> None:
    """Let the loaders that student code calls give the worker's data, if it has any."""
    if spec.data:
        from autograder.datasets.loaders import serve

        serve(Path(spec.data))


def _make_server(spec: WorkerSpec) -> ObjectServer:
    return ObjectServer(
        Path(spec.folder),
        spec.packages,
        Path(spec.support),
        max_bytes=spec.answer_bytes,
        notebooks=spec.notebooks,
        scratch=Path(spec.scratch),
    )


def _serve_on(
    channel: Channel,
    server: ObjectServer,
    spare: list[socket.socket],
    put_files: Callable[[], None],
) -> None:
    """Answer requests; on `{"fork": ...}`, fork a process that answers further requests itself.

    On `{"tests": ...}` it runs a student's tests (own_tests.py).

    A fork inherits the state of this process, such as imported packages or a notebook that has been
    run; changes that it makes to itself do not affect this process. The reply is the process id of
    the fork, or 0 if forking failed. After each item the judge removes what lies in the folder to
    work in, so a fork puts the files of the release there again.
    """
    while True:
        request = channel.receive()
        if type(request.tree) is dict and "tests" in request.tree:
            from autograder.sandbox.own_tests import run_tests  # its zygote has imported it

            _answer(channel, run_tests(server.folder, request))
            continue
        if type(request.tree) is not dict or "fork" not in request.tree:
            _answer(channel, _naming_the_limit(server.handle(request)))
            continue
        _reap_forks()
        server.forget()
        gc.freeze()  # or a collection in a fork would visit, and so copy, all objects (zygote.py)
        process = _fork(**request.tree["fork"]) if spare else -1
        if process == 0:
            channel.close()
            connection, *others = spare
            for other in others:
                other.close()
            channel, spare = Channel(connection), []
            with suppress(OSError):  # student code may have taken their places
                put_files()
            continue
        if process > 0:  # otherwise the judge keeps its end of this connection, too
            spare.pop(0).close()
        channel.send(Message({"value": max(process, 0)}))


def _fork(seed: int | None, alone: bool) -> int:
    """Fork; return the child's process id, 0 in the child, -1 if a fork is not possible.

    Args:
        seed: the seed for the child's generators; None leaves them unchanged.
        alone: whether to fork only if the process has one thread: other threads do not survive.
    """
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        return -1  # a graphics card that is in use cannot be shared with a fork
    if alone and _threads() != 1:
        return -1
    try:
        process = int(_fork_alone()) if alone else os.fork()
    except OSError:  # the limit on processes and threads is reached
        return -1
    if process == 0 and seed is not None:
        _seed(seed)
    return process


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # without /proc
        return 1


def _reap_forks() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _naming_the_limit(reply: Message) -> Message:
    """Add the limit that was reached if Python's message does not name it."""
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
    except (ValueError, TypeError, OverflowError):  # such as text that msgpack cannot encode
        words = "the reply cannot be sent"
        channel.send(Message({"error": {"type": "ValueError", "message": words, "frames": []}}))


def _silence(kept: list[int]) -> None:
    """Close all other descriptors, and redirect standard input and output to /dev/null."""
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
