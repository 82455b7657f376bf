"""Zygote: the program from which workers are forked; it has imported numpy, but nothing secret.

    python -m autograder.sandbox.zygote DESCRIPTOR [notebook] [torch] [tests] [lean] [bare] [fresh]

DESCRIPTOR is a sequenced-packet socket. Each packet is a msgpack dict, and gets one reply:

    {"open": spec} with descriptors attached -> {"process": pid}: a worker serves on the first,
                                                and its forks on the others (worker.py);
                                                pid 0: all user ids are in use
    {"close": pid, "grace": seconds}         -> {"exit": code or -signal, or None if killed}
    {"prune": pid, "fork": pid,              -> {}: this fork of the worker and everything that the
     "spare": pids}                             worker has started are killed, except the spared

`notebook` also imports what notebooks need, `torch` PyTorch, `tests` pytest, and each warms it up;
`lean` leaves out libraries that an assignment may not allow, such as scikit-learn; `bare` turns the
layers off, for measurements; `fresh` starts a new interpreter for each worker instead of forking,
which is necessary on systems that cannot fork: the same, but slower.

Student code never runs in the zygote, so every worker begins in a known state, and killing a worker
does not affect the next one. Hidden tests and expected values are never loaded here, because a fork
would make them available to the student.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgpack

from autograder.sandbox import guard, identity, namespaces
from autograder.sandbox.confine import Resources, find_resources, prepare
from autograder.sandbox.imports import only_needed
from autograder.sandbox.reap import (
    become_subreaper,
    has_children,
    kill_descendants,
    kill_grandchild,
)
from autograder.sandbox.requests import PACKET_BYTES
from autograder.sandbox.worker_spec import MAX_FORKS, WorkerSpec


def main(descriptor: int, options: Collection[str]) -> None:
    """Serve the judge until it closes the connection, then end all workers."""
    control = socket.socket(fileno=descriptor)
    become_subreaper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the judge handles Ctrl-C
    making = None if "bare" in options else namespaces.Making()
    if "fresh" not in options:
        warm_up(options)
        gc.collect()
        # A collection in a worker would visit, and so copy, every object of every library.
        gc.freeze()
    resources = None if making is None else find_resources(making)
    workers = _Workers(resources)
    while True:
        try:
            packet, descriptors, _, _ = socket.recv_fds(control, PACKET_BYTES, 1 + MAX_FORKS)
        except ConnectionError:  # the judge was killed before it had read a reply
            packet = b""
        if not packet:
            break
        request = msgpack.unpackb(packet)
        if "open" in request:
            answer: dict[str, Any] = {
                "process": workers.start(request["open"], descriptors, control, options)
            }
            for descriptor in descriptors:
                os.close(descriptor)
        elif "prune" in request:
            workers.prune(request["prune"], request["fork"], request["spare"])
            answer = {}
        else:
            answer = {"exit": workers.end(request["close"], request["grace"])}
        control.send(msgpack.packb(answer))
    workers.end_all()


class _Workers:
    """The workers that are alive, and the user id that each of them uses alone.

    One may be at work while the next one confines itself, which takes as long as grading a small
    item.
    """

    def __init__(self, resources: Resources | None) -> None:
        self._resources = resources
        self._alive: dict[int, identity.Lease | None] = {}

    def start(
        self,
        spec: dict[str, Any],
        descriptors: list[int],
        control: socket.socket,
        options: Collection[str],
    ) -> int:
        """Start a worker; return its process id, or 0 if every user id is in use."""
        lease = None
        if self._resources is not None:
            prepare(WorkerSpec(**spec), self._resources)
            guard.prepare(WorkerSpec(**spec))
        if "fresh" not in options:
            from autograder.remote.imports import compile_support  # loaded by now

            compile_support(Path(spec["support"]))
        if self._resources is not None and self._resources.leases:
            lease = self._free_lease(self._resources.leases)
            if lease is None:
                return 0
        if "fresh" in options:
            process = _start_fresh(spec, descriptors, options)
        else:
            process = _fork(spec, descriptors, control, self._resources, lease)
        self._alive[process] = lease
        return process

    def _free_lease(self, leases: list[identity.Lease]) -> identity.Lease | None:
        in_use = list(self._alive.values())
        for lease in leases:
            if lease not in in_use:
                return lease
        another = identity.lease_uid()
        if another is not None:
            leases.append(another)
        return another

    def end(self, process: int, grace: float) -> int | None:
        """Wait `grace` seconds for a worker to end, then kill it and everything it has started.

        Returns:
            The exit code (negative: the signal) with which it ended by itself, None if it was
            killed.
        """
        if process not in self._alive:
            return None  # a worker of an earlier zygote, which has ended
        lease = self._alive.pop(process)
        exit_code = _end(process, grace)
        self._clear_up(lease)
        return exit_code

    def prune(self, process: int, fork: int, spare: Collection[int]) -> None:
        """Kill everything that a worker has started, except `spare` and the worker itself."""
        # Most forks have not started any process, so a single check after their end is enough.
        kill_grandchild(fork, process)
        others = [one for one in self._alive if one != process]
        keep = [process] if process in self._alive else []
        kill_descendants(spare=[*others, *spare], keep=keep)

    def end_all(self) -> None:
        """End all remaining workers."""
        while self._alive:
            self.end(next(iter(self._alive)), 0.0)
        self._clear_up(None)

    def _clear_up(self, lease: identity.Lease | None) -> None:
        """Kill processes that a worker has left, and remove its files from shared folders."""
        if has_children(spare=self._alive):  # orphans become our children, so this finds them all
            if lease is not None:
                identity.kill_all_of(lease.uid)
            kill_descendants(spare=self._alive)
        if lease is not None:
            identity.remove_files_of(lease.uid)


def warm_up(options: Collection[str]) -> None:
    """Import what workers of these options need, and run it once."""
    import autograder.sandbox.worker  # noqa: F401  # and numpy; namespaces are made meanwhile

    if "lean" in options:
        # Libraries import other libraries that they find, and student code could reach those.
        with only_needed(options):
            _warm_up_further(options)
    else:
        _warm_up_further(options)


def _warm_up_further(options: Collection[str]) -> None:
    if "torch" in options:
        warm_up_torch()
    if "tests" in options:
        from autograder.sandbox.own_tests import warm_up as warm_up_pytest

        warm_up_pytest()
    if "notebook" in options:
        from autograder.notebook.run import warm_up as warm_up_notebooks

        # Without PyTorch, libraries that can replace NumPy may be banned, and must not be loaded.
        further = "torch" in options and "lean" not in options
        warm_up_notebooks(("sklearn.metrics",) if further else ())


def warm_up_torch() -> None:
    """Import PyTorch and do one training step on one thread.

    The first step imports modules, which takes a second. PyTorch uses one thread, because the
    threads of a pool do not survive a fork, and PyTorch would wait for them without end.
    """
    import torch

    torch.set_num_threads(1)
    layer = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(1, 2)).sum().backward()
    optimizer.step()


def _fork(
    spec: dict[str, Any],
    descriptors: list[int],
    control: socket.socket,
    resources: Resources | None,
    lease: identity.Lease | None,
) -> int:
    threads = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else 1
    if threads != 1:
        raise RuntimeError(f"the zygote has {threads} threads; forking it would not be safe")
    process = os.fork()
    if process:
        return process
    # This is the worker. It must never return into the zygote's loop, whatever happens.
    try:
        control.close()
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _serve(spec, descriptors, resources, lease)
    finally:
        os._exit(0)


def _start_fresh(spec: dict[str, Any], descriptors: list[int], options: Collection[str]) -> int:
    numbers = ",".join(map(str, descriptors))
    words = [sys.executable, "-m", "autograder.sandbox.zygote", numbers, *options]
    process = subprocess.Popen(
        [*words, f"spec={json.dumps(spec)}"], pass_fds=descriptors, start_new_session=True
    )
    return process.pid


def _serve_fresh(spec: dict[str, Any], descriptors: list[int], options: Collection[str]) -> None:
    resources = None if "bare" in options else find_resources(namespaces.Making())
    warm_up(options)
    lease = resources.leases[0] if resources is not None and resources.leases else None
    _serve(spec, descriptors, resources, lease)


def _serve(
    spec: dict[str, Any],
    descriptors: list[int],
    resources: Resources | None,
    lease: identity.Lease | None,
) -> None:
    from autograder.sandbox.worker import serve

    serve(WorkerSpec(**spec), [socket.socket(fileno=one) for one in descriptors], resources, lease)


def _end(process: int, grace: float) -> int | None:
    until = time.monotonic() + grace
    try:
        ended, status = os.waitpid(process, os.WNOHANG)
        while not ended and time.monotonic() < until:
            time.sleep(0.005)
            ended, status = os.waitpid(process, os.WNOHANG)
        if not ended:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status) if ended else None


def open_packet(spec: WorkerSpec) -> bytes:
    """Return the judge's request for a worker."""
    return bytes(msgpack.packb({"open": vars(spec)}))


if __name__ == "__main__":
    _words = sys.argv[2:]
    if _words and _words[-1].startswith("spec="):
        _spec = json.loads(_words.pop().removeprefix("spec="))
        _serve_fresh(_spec, [int(number) for number in sys.argv[1].split(",")], _words)
    else:
        main(int(sys.argv[1]), _words)
