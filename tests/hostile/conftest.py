"""What the gradings of the corpus share: complete solutions, and a stage for each attack."""

from importlib import import_module
from importlib.util import find_spec

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

from .secret_course import COURSE
from .stage import Stage

NEEDED_BY_PAGES = (
    "bleach", "jinja2", "latex2mathml.converter", "matplotlib.figure",
    "nbconvert.filters.markdown_mistune", "autograder.report.make",
)  # fmt: skip
NEEDED_BY_GRADERS = (
    "autograder.datasets.openml", "autograder.datasets.published", "autograder.datasets.served",
    "autograder.grading.isolation", "autograder.grading.judge", "autograder.grading.judge_pool",
    "autograder.grading.requirements", "autograder.grading.run_data", "autograder.grading.versions",
    "autograder.notebook.reuse", "autograder.remote.notebooks", "autograder.remote.object_server",
    "autograder.results.table", "autograder.rubric.rerun", "autograder.sandbox.cores",
    "autograder.sandbox.selftest", "autograder.sandbox.temporary", "autograder.sandbox.zygote",
    "rich.console", "rich.progress",
)  # fmt: skip
"""Imported once here, and not in each of the graders that are forked from this process."""


@pytest.fixture(scope="session")
def solutions(tiny_solution, tmp_path_factory):
    """Folders with them, by assignment; what cannot be run here is not among them."""
    for name in NEEDED_BY_GRADERS:
        import_module(name)
    found = {"tiny": tiny_solution}
    if all(map(find_spec, ("IPython", "matplotlib", "nbconvert", "jupytext"))):
        for name in NEEDED_BY_PAGES:
            if find_spec(name.partition(".")[0]):
                import_module(name)
        found["noted"] = tmp_path_factory.mktemp("noted") / "solution"
        write_release(solution_files(load_assignment(COURSE, "noted")), found["noted"])
    return found


@pytest.fixture
def stage(solutions):
    """A stage that is removed afterwards."""
    stage = Stage(solutions)
    yield stage
    stage.close()
