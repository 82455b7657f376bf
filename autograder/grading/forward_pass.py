"""Judge: evaluate models with the weights that a student saved, in processes without student code.

The function that evaluates is the rubric's own (rubric/forward.py). It runs in a worker that is
confined like those of students, because what it computes with is a student's: weights may be made
to crash a library or to take very long. The worker gets a copy of the function's file, and weights
and inputs as numbers. It never gets labels, and no file of the submission.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from autograder.assignment import Item
from autograder.grading.isolation import ANSWER_BYTES, MEMORY_BYTES, SandboxPolicy, secrets_of
from autograder.grading.submission_dir import (
    TORCH_ADDRESS_BYTES,
    Options,
    SubmissionDir,
    options_of,
)
from autograder.grading.submission_worker import end_and_explain
from autograder.remote.messages import Message
from autograder.rubric.audit_claims import checked_weights
from autograder.rubric.failures import StudentError
from autograder.rubric.forward import AUTHORS_FAULTS, Array, Function, module_of, output_of, unfit
from autograder.rubric.seeds import derived_seed
from autograder.rubric.student import RemoteRef, StudentConnection, StudentProxy
from autograder.sandbox.channel import ChannelError
from autograder.sandbox.client import Worker, Zygote
from autograder.sandbox.identity import remove_tree
from autograder.sandbox.worker_spec import WorkerSpec

MAX_KEPT = 16
"""Outputs kept for other tests of the same submission."""


class ForwardPasses:
    """The evaluations for one submission.

    Args:
        submission_dir: the folder in which the submission is graded.
        zygotes: the zygotes that start workers, by what they must have imported.
        policy: how workers must be confined.
        meanwhile: called regularly while the judge waits, to check on the student's processes.
    """

    def __init__(
        self,
        submission_dir: SubmissionDir,
        zygotes: Mapping[Options, Zygote],
        policy: SandboxPolicy,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self._submission_dir, self._zygotes, self._policy = submission_dir, zygotes, policy
        self._meanwhile = meanwhile
        self._seconds_left: dict[str, float] = {}
        self._kept: dict[str, Array] = {}
        self._worker: Worker | None = None
        self._file, self._folder = "", Path()

    def run(self, item: Item, function: Function, weights: object, inputs: object) -> Array:
        """Evaluate a model.

        All evaluations of an item together may take as long as its `timeout_s`.

        Args:
            item: the item of the present test.
            function: a function at the top level of a rubric file.
            weights: as `student.claims` returns them.
            inputs: an array or plain values.

        Raises:
            CheckFailed: the weights are not finite numbers, are too many or do not fit the model.
            WorkerLost: the process took too long, or was ended.
            ValueError, TypeError: a mistake of the rubric.
        """
        file, name = module_of(function)
        if not Path(file).is_relative_to(self._submission_dir.assignment.rubric_folder):
            raise RuntimeError(f"{file} is not a file of the rubric")
        arrays = checked_weights(weights)
        key = _digest(file, name, arrays, inputs)
        if key not in self._kept:
            output = self._evaluate(item, file, name, arrays, inputs)
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[key] = output
        return self._kept[key]

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
            remove_tree(str(self._folder))

    def _evaluate(
        self, item: Item, file: str, name: str, weights: Mapping[str, Array], inputs: object
    ) -> Array:
        worker = self._worker_for(item, file)
        started = time.monotonic()
        left = self._seconds_left.setdefault(item.id, item.timeout_s)

        def ask(request: Message) -> Message:
            try:
                return worker.ask(request, started + left)
            except ChannelError as error:
                limit = f"this item's time limit ({item.timeout_s:g} s)"
                lost = end_and_explain(error, worker, "the evaluation of your weights", limit)
                self.close()
                raise lost from None

        proxy = StudentProxy(StudentConnection(ask, lambda file, line: "", forget=True))
        try:
            output = getattr(getattr(proxy.support, Path(file).stem), name)(dict(weights), inputs)
            return output_of(proxy.array(output) if isinstance(output, RemoteRef) else output)
        except StudentError as error:
            if error.kind in AUTHORS_FAULTS:
                raise RuntimeError(f"{Path(file).name}: {error.kind}: {error.message}") from None
            raise unfit(error.kind, error.message) from None
        finally:
            self._seconds_left[item.id] -= time.monotonic() - started

    def _worker_for(self, item: Item, file: str) -> Worker:
        """Return a worker that can load a rubric file."""
        if self._worker is not None and self._worker.is_open and self._file == file:
            return self._worker
        self.close()
        options = options_of(self._submission_dir.assignment, item)
        if "torch" not in options:
            raise RuntimeError(f"item '{item.id}' evaluates a model; write needs = [\"torch\"]")
        outer = self._submission_dir.folder / "forward"
        outer.mkdir(exist_ok=True)
        self._folder, self._file = outer / secrets.token_hex(8), file
        for folder in (self._folder, *(self._folder / name for name in _FOLDERS)):
            folder.mkdir()
        shutil.copyfile(file, self._folder / "support" / Path(file).name)
        self._worker = self._zygotes[options].open(self._spec(outer), 0, self._meanwhile)
        self._policy.verify(self._worker.report)
        return self._worker

    def _spec(self, outer: Path) -> WorkerSpec:
        place, folder = self._submission_dir, self._folder
        return WorkerSpec(
            folder=str(folder / "submission"),
            packages={},
            support=str(folder / "support"),
            scratch=str(folder / "scratch"),
            traversed_folders=[
                str(place.folder.parent),
                str(place.folder),
                str(outer),
                str(folder),
            ],
            banned=[],
            seed=derived_seed(place.seed, "forward pass"),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(sum(one.timeout_s for one in place.assignment.auto_items)) + 10,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(place.canary), *place.secrets, *secrets_of(place.assignment)],
            address_bytes=TORCH_ADDRESS_BYTES,
        )


_FOLDERS = ("submission", "support", "scratch")


def _digest(file: str, name: str, weights: Mapping[str, Array], inputs: object) -> str:
    total = hashlib.sha256(f"{file}:{name}".encode())
    for key, array in (*weights.items(), ("inputs", np.asarray(inputs))):
        total.update(f"{key}:{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()
