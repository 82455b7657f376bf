"""What a freshly forked worker does: limit itself, then serve one workbench until hung up on.

Everything after `serve` begins is untrusted: student code shares this process.
"""

import os
import random
import resource
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox.wire import Wire, WireError
from autograder.workbench.values import Parcel
from autograder.workbench.workbench import Workbench

FILE_BYTES = 64 * 2**20
OPEN_FILES = 256


@dataclass(frozen=True)
class Job:
    """What a worker is told; plain values only, for it travels as a message.

    Attributes:
        folder: the files handed in.
        packages: name of each package -> names that may not be imported in it.
        support: modules that the worker may load beside them.
        scratch: an empty folder to work in.
        banned: top-level names that may not be imported by anybody in this worker.
        seed: for the global generators of `random` and numpy.
        memory_bytes: cap on the address space.
        cpu_seconds: cap on processor time, a backstop for the judge's deadline.
        answer_bytes: cap on one answer.
    """

    folder: str
    packages: Mapping[str, Sequence[str]]
    support: str
    scratch: str
    banned: Sequence[str]
    seed: int
    memory_bytes: int
    cpu_seconds: int
    answer_bytes: int


def serve(job: Job, connection: socket.socket) -> None:
    """Answer requests until the judge hangs up."""
    _limit(job)
    _silence()
    os.chdir(job.scratch)
    _seed(job.seed)
    workbench = Workbench(
        Path(job.folder), job.packages, Path(job.support), max_bytes=job.answer_bytes
    )
    if job.banned:
        _forbid_imports(frozenset(job.banned))
    wire = Wire(connection)
    try:
        wire.send(Parcel({"ready": True}))  # until here it was all ours; now student code may run
        while True:
            wire.send(workbench.handle(wire.receive()))
    except WireError:
        return


def _limit(job: Job) -> None:
    for what, wanted in (
        (resource.RLIMIT_AS, job.memory_bytes),
        (resource.RLIMIT_CPU, job.cpu_seconds),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        # A hard limit cannot be raised, so a stricter one of this machine stands.
        hard = resource.getrlimit(what)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(what, (limit, limit))


def _silence() -> None:
    """Let prints go nowhere: a gigabyte of them costs no disk and cannot reach the judge."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _seed(seed: int) -> None:
    random.seed(seed)
    np.random.seed(seed % 2**32)


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
