"""The judge's private folder for one submission, and the jobs of the workers that use it."""

import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment import Assignment, Item, Notebook
from autograder.grading.isolation import ANSWER_BYTES, MEMORY_BYTES, secrets_of
from autograder.grading.versions import uses_graphics
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.job import Job
from autograder.sandbox.reading import note_no_reading

# PyTorch reserves address space for every library that it might use.
_TORCH_ADDRESS_BYTES = 32 * 2**30
# CUDA reserves room for the memory of all cards and of the machine; what is used, the watch counts.
_ANY_ADDRESS_BYTES = 2**62
# How long a run of a notebook may take beyond its own limit: what was begun is brought to an end.
NOTEBOOK_GRACE_S = 10.0
# How long all branches of a worker may take to begin, with the imports that they find done, and how
# long each branch and each import; some hundredths are usual. Where packages have used it up, each
# item begins in a worker that has imported nothing.
BRANCHING_S = 30.0
ONE_BRANCH_S = 10.0

Options = tuple[str, ...]


@dataclass(frozen=True)
class Workplace:
    """Where one submission is graded.

    Attributes:
        assignment: what is graded.
        folder: holds everything; nobody but the judge can list it.
        submission: the files handed in.
        support: a copy of the rubric's support modules.
        scratch: each worker gets an empty folder in it.
        canary: a file that no worker may read.
        seed: the number that every random draw comes from.
        data: the folder of small data sets for each notebook, by its name.
        secrets: further folders that no worker may read.
        full: whether notebooks run as they are, instead of with fast parameters.
    """

    assignment: Assignment
    folder: Path
    submission: Path
    support: Path
    scratch: Path
    canary: Path
    seed: int
    data: Mapping[str, Path] = field(default_factory=lambda: MappingProxyType({}))
    secrets: tuple[str, ...] = ()
    full: bool = False

    def new_scratch(self) -> Path:
        """Make an empty folder for a worker."""
        folder = self.scratch / secrets.token_hex(8)
        folder.mkdir()
        return folder

    def packages_job(self, needs: Collection[str], longest_item_s: float, scratch: Path) -> Job:
        """The job of a worker that imports the packages, for items that need the same."""
        banned = self._banned_in_packages() - set(needs)
        purpose = " ".join(["worker of packages", *sorted(needs)])
        return self._job(scratch, needs, longest_item_s, banned, purpose)

    def notebook_job(self, notebook: Notebook, longest_item_s: float, scratch: Path) -> Job:
        """The job of a worker that runs a notebook and is branched for its items."""
        # A notebook that needs PyTorch may use what the packages beside it may not.
        banned = set() if "torch" in notebook.needs else self._banned_in_packages()
        return self._job(
            scratch,
            notebook.needs,
            max(self.seconds_of(notebook), longest_item_s),
            banned | set(notebook.banned_imports),
            f"worker of {notebook.path}",
            data=str(self.data.get(notebook.name, "")),
        )

    def seconds_of(self, notebook: Notebook) -> float:
        """How long a notebook may run."""
        return notebook.full_timeout_s if self.full else notebook.timeout_s

    def _job(
        self,
        scratch: Path,
        needs: Collection[str],
        seconds: float,
        banned: set[str],
        purpose: str,
        data: str = "",
    ) -> Job:
        packages = {one.name: one.banned_imports for one in self.assignment.packages}
        return Job(
            folder=str(self.submission),
            packages=packages,
            support=str(self.support),
            scratch=str(scratch),
            passages=[str(self.folder.parent), str(self.folder), str(self.scratch)],
            banned=sorted(banned),
            seed=derived_seed(self.seed, purpose),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(seconds + NOTEBOOK_GRACE_S) + 2,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(self.canary), *self.secrets, *secrets_of(self.assignment)],
            allow_exec="exec" in needs,
            notebooks={one.name: self._rules(one) for one in self.assignment.notebooks},
            data=data,
            address_bytes=self._address_bytes(needs),
            graphics=uses_graphics(needs),
        )

    def _address_bytes(self, needs: Collection[str]) -> int:
        if uses_graphics(needs):
            return _ANY_ADDRESS_BYTES
        return _TORCH_ADDRESS_BYTES if "torch" in needs else 0

    def _rules(self, notebook: Notebook) -> dict[str, Any]:
        """How a notebook is run: the fields of `autograder.notebook.run.Rules`."""
        seconds = self.seconds_of(notebook)
        return {
            "path": notebook.path,
            "fast": {} if self.full else dict(notebook.fast),
            "banned_imports": list(notebook.banned_imports),
            "timeout_s": seconds,
            "cell_timeout_s": seconds if self.full else notebook.cell_timeout_s,
        }

    def _banned_in_packages(self) -> set[str]:
        packages = self.assignment.packages
        return {name for package in packages for name in package.banned_imports}


def make_workplace(
    assignment: Assignment,
    submission: Path,
    seed: int,
    data: Mapping[str, Path] = MappingProxyType({}),
    secrets: tuple[str, ...] = (),
    full: bool = False,
) -> Workplace:
    """Put what workers need beside a collected submission.

    Args:
        assignment: what is graded.
        submission: folder with the files handed in, alone in a private folder.
        seed: the number that every random draw comes from.
        data: the folder of small data sets for each notebook, by its name.
        secrets: further folders that no worker may read.
        full: whether notebooks run as they are.
    """
    folder = submission.parent
    support, scratch, canary = folder / "support", folder / "scratch", folder / "canary"
    scratch.mkdir()
    support.mkdir()
    for module in sorted((assignment.rubric_folder / "support").glob("*.py")):
        shutil.copyfile(module, support / module.name)
    canary.touch(mode=0o600)
    for given in (submission, support):
        note_no_reading(str(given))
    return Workplace(
        assignment, folder, submission, support, scratch, canary, seed, data, secrets, full
    )


def zygote_options(needs: Collection[str], is_notebook: bool) -> Options:
    """What the zygote of a worker has to have imported, as words for `launch`."""
    words = ["notebook"] * is_notebook + ["torch"] * ("torch" in needs)
    return tuple(words)


def options_needed(assignment: Assignment, wanted: Collection[str]) -> set[Options]:
    """The options of all zygotes that grading these items takes."""
    items = [item for item in assignment.auto_items if item.id in wanted]
    return {options_of(assignment, item) for item in items}


def options_of(assignment: Assignment, item: Item) -> Options:
    """The options of the zygote that an item's worker, or its notebook's, comes from."""
    if not item.notebook:
        return zygote_options(item.needs, is_notebook=False)
    return zygote_options(assignment.notebook(item.notebook).needs, is_notebook=True)
