"""The release: what students get, made from one annotated source and proved free of leaks."""

from autograder.release.build import leaks_in, plan_release, solution_files
from autograder.release.folder import Difference, Written, compare_release, write_release

__all__ = [
    "Difference",
    "Written",
    "compare_release",
    "leaks_in",
    "plan_release",
    "solution_files",
    "write_release",
]
