"""What the tests of the tool share: a course with a tiny assignment, its solution, its release."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grading.session import GradingRequest, GradingSession
from autograder.release import plan_release, solution_files, write_release
from autograder.sandbox.identity import remove_tree
from autograder.sandbox.worker_spec import WorkerSpec
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

    def grade(assignment, *paths, seed=1, jobs=1, items=None, full=False, results=None):
        submissions = find_submissions(paths)
        wanted = tuple(items) if items else None
        request = GradingRequest(assignment, wanted, seed, results, full=full, jobs=jobs)
        with GradingSession.open(request) as session:
            records = {record.name: record for record in session.grade(submissions)}
        return [records[submission.name] for submission in submissions]

    return grade


@pytest.fixture
def submission(tiny, tmp_path):
    """Make submissions of the tiny solution with changes.

    `square` is another body for that function; `above` and `below` are put around the source of
    shapes/area.py; further files are given by their paths.
    """
    from autograder.audit.catalogue import CatalogueEntry, FileChange, apply_entry

    area = "shapes/area.py"

    def make(square=None, above="", below="", name="submission", **files):
        contents = solution_files(tiny)
        if square is not None:
            change = FileChange(area, {"function": "square", "replace": square})
            entry = CatalogueEntry("other-square", "", (), "", (change,), "this test")
            contents = apply_entry(entry, contents)
        if above or below:
            contents[area] = f"{above}\n{contents[area].decode()}\n{below}\n".encode()
        for path, content in (contents | files).items():
            target = tmp_path / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / name

    return make


@pytest.fixture
def make_job():
    """Make jobs for workers: a private folder each, with the files handed in.

    Not below pytest's own folders, which no other user may enter.
    """
    folders = []

    def make(files, support=None, **changes):
        folder = Path(tempfile.mkdtemp(prefix="autograder-test-"))
        folders.append(folder)
        for name in ("submission", "support", "scratch"):
            (folder / name).mkdir()
        for name, text in files.items():
            (folder / "submission" / name).write_text(text)
        for name, text in (support or {}).items():
            (folder / "support" / name).write_text(text)
        fields = {
            "folder": str(folder / "submission"),
            "packages": {Path(name).stem: {} for name in files},
            "support": str(folder / "support"),
            "scratch": str(folder / "scratch"),
            "traversed_folders": [str(folder)],
            "banned": [],
            "seed": 1,
            "memory_bytes": 2 * 2**30,
            "cpu_seconds": 30,
            "answer_bytes": 2**24,
            "judge": os.getpid(),
            "secrets": [],
        }
        return WorkerSpec(**(fields | changes))

    yield make
    for folder in folders:
        remove_tree(str(folder))
