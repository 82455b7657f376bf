"""Describe what is graded: the same for every submission of a run, except for the seed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from autograder.assignment import Assignment, Item, Notebook
from autograder.assignment.spec import DATASETS
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.planted_code import PlantedCode, most_runs
from autograder.grading.seeding import KEY_FILE
from autograder.grading.submission_dir import (
    FORKING_S,
    NOTEBOOK_GRACE_S,
    Options,
    options_of,
)
from autograder.grading.test_phases import worker_name
from autograder.grading.versions import CPU, device, uses_graphics
from autograder.results import Isolation

PLAIN: Options = ()
"""The options of a zygote that imports neither IPython nor PyTorch."""


@dataclass(frozen=True)
class GradingConfig:
    """What is graded in a submission, and how.

    Attributes:
        assignment: the assignment.
        wanted: ids of the items, auto and written.
        seed: the number that every random draw of this submission comes from.
        policy: how the workers that run student code must be confined.
        isolation: what results say about the confinement.
        results: the results folder, where written answers are stored; None to store none.
        full: whether notebooks run unchanged, instead of with fast parameters on small data.
        data_seed: the number that the run's small datasets are drawn from, the same for every
            submission; None to use `seed`.
        observed: the file to which the values that checks asked for are written, for an audit;
            None to write nothing.
        planted: by item, the code that the tests which students write for it are run on.
    """

    assignment: Assignment
    wanted: tuple[str, ...]
    seed: int
    policy: SandboxPolicy
    isolation: Isolation
    results: Path | None = None
    full: bool = False
    data_seed: int | None = None
    observed: Path | None = None
    planted: Mapping[str, PlantedCode] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def run_seed(self) -> int:
        """The seed of the run's small datasets; other seeds cannot be derived from it."""
        return self.seed if self.data_seed is None else self.data_seed

    @property
    def secrets(self) -> list[str]:
        """The files of the results folder that workers must not be able to read."""
        return [] if self.results is None else [str((self.results / KEY_FILE).absolute())]

    @property
    def judged(self) -> list[Item]:
        """The items whose tests run: those wanted, and those that they build on."""
        needed = self.assignment.with_foundations(self.wanted)
        return [item for item in self.assignment.auto_items if item.id in needed]

    @property
    def auto_wanted(self) -> list[str]:
        """The ids of the items that tests score."""
        return [item.id for item in self.assignment.auto_items if item.id in self.wanted]

    @property
    def notebooks(self) -> list[Notebook]:
        """The notebooks to which the judged items belong."""
        paths = {item.notebook for item in self.judged}
        return [notebook for notebook in self.assignment.notebooks if notebook.path in paths]

    @property
    def options(self) -> list[Options]:
        """The options of the zygotes that are needed, the plain one first."""
        return sorted({PLAIN, *(options_of(self.assignment, item) for item in self.judged)})

    @property
    def datasets(self) -> list[str]:
        """The names of the datasets that are needed."""
        needs = {need for item in self.judged for need in item.needs}
        needs |= {need for notebook in self.notebooks for need in notebook.needs}
        return sorted(needs & {*DATASETS, *(one.name for one in self.assignment.datasets)})

    @property
    def device(self) -> str:
        """What student code computes on: a graphics card if an item or a notebook can use one."""
        needs = [item.needs for item in self.judged]
        needs += [notebook.needs for notebook in self.notebooks]
        return device() if any(map(uses_graphics, needs)) else CPU

    @property
    def seconds_at_most(self) -> float:
        """The sum of all time limits of one submission.

        An item's limit counts for the student's code, once more for its tests (check_timeout.py),
        and once more for the evaluation of models (forward_pass.py); a notebook's for its run, and
        once more in case it has to be run again (resting.py). The limit of an item of students'
        tests counts for each run of them.
        """
        items = self.judged
        runs = [one.full_timeout_s if self.full else one.timeout_s for one in self.notebooks]
        workers = {worker_name(item) for item in items}
        overhead = 2 * NOTEBOOK_GRACE_S * len(runs) + FORKING_S * len(workers)
        runs += [item.timeout_s * most_runs(self.planted[item.id]) for item in items if item.tests]
        evaluated = sum(item.timeout_s for item in items if options_of(self.assignment, item))
        return 2 * (sum(item.timeout_s for item in items) + sum(runs)) + evaluated + overhead
