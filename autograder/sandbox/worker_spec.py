"""Both sides: what a worker loads and may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MAX_FORKS = 64
"""How often a worker may be forked (worker.py)."""


@dataclass(frozen=True)
class WorkerSpec:
    """What one worker loads and may do; plain values only, because it is sent to the zygote.

    Attributes:
        folder: the files handed in.
        packages: name of each package -> what may be used in it, the fields of
            `autograder.remote.code_rules.RuleChecker`.
        support: folder of modules that the worker may load as well.
        scratch: an empty folder to work in.
        traversed_folders: folders above these that a worker with a user id of its own must pass.
        banned: top-level names that no code may import in this worker.
        seed: for the global generators of `random` and numpy.
        memory_bytes: cap on the address space, and on the memory of all its processes together.
        cpu_seconds: cap on processor time, a backstop for the judge's deadline.
        answer_bytes: cap on one answer.
        judge: the judge's process id.
        secrets: files and folders that the worker must not be able to read.
        notebooks: name of each notebook -> how it is run, the fields of
            `autograder.notebook.run.Rules`.
        data: a folder with the datasets that the worker may have, which the loaders of
            libraries give as well; "" for none.
        allowed: top-level names of the libraries that student code may use; None for all that are
            not banned.
        runtime: those that this tool or the rubric's support modules need as well.
        released: files below `folder` that ship as they are -> whether student code may change
            its copy; they lie in the folder to work in as well.
        banned_names: dotted patterns of what student code may not use within libraries.
        address_bytes: cap on the address space, where it is to be another one: PyTorch reserves
            much more than it uses.
        graphics: whether the graphics cards may be used.
    """

    folder: str
    packages: Mapping[str, Mapping[str, Any]]
    support: str
    scratch: str
    traversed_folders: Sequence[str]
    banned: Sequence[str]
    seed: int
    memory_bytes: int
    cpu_seconds: int
    answer_bytes: int
    judge: int
    secrets: Sequence[str]
    notebooks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    data: str = ""
    address_bytes: int = 0
    graphics: bool = False
    allowed: Sequence[str] | None = None
    runtime: Sequence[str] = ()
    banned_names: Sequence[str] = ()
    released: Mapping[str, bool] = field(default_factory=dict)
