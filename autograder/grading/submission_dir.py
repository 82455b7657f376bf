"""Judge: make the private folder for one submission, and the specs of the workers that use it."""

import os
import secrets
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from autograder.assignment import Assignment, Item, Notebook
from autograder.assignment.spec import DATASETS, NEEDS, CodeRules
from autograder.grading.isolation import ANSWER_BYTES, MEMORY_BYTES, secrets_of
from autograder.grading.own_modules import descriptions
from autograder.grading.released_files import released_in
from autograder.grading.versions import uses_graphics
from autograder.handing_in.references import Module
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.access_times import note_no_reading
from autograder.sandbox.imports import NOTEBOOK_RUNTIME, RUNTIME, TESTS_RUNTIME
from autograder.sandbox.reading import READER_BYTES, READERS
from autograder.sandbox.worker_spec import WorkerSpec

# PyTorch reserves address space for every library that it may use.
TORCH_ADDRESS_BYTES = 32 * 2**30
# CUDA reserves address space for the memory of all cards and of the machine; the watch counts what
# is used.
_ANY_ADDRESS_BYTES = 2**62
# How long the run of a notebook may exceed its own limit, to complete what it has begun.
NOTEBOOK_GRACE_S = 10.0
# How long all forks of a worker, and its imports for them, may take together, and how long each may
# take; a few hundredths of a second are usual. Once the total is used up, each item of packages
# gets a new worker that has not imported any student code.
FORKING_S = 30.0
ONE_FORK_S = 10.0

_NO_RULES = CodeRules()

Options = tuple[str, ...]


@dataclass(frozen=True)
class SubmissionDir:
    """The folder in which one submission is graded.

    Attributes:
        assignment: what is graded.
        folder: holds everything; only the judge can list it.
        submission: the folder of the files handed in.
        support: a copy of the rubric's support modules.
        scratch: the folder in which each worker gets an empty folder.
        canary: a file that workers must not be able to read.
        seed: the number that every random draw comes from.
        data: the folder of small datasets for each notebook, by its name, and for packages ("").
        secrets: additional folders that workers must not be able to read.
        full: whether notebooks run unchanged, instead of with fast parameters.
        modules: additional modules that the student wrote, which were not asked for.
        referred_files: for each notebook, the files that its code refers to.
        released: each file that ships unchanged -> whether student code may change its copy.
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
    referred_files: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: MappingProxyType({})
    )
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
        """Return the spec of a worker that imports the packages, for items with the same needs.

        Args:
            needs: what the items need.
            longest_item_s: the longest time limit of these items, in seconds.
            scratch: the folder that the worker works in.
            rules: the rules of the items, in addition to those of the packages.
        """
        each = [package.rules & rules for package in self.assignment.packages]
        purpose = " ".join(["worker of packages", *sorted(needs)])
        return self._spec(
            scratch, needs, longest_item_s, _of_process(each, _of_tool(needs)), rules, purpose,
            data=str(self.data.get("", "")) if self._needs_data(needs) else "",
            runtime=[*RUNTIME, *_of_tool(needs)],
        )  # fmt: skip

    def tests_spec(self, item: Item, scratch: Path) -> WorkerSpec:
        """Return the spec of a worker that runs the tests that a student wrote for an item.

        Their file may import pytest in addition to what its package may.

        Args:
            item: the item.
            scratch: the folder that the worker works in.
        """
        spec = self.packages_spec(item.needs, item.timeout_s, scratch, item.rules)
        top = module_name(item.tests).partition(".")[0]
        packages = dict(spec.packages)
        packages[top] = with_pytest(packages[top])
        return replace(
            spec,
            packages=packages,
            allowed=None if spec.allowed is None else [*spec.allowed, *TESTS_RUNTIME],
            banned=[name for name in spec.banned if name not in TESTS_RUNTIME],
            runtime=[*spec.runtime, *TESTS_RUNTIME],
        )

    def notebook_spec(
        self,
        notebook: Notebook,
        longest_item_s: float,
        scratch: Path,
        rules: CodeRules = _NO_RULES,
    ) -> WorkerSpec:
        """Return the spec of a worker that runs a notebook and is forked for its items.

        Args:
            notebook: the notebook.
            longest_item_s: the longest time limit of an item, in seconds.
            scratch: the folder that the worker works in.
            rules: the rules of the items, in addition to those of the notebook and the packages.
        """
        own = notebook.rules & rules
        next_to_it = [package.rules & rules for package in self.assignment.packages]
        if "torch" in notebook.needs:
            # A notebook that needs PyTorch may use what the packages next to it may not.
            next_to_it = [CodeRules(one.allowed_imports) for one in next_to_it]
        process = _of_process([own, *next_to_it])
        return self._spec(
            scratch,
            notebook.needs,
            max(self.seconds_of(notebook), longest_item_s),
            process,
            rules,
            f"worker of {notebook.path}",
            data=str(self.data.get(notebook.name, "")),
            runtime=[*RUNTIME, *NOTEBOOK_RUNTIME, *_of_tool(notebook.needs)],
            notebook=notebook.path,
        )

    def reader_spec(self, seconds: float) -> WorkerSpec:
        """Return the spec of a process that holds no student code and reads files handed in.

        Args:
            seconds: how long it may compute.
        """
        return WorkerSpec(
            folder=str(self.submission),
            packages={},
            support=str(READERS),
            scratch=str(self.new_scratch()),
            traversed_folders=[str(self.folder.parent), str(self.folder), str(self.scratch)],
            banned=[],
            seed=0,
            memory_bytes=READER_BYTES,
            cpu_seconds=int(seconds) + 2,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(self.canary), *self.secrets, *secrets_of(self.assignment)],
        )

    def seconds_of(self, notebook: Notebook) -> float:
        """Return how long a notebook may run, in seconds."""
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
            **{
                one.name: {**(one.rules & rules).as_plain(), "is_module": one.is_module}
                for one in self.assignment.packages
            },
        }
        return WorkerSpec(
            folder=str(self.submission),
            packages=packages,
            support=str(self.support),
            scratch=str(scratch),
            traversed_folders=[str(self.folder.parent), str(self.folder), str(self.scratch)],
            banned=sorted(process.banned_imports),
            seed=derived_seed(self.seed, purpose),
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=int(seconds + NOTEBOOK_GRACE_S) + 2,
            answer_bytes=ANSWER_BYTES,
            judge=os.getpid(),
            secrets=[str(self.canary), *self.secrets, *secrets_of(self.assignment)],
            notebooks={one.name: self._rules(one, rules) for one in self.assignment.notebooks},
            data=data,
            address_bytes=self._address_bytes(needs),
            graphics=uses_graphics(needs),
            allowed=process.allowed_imports,
            runtime=sorted({*runtime}),
            banned_names=process.banned_names,
            released=dict(self.released),
        )

    def _needs_data(self, needs: Collection[str]) -> bool:
        return bool({*DATASETS, *(one.name for one in self.assignment.datasets)} & set(needs))

    def _address_bytes(self, needs: Collection[str]) -> int:
        if uses_graphics(needs):
            return _ANY_ADDRESS_BYTES
        return TORCH_ADDRESS_BYTES if "torch" in needs else 0

    def _rules(self, notebook: Notebook, rules: CodeRules) -> dict[str, Any]:
        """Return how a notebook is run, as the fields of `autograder.notebook.run.Rules`."""
        seconds = self.seconds_of(notebook)
        return {
            "path": notebook.path,
            "fast": {} if self.full else dict(notebook.fast),
            **(notebook.rules & rules).as_plain(),
            "timeout_s": seconds,
            "cell_timeout_s": seconds if self.full else notebook.cell_timeout_s,
            "referred_files": list(self.referred_files.get(notebook.path, ())),
        }


def with_pytest(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rules of a package, as plain values, for a test file in it."""
    allowed = rules.get("allowed_imports")
    return {
        **rules,
        "allowed_imports": None if allowed is None else [*allowed, *TESTS_RUNTIME],
        "banned_imports": [
            name for name in rules.get("banned_imports", ()) if name not in TESTS_RUNTIME
        ],
    }


def module_name(path: str) -> str:
    """Return the name by which the module in a file is imported."""
    return path.removesuffix(".py").replace("/", ".")


def _of_tool(needs: Collection[str]) -> list[str]:
    """Return the needs without the course's own data, whose names may be those of libraries."""
    return [need for need in needs if need in NEEDS]


def _of_process(each: Sequence[CodeRules], needs: Collection[str] = ()) -> CodeRules:
    """Return the rules for a process in which several packages and a notebook have their own rules.

    The process may import what any of them may import, and must not use anything that any of them
    bans. It has a list of allowed imports only if each of them has one.

    Args:
        each: the rules of each package and of the notebook.
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
    referred_files: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> SubmissionDir:
    """Add what workers need to the private folder of a collected submission.

    Args:
        assignment: what is graded.
        submission: the folder with the files handed in and those of the release; it is alone in a
            private folder.
        seed: the number that every random draw comes from.
        data: the folder of small datasets for each notebook, by its name.
        secrets: additional folders that workers must not be able to read.
        full: whether notebooks run unchanged.
        modules: additional modules that the student wrote, which were not asked for.
        referred_files: for each notebook, the files that its code refers to.
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
        modules, referred_files, released,
    )  # fmt: skip


def zygote_options(
    needs: Collection[str], is_notebook: bool, is_lean: bool = False, runs_tests: bool = False
) -> Options:
    """Return what the zygote of a worker must have imported, as options for `launch`.

    Args:
        needs: what the items or the notebook need.
        is_notebook: whether the worker runs a notebook.
        is_lean: whether the zygote may import only what student code may use.
        runs_tests: whether the worker runs a student's tests.
    """
    words = ["notebook"] * is_notebook + ["torch"] * ("torch" in needs) + ["tests"] * runs_tests
    return tuple([*words, "lean"] if is_lean and "torch" in words else words)


def options_of(assignment: Assignment, item: Item) -> Options:
    """Return the options of the zygote from which the worker of an item or its notebook comes."""
    if not item.notebook:
        is_lean = any(one.rules.allowed_imports is not None for one in assignment.packages)
        return zygote_options(item.needs, False, is_lean, runs_tests=bool(item.tests))
    notebook = assignment.notebook(item.notebook)
    allowed = (notebook.rules & item.rules).allowed_imports
    is_lean = allowed is not None and "sklearn" not in allowed
    return zygote_options(notebook.needs, is_notebook=True, is_lean=is_lean)
