"""List what grading an assignment needs on another machine: groups of dependencies, datasets."""

from autograder.assignment import Assignment
from autograder.assignment.rubric_files import reads_events
from autograder.assignment.spec import DATASETS

TORCH_EXTRA = "assignments"


def _needs(assignment: Assignment) -> set[str]:
    needs = {need for item in assignment.auto_items for need in item.needs}
    return needs | {need for notebook in assignment.notebooks for need in notebook.needs}


def datasets_of(assignment: Assignment) -> tuple[str, ...]:
    """Return the names of the datasets."""
    return tuple(name for name in DATASETS if name in _needs(assignment))


def extras_of(assignment: Assignment) -> tuple[str, ...]:
    """Return the extras of the tool, as pip names them; none where NumPy is enough."""
    extras = []
    if {"torch", *DATASETS} & _needs(assignment):
        extras.append(TORCH_EXTRA)
    if assignment.notebooks:
        extras.append("running")
    if reads_events(assignment.rubric_folder):
        extras.append("tensorboard")
    return tuple(extras)
