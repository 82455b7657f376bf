"""What a freshly forked worker does: confine itself, prove it, then serve until hung up on.

Everything after the report is untrusted: student code shares this process.
"""

import os
import random
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np
import numpy.random  # numpy itself would import it late, once in every worker

from autograder.sandbox.confine import LAYERS, Means, confine
from autograder.sandbox.identity import Lease
from autograder.sandbox.job import Job
from autograder.sandbox.selftest import probe
from autograder.sandbox.wire import Wire, WireError
from autograder.workbench.values import Parcel
from autograder.workbench.workbench import Workbench

_HIGHEST_DESCRIPTOR = 2**16


def serve(
    job: Job, connection: socket.socket, means: Means | None, lease: Lease | None = None
) -> None:
    """Confine this process, report, and answer requests until the judge hangs up.

    Args:
        job: what to do.
        connection: to the judge.
        means: what to confine it by; None leaves every layer off, for measurements.
        lease: of the user id that is this worker's own, if it can have one.
    """
    _silence(connection.fileno())
    os.umask(0o077)
    if means is None:
        report: dict[str, Any] = {"layers": dict.fromkeys(LAYERS, "absent: off"), "probes": {}}
    else:
        report = {"layers": confine(job, means, lease)}
    os.chdir(job.scratch)
    os.environ.update(HOME=job.scratch, TMPDIR=job.scratch)
    _seed(job.seed)
    if means is not None:
        report["probes"] = probe(job)
    workbench = Workbench(
        Path(job.folder), job.packages, Path(job.support), max_bytes=job.answer_bytes
    )
    if job.banned:
        _forbid_imports(frozenset(job.banned))
    wire = Wire(connection)
    try:
        wire.send(Parcel(report))  # until here it was all ours; now student code may run
        while True:
            _answer(wire, workbench.handle(wire.receive()))
    except WireError:
        return


def _answer(wire: Wire, reply: Parcel) -> None:
    try:
        wire.send(reply)
    except (ValueError, TypeError, OverflowError):  # text that msgpack cannot carry, and the like
        words = "the answer cannot be carried"
        wire.send(Parcel({"error": {"type": "ValueError", "message": words, "frames": []}}))


def _silence(connection: int) -> None:
    """Close every other descriptor; let prints go nowhere, so that they cost and reach nothing."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.closerange(3, connection)
    os.closerange(connection + 1, _HIGHEST_DESCRIPTOR)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed % 2**63)


def _forbid_imports(banned: frozenset[str]) -> None:
    """Refuse imports of banned names, however they are spelled; an audit hook cannot be undone."""
    folders = tuple(f"/{name}/" for name in banned)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "import" and isinstance(arguments[0], str):
            name = arguments[0]
            if name.split(".")[0] in banned:
                raise ImportError(f"{name} may not be used in this assignment's code")
        elif event == "open" and isinstance(arguments[0], str):
            # A loader that is called by hand opens the package's files without an import event.
            if "site-packages" in arguments[0] and any(name in arguments[0] for name in folders):
                raise ImportError("the files of a package that may not be used cannot be read")

    sys.addaudithook(hook)
