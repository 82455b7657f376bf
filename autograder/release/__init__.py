"""The release: what students get, made from one annotated source and proved free of leaks."""

from autograder.release.build import plan_release, solution_files
from autograder.release.folder import Difference, Written, compare_release, write_release

__all__ = [
    "Difference",
    "Written",
    "compare_release",
    "plan_release",
    "solution_files",
    "write_release",
]
