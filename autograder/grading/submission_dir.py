"""Judge: the private folder for one submission, and the specs of the workers that use it."""

import os
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment import Assignment, Item, Notebook
from autograder.assignment.spec import CodeRules
from autograder.grading.isolation import ANSWER_BYTES, MEMORY_BYTES, secrets_of
from autograder.grading.own_modules import descriptions
from autograder.grading.released_files import released_in
from autograder.grading.versions import uses_graphics
from autograder.handing_in.references import Module
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.access_times import note_no_reading
from autograder.sandbox.imports import NOTEBOOK_RUNTIME, RUNTIME
from autograder.sandbox.worker_spec import WorkerSpec

# PyTorch reserves address space for every library that it might use.
_TORCH_ADDRESS_BYTES = 32 * 2**30
# CUDA reserves room for the memory of all cards and of the machine; what is used, the watch counts.
_ANY_ADDRESS_BYTES = 2**62
# How long a run of a notebook may take beyond its own limit: what was begun is brought to an end.
NOTEBOOK_GRACE_S = 10.0
# How long all forks of a worker, and its imports for them, may take together, and each by itself;
# some hundredths are usual. Once this is used up, each item of packages gets a new worker that has
# imported nothing.
FORKING_S = 30.0
ONE_FORK_S = 10.0

_NO_RULES = CodeRules()

Options = tuple[str, ...]


@dataclass(frozen=True)
class SubmissionDir:
    """Where one submission is graded.

    Attributes:
        assignment: what is graded.
        folder: holds everything; only the judge can list it.
        submission: the files handed in.
        support: a copy of the rubric's support modules.
        scratch: each worker gets an empty folder in it.
        canary: a file that no worker may read.
        seed: the number that every random draw comes from.
        data: the folder of small data sets for each notebook, by its name.
        secrets: further folders that no worker may read.
        full: whether notebooks run as they are, instead of with fast parameters.
        modules: further modules of the student's, outside of what was asked for.
        beside: for each notebook the files that its code refers to.
        released: the files that ship as they are, and whether student code may change its copy.
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
    modules: Mapping[str, Module] = field(default_factory=lambda: MappingProxyType({}))
    beside: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    released: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))

    def new_scratch(self) -> Path:
        """Make an empty folder for a worker."""
        folder = self.scratch / secrets.token_hex(8)
        folder.mkdir()
        return folder

    def packages_spec(
        self,
        needs: Collection[str],
        longest_item_s: float,
        scratch: Path,
        rules: CodeRules = _NO_RULES,
    ) -> WorkerSpec:
        """The spec of a worker that imports the packages, for items that need the same.

        Args:
            needs: what the items need.
            longest_item_s: the longest time limit of one of them.
            scratch: a folder to work in.
            rules: of the items, on top of those of the packages.
        """
        each = [package.rules & rules for package in self.assignment.packages]
        purpose = " ".join(["worker of packages", *sorted(needs)])
        return self._spec(
            scratch, needs, longest_item_s, _of_process(each, needs), rules, purpose,
            runtime=[*RUNTIME, *needs],
        )  # fmt: skip

    def notebook_spec(
        self,
        notebook: Notebook,
        longest_item_s: float,
        scratch: Path,
        rules: CodeRules = _NO_RULES,
    ) -> WorkerSpec:
        """The spec of a worker that runs a notebook and is forked for its items.

        Args:
            notebook: the notebook.
            longest_item_s: the longest time limit of an item.
            scratch: a folder to work in.
            rules: of the items, on top of those of the notebook and the packages.
        """
        own = notebook.rules & rules
        beside = [package.rules & rules for package in self.assignment.packages]
        if "torch" in notebook.needs:
            # A notebook that needs PyTorch may use what the packages beside it may not.
            beside = [CodeRules(one.allowed_imports) for one in beside]
        process = _of_process([own, *beside])
        return self._spec(
            scratch,
            notebook.needs,
            max(self.seconds_of(notebook), longest_item_s),
            process,
            rules,
            f"worker of {notebook.path}",
            data=str(self.data.get(notebook.name, "")),
            runtime=[*RUNTIME, *NOTEBOOK_RUNTIME, *notebook.needs],
            notebook=notebook.path,
        )

    def seconds_of(self, notebook: Notebook) -> float:
        """How long a notebook may run."""
        return notebook.full_timeout_s if self.full else notebook.timeout_s

    def _spec(
        self,
        scratch: Path,
        needs: Collection[str],
        seconds: float,
        process: CodeRules,
        rules: CodeRules,
        purpose: str,
        data: str = "",
        runtime: Collection[str] = (),
        notebook: str = "",
    ) -> WorkerSpec:
        packages: dict[str, Mapping[str, Any]] = {
            **descriptions(self.assignment, self.modules, notebook, rules),
            **{one.name: (one.rules & rules).as_plain() for one in self.assignment.packages},
        }
        return WorkerSpec(
            folder=str(self.submission),
            packages=packages,
            support=str(self.support),
            scratch=str(scratch),
            passages=[str(self.folder.parent), str(self.folder), str(self.scratch)],
            banned=sorted(process.banned_imports),
            seed=derived_seed(self.seed, purpose),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(seconds + NOTEBOOK_GRACE_S) + 2,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(self.canary), *self.secrets, *secrets_of(self.assignment)],
            allow_exec="exec" in needs,
            notebooks={one.name: self._rules(one, rules) for one in self.assignment.notebooks},
            data=data,
            address_bytes=self._address_bytes(needs),
            graphics=uses_graphics(needs),
            allowed=process.allowed_imports,
            runtime=sorted({*runtime}),
            banned_names=process.banned_names,
            released=dict(self.released),
        )

    def _address_bytes(self, needs: Collection[str]) -> int:
        if uses_graphics(needs):
            return _ANY_ADDRESS_BYTES
        return _TORCH_ADDRESS_BYTES if "torch" in needs else 0

    def _rules(self, notebook: Notebook, rules: CodeRules) -> dict[str, Any]:
        """How a notebook is run: the fields of `autograder.notebook.run.Rules`."""
        seconds = self.seconds_of(notebook)
        return {
            "path": notebook.path,
            "fast": {} if self.full else dict(notebook.fast),
            **(notebook.rules & rules).as_plain(),
            "timeout_s": seconds,
            "cell_timeout_s": seconds if self.full else notebook.cell_timeout_s,
            "beside": list(self.beside.get(notebook.path, ())),
        }


def _of_process(each: Sequence[CodeRules], needs: Collection[str] = ()) -> CodeRules:
    """The rules for a whole process, in which several packages and a notebook have their own.

    It may import what any of them may import, and use nothing that any of them bans. The process
    has a list of what is allowed only if each of them has one.

    Args:
        each: the rules of each.
        needs: what the items need, for example for support modules.
    """
    lists = [one.allowed_imports for one in each]
    allowed = None
    if each and None not in lists:
        allowed = tuple(dict.fromkeys(name for names in lists for name in names or ()))
    return CodeRules(
        allowed,
        tuple(sorted({name for one in each for name in one.banned_imports} - set(needs))),
        tuple(dict.fromkeys(name for one in each for name in one.banned_names)),
    )


def make_submission_dir(
    assignment: Assignment,
    submission: Path,
    seed: int,
    data: Mapping[str, Path] = MappingProxyType({}),
    secrets: tuple[str, ...] = (),
    full: bool = False,
    modules: Mapping[str, Module] = MappingProxyType({}),
    beside: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> SubmissionDir:
    """Add what workers need to the private folder of a collected submission.

    Args:
        assignment: what is graded.
        submission: folder with the files handed in and those of the release, alone in a private
            folder.
        seed: the number that every random draw comes from.
        data: the folder of small data sets for each notebook, by its name.
        secrets: further folders that no worker may read.
        full: whether notebooks run as they are.
        modules: further modules of the student's, outside of what was asked for.
        beside: for each notebook the files that its code refers to.
    """
    folder = submission.parent
    support, scratch, canary = folder / "support", folder / "scratch", folder / "canary"
    scratch.mkdir()
    support.mkdir()
    for module in sorted((assignment.rubric_folder / "support").glob("*.py")):
        shutil.copyfile(module, support / module.name)
    canary.touch(mode=0o600)
    released = released_in(assignment, submission)
    for given in (submission, support):
        note_no_reading(str(given))
    return SubmissionDir(
        assignment, folder, submission, support, scratch, canary, seed, data, secrets, full,
        modules, beside, released,
    )  # fmt: skip


def zygote_options(needs: Collection[str], is_notebook: bool, is_lean: bool = False) -> Options:
    """What the zygote of a worker has to have imported, as options for `launch`.

    Args:
        needs: what the items, or the notebook, need.
        is_notebook: whether the worker runs a notebook.
        is_lean: whether it may import only what student code may use.
    """
    words = ["notebook"] * is_notebook + ["torch"] * ("torch" in needs)
    return tuple([*words, "lean"] if is_lean and "torch" in words else words)


def options_of(assignment: Assignment, item: Item) -> Options:
    """The options of the zygote that an item's worker, or its notebook's, comes from."""
    if not item.notebook:
        is_lean = any(one.rules.allowed_imports is not None for one in assignment.packages)
        return zygote_options(item.needs, is_notebook=False, is_lean=is_lean)
    notebook = assignment.notebook(item.notebook)
    allowed = (notebook.rules & item.rules).allowed_imports
    is_lean = allowed is not None and "sklearn" not in allowed
    return zygote_options(notebook.needs, is_notebook=True, is_lean=is_lean)
