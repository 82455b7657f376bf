"""Find out, before anything is graded, whether student code would be confined."""

import os
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.errors import AutograderError
from autograder.results import Isolation
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import Launched
from autograder.sandbox.policy import SandboxReport, shortcomings
from autograder.sandbox.requests import SandboxFailure
from autograder.sandbox.temporary import remove_temporary_folder, temporary_folder
from autograder.sandbox.worker_spec import WorkerSpec

MEMORY_BYTES = 4 * 2**30
ANSWER_BYTES = 512 * 2**20


class IsolationRefused(AutograderError):
    """A layer that the isolation mode requires is missing."""


@dataclass(frozen=True)
class SandboxPolicy:
    """How every worker of a run must be confined.

    Attributes:
        mode: one of `autograder.sandbox.modes.MODES`.
        insecure: whether missing layers are accepted.
    """

    mode: str
    insecure: bool = False

    def verify(self, report: SandboxReport) -> None:
        """Refuse a worker that is not confined as the mode requires.

        Raises:
            SandboxFailure: a required layer is missing, and the policy is not waived.
        """
        missing = [] if self.insecure else shortcomings(self.mode, report)
        if missing:
            raise SandboxFailure("; ".join(missing))

    def isolation(self, report: SandboxReport) -> Isolation:
        """Return what the results say about how student code was confined."""
        policy = "waived by --insecure" if self.insecure else "enforced"
        return {"mode": self.mode, "layers": {**report.layers, "policy": policy}}


def secrets_of(assignment: Assignment) -> list[str]:
    """Return the folders that workers must not be able to read."""
    names = ("rubric", "catalogue", "planted")
    folders = [*(assignment.folder / name for name in names), assignment.solutions]
    return [str(folder) for folder in folders if folder.exists()]


def examine(launched: Launched, secrets: list[str]) -> SandboxReport:
    """Open a worker that runs no code, and return what it reports about its confinement.

    Raises:
        AutograderError: a worker cannot be opened.
    """
    folder = temporary_folder("autograder-examine-")
    try:
        for name in ("submission", "support", "scratch"):
            (folder / name).mkdir()
        worker = Zygote(launched).open(
            WorkerSpec(
                folder=str(folder / "submission"),
                packages={},
                support=str(folder / "support"),
                scratch=str(folder / "scratch"),
                traversed_folders=[str(folder)],
                banned=[],
                seed=0,
                memory_bytes=MEMORY_BYTES,
                cpu_seconds=60,
                answer_bytes=ANSWER_BYTES,
                judge=os.getpid(),
                secrets=secrets,
            )
        )
        worker.close()
        return worker.report
    except SandboxFailure as error:
        raise AutograderError(
            f"student code cannot be confined here ({error})",
            "the sandbox",
            "run `autograder doctor`",
        ) from None
    finally:
        remove_temporary_folder(folder)


def ensure(policy: SandboxPolicy, report: SandboxReport) -> None:
    """Refuse a run whose workers would not be confined as its mode requires.

    Raises:
        IsolationRefused: the message names every missing layer, and what to do.
    """
    missing = [] if policy.insecure else shortcomings(policy.mode, report)
    if missing:
        raise IsolationRefused(
            "student code would not be confined: " + "; ".join(missing),
            f"mode {policy.mode}",
            "run `autograder doctor` to see all layers; --insecure grades anyway, and the results "
            "say so",
        )
