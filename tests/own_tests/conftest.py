"""A course with an item that is scored by tests which students write, and hand-ins for it."""

import shutil
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

COURSE = Path(__file__).parent / "course"
TESTS = "layers/test_gradients.py"
ITEM = "g1-tests"


@pytest.fixture(scope="session")
def tested():
    """The assignment."""
    return load_assignment(COURSE, "tested")


@pytest.fixture
def own_course(tmp_path):
    """A copy of the course to change."""
    return shutil.copytree(COURSE, tmp_path / "own-course")


@pytest.fixture
def hand_in(tested, tmp_path):
    """Make a hand-in: the solution with other files."""

    def make(tests=None, **files):
        folder = tmp_path / "somebody"
        shutil.rmtree(folder, ignore_errors=True)
        write_release(solution_files(tested), folder)
        if tests is not None:
            (folder / TESTS).write_text(tests)
        for name, text in files.items():
            (folder / "layers" / f"{name}.py").write_text(text)
        return folder

    return make


@pytest.fixture
def outcome(tested, hand_in, grade):
    """Grade a test file; return the item's record."""

    def judged(tests=None, assignment=None, seed=1, **files):
        folder = hand_in(tests, **files)
        [record] = grade(assignment or tested, folder, items=[ITEM], seed=seed)
        return record.items[0]

    return judged
