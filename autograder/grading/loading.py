"""What a worker loads before it is branched: packages, or a notebook."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Item, Notebook
from autograder.grading.submission_dir import SubmissionDir
from autograder.sandbox.job import WorkerSpec


@dataclass(frozen=True)
class Loading:
    """What a worker loads, and how.

    Attributes:
        notebook: what it runs before it is branched; None for a worker of packages.
        seconds: how long the notebook may run.
        make_job: the worker's job, with a folder to work in.
        branches: how often it is branched.
    """

    notebook: Notebook | None
    seconds: float
    make_job: Callable[[Path], WorkerSpec]
    branches: int


def packages_for(place: SubmissionDir, items: Sequence[Item], branches: int) -> Loading:
    """The packages, for items that need the same besides."""
    longest = max(item.timeout_s for item in items)

    def make_job(scratch: Path) -> WorkerSpec:
        return place.packages_job(items[0].needs, longest, scratch, items[0].rules)

    return Loading(None, 0.0, make_job, branches)


def notebook_for(
    place: SubmissionDir, notebook: Notebook, items: Sequence[Item], branches: int
) -> Loading:
    """A notebook, run with what the packages beside it bring."""
    longest = max(item.timeout_s for item in items)

    def make_job(scratch: Path) -> WorkerSpec:
        return place.notebook_job(notebook, longest, scratch, items[0].rules)

    return Loading(notebook, place.seconds_of(notebook), make_job, branches)
