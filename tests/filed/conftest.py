"""A course of modules at the top and of items that are answered by files, and hand-ins for it."""

import shutil
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files, write_release

COURSE = Path(__file__).parent / "course"
EVENTS = "runs/events.out.tfevents.1700000000.machine.1.0"


@pytest.fixture(scope="session")
def filed():
    """The assignment."""
    return load_assignment(COURSE, "filed")


@pytest.fixture
def hand_in(filed, tmp_path):
    """Make a hand-in: the solution with other files; None removes one."""

    def make(files=None):
        folder = tmp_path / "ada"
        shutil.rmtree(folder, ignore_errors=True)
        write_release(solution_files(filed), folder)
        for path, content in (files or {}).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            if content is not None:
                target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return make


@pytest.fixture
def outcome(filed, hand_in, grade):
    """Grade a hand-in with other files; return the record of one item."""

    def judged(item, files=None):
        [record] = grade(filed, hand_in(files), items=[item])
        return record.items[0]

    return judged
