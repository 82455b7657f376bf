"""What the tests of the tool share: a course with a tiny assignment, its solution, its release."""

import shutil
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grading.batch import Order, grade_all
from autograder.release import plan_release, solution_files, write_release
from autograder.submission import find_submissions

COURSE = Path(__file__).parent / "course"
REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def tiny():
    """The tiny assignment of tests/course."""
    return load_assignment(COURSE, "tiny")


@pytest.fixture(scope="session")
def tiny_solution(tiny, tmp_path_factory):
    """A folder with its complete solution; do not write to it."""
    folder = tmp_path_factory.mktemp("tiny") / "solution"
    write_release(solution_files(tiny), folder)
    return folder


@pytest.fixture(scope="session")
def tiny_release(tiny, tmp_path_factory):
    """A folder with its untouched release; do not write to it."""
    folder = tmp_path_factory.mktemp("tiny") / "release"
    write_release(plan_release(tiny), folder)
    return folder


@pytest.fixture
def course(tmp_path):
    """A copy of tests/course to change."""
    folder = tmp_path / "course"
    shutil.copytree(COURSE, folder, ignore=shutil.ignore_patterns("__pycache__", "results"))
    return folder


@pytest.fixture
def grade():
    """Grade submissions as the command does: the records, in the order of the paths."""

    def grade(assignment, *paths, seed=1, jobs=1, items=None):
        submissions = find_submissions(paths)
        wanted = tuple(items or (item.id for item in assignment.items))
        order = Order(assignment, wanted, seed)
        records = {record.name: record for record in grade_all(order, submissions, jobs)}
        return [records[submission.name] for submission in submissions]

    return grade
