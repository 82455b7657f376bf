"""Banned packages are left out of what workers may read, by a ruleset that is made once."""

import os
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.rubric.student import StudentConnection, StudentProxy
from autograder.sandbox import landlock
from autograder.sandbox import launch as launching
from autograder.sandbox.client import Zygote
from autograder.sandbox.launch import launch
from autograder.sandbox.library import ban, readable

pytestmark = [
    pytest.mark.repeated_without_root,
    pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock"),
]


@pytest.fixture
def packages(monkeypatch):
    """A folder of Python's library, with a package `forbidden` and a package `allowed`."""
    # Not where jobs are: what is made beside a banned package later has to be treated otherwise.
    whole = Path(tempfile.mkdtemp(prefix="autograder-packages-", dir="/var/tmp"))
    folder = whole / "site-packages"
    folder.mkdir()
    for name in ("forbidden", "allowed"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text(f"name = {name!r}\n")
    for place in (whole, *whole.rglob("*")):
        place.chmod(0o755)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setitem(launching.ENVIRONMENT, "PYTHONPATH", str(folder))
    yield folder
    shutil.rmtree(whole)


@pytest.fixture
def student(packages):
    """The student's module of a job, in a worker of its own; all come from one zygote."""
    zygote, workers = Zygote(launch()), []

    def open_worker(job):
        workers.append(worker := zygote.open(job))
        session = StudentConnection(
            lambda one: worker.ask(one, time.monotonic() + 20), Path(job.folder)
        )
        return StudentProxy(session).shapes

    yield open_worker
    for worker in workers:
        worker.close()
    zygote.close()


SOURCE = """
import os

def look(path):
    here, (folder, name) = os.getcwd(), os.path.split(path)
    os.chdir(folder)  # by their whole path, the worker's own Python refuses banned files
    try:
        return open(name).read()
    except PermissionError:
        return "refused"
    finally:
        os.chdir(here)

def move():
    os.mkdir("from"), os.mkdir("to")
    open("from/file", "w").write("moved")
    os.rename("from/file", "to/file")
    return open("to/file").read()

def descriptors():
    found = []
    for number in os.listdir("/proc/self/fd"):
        try:
            found.append(os.readlink(f"/proc/self/fd/{number}"))
        except OSError:
            pass
    return found
"""


def test_a_banned_package_is_left_out_and_its_neighbours_are_not(packages, student, make_job):
    job = make_job({"shapes.py": SOURCE}, banned=["forbidden"])
    for _ in range(2):  # the second worker finds the ruleset made
        shapes = student(job)
        assert shapes.look(str(packages / "forbidden/__init__.py")) == "refused"
        assert "allowed" in shapes.look(str(packages / "allowed/__init__.py"))


def test_what_else_is_not_for_workers_stays_closed(packages, student, make_job):
    job = make_job({"shapes.py": SOURCE}, banned=["forbidden"])
    secret = Path(tempfile.mkdtemp(prefix="autograder-secret-"))
    try:
        secret.chmod(0o755)
        (secret / "file").write_text("secret")
        assert student(job).look(str(secret / "file")) == "refused"
    finally:
        shutil.rmtree(secret)


def test_files_can_be_moved_within_scratch(packages, student, make_job):
    job = make_job({"shapes.py": SOURCE}, banned=["forbidden"])
    assert student(job).move() == "moved"


def test_no_worker_holds_the_ruleset(packages, student, make_job):
    # Who has it can add rules to it, and it is the one of all workers to come.
    job = make_job({"shapes.py": SOURCE}, banned=["forbidden"])
    held = student(job).descriptors()
    assert held and not [one for one in held if "landlock" in one]


def test_a_submission_beside_a_banned_package_is_graded_all_the_same(packages, student, make_job):
    first = make_job({"shapes.py": SOURCE}, banned=["forbidden"])
    student(first)
    # What is made in a folder after the ruleset is not named in it.
    later = packages / "later"
    shutil.copytree(Path(first.folder).parent, later)
    for place in (later, *later.rglob("*")):
        place.chmod(0o755)
    job = replace(
        first,
        folder=str(later / "submission"),
        support=str(later / "support"),
        scratch=str(later / "scratch"),
        traversed_folders=[str(later)],
    )
    shapes = student(job)
    assert shapes.look(str(packages / "forbidden/__init__.py")) == "refused"
    assert shapes.move() == "moved"


def test_what_was_made_later_beside_a_banned_package_is_not_spared(packages):
    without = ban(("forbidden",))
    try:
        assert without.spares([str(packages / "allowed"), tempfile.gettempdir()])
        (packages / "later").mkdir()
        assert not without.spares([str(packages / "allowed"), str(packages / "later")])
        assert not without.spares([str(packages / "forbidden")])
    finally:
        os.close(without.ruleset)
        ban.cache_clear()
        readable.cache_clear()


def test_without_a_package_to_ban_there_is_no_ruleset():
    assert ban(("not_installed_anywhere",)) is None


def test_where_a_folder_on_the_way_cannot_be_listed_there_is_no_ruleset(packages, monkeypatch):
    def refused(place):
        raise PermissionError(13, "refused", place)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refused)
        assert ban(("forbidden",)) is None
    ban.cache_clear()
    readable.cache_clear()
