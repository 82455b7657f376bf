"""Items of packages are judged in branches of one worker, and students cannot tell."""

import pytest

from autograder.assignment import load_assignment
from autograder.grading import submission_worker

pytestmark = pytest.mark.repeated_without_root

AREA = "shapes/area.py"


@pytest.fixture
def outcome(grade, tiny):
    """Grade a submission: how each item with tests ends."""

    def outcome(path):
        [record] = grade(tiny, path)
        return {item.id: item.status for item in record.items if item.tests}

    return outcome


PASSED = {"t1-square": "passed", "t1-row-sums": "passed"}


POOL = """
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
pool.submit(int).result()
"""
BY_POOL = """
alone = square
def square(x):
    return pool.submit(alone, x).result(timeout=5)
"""


def test_threads_that_a_module_has_started_are_there_for_every_item(submission, outcome):
    assert outcome(submission(above=POOL, below=BY_POOL)) == PASSED


def test_what_one_item_does_to_its_process_the_next_one_does_not_see(submission, outcome):
    once = """
import numpy
def once(function):
    def call(x):
        assert "used by another item" not in globals() or used_by == function.__name__
        globals()["used by another item"], globals()["used_by"] = True, function.__name__
        numpy.seterr(all="raise")
        return function(x)
    return call
square, row_sums = once(square), once(row_sums)
"""
    assert outcome(submission(below=once)) == PASSED


def test_files_that_one_item_has_written_the_next_one_does_not_find(submission, outcome):
    write = """
import os
rows = row_sums
def row_sums(X):
    assert not os.path.exists("note")
    return rows(X)
alone = square
def square(x):
    open("note", "w").close()
    os.mkdir("folder") if not os.path.exists("folder") else None
    return alone(x)
"""
    assert outcome(submission(below=write)) == PASSED


def test_a_folder_that_one_item_has_closed_is_no_hindrance(submission, outcome):
    close = """
import os
alone = square
def square(x):
    try:
        os.chmod(".", 0)
    except OSError:
        pass  # a worker with the grader's id may not
    return alone(x)
"""
    assert outcome(submission(below=close)) == PASSED


def test_a_process_that_its_item_has_started_is_not_there_for_its_hidden_tests(submission, outcome):
    start = """
import os, time
alone = square
def square(x):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
    return alone(x)
"""
    assert outcome(submission(below=start)) == PASSED


def test_a_worker_that_was_killed_costs_no_further_item(submission, outcome):
    kill = """
import os, signal
alone = square
def square(x):
    os.kill(os.getppid(), signal.SIGKILL) if os.getsid(0) == os.getppid() else None
    return alone(x)
"""
    assert outcome(submission(below=kill)) == PASSED


@pytest.fixture
def one_worker(monkeypatch):
    """Have a second worker for the same packages be an error of the grader."""
    spec = submission_worker.PackageLoader.spec

    def spec_once(self, scratch):
        assert not hasattr(self, "was_used"), "a second worker"
        self.was_used = True
        return spec(self, scratch)

    monkeypatch.setattr(submission_worker.PackageLoader, "spec", spec_once)


def test_a_worker_that_was_stopped_goes_on(submission, outcome, one_worker):
    stop = """
import os, signal
alone = square
def square(x):
    os.kill(os.getppid(), signal.SIGSTOP) if os.getsid(0) == os.getppid() else None
    return alone(x)
"""
    assert outcome(submission(below=stop)) == PASSED


def test_a_module_that_can_be_loaded_only_in_a_branch_costs_nothing(submission, outcome):
    only_once = "import os\nif os.getsid(0) == os.getpid(): os._exit(3)"
    assert outcome(submission(above=only_once)) == PASSED


def test_a_module_that_takes_for_ever_in_the_worker_is_left_to_the_items(
    submission, outcome, monkeypatch
):
    monkeypatch.setattr(submission_worker, "ONE_FORK_S", 2.0)
    hangs = "import os, time\nif os.getsid(0) == os.getpid(): time.sleep(60)"
    assert outcome(submission(above=hangs)) == PASSED


def test_a_module_that_holds_up_each_branch_costs_no_item(submission, outcome, monkeypatch):
    monkeypatch.setattr(submission_worker, "FORKING_S", 0.5)
    holds_up = """
import time
import autograder.sandbox.worker as worker
worker._fork_alone = lambda: time.sleep(60)
"""
    assert outcome(submission(above=holds_up)) == PASSED


def test_a_module_that_was_found_within_something_else_costs_nothing(course, submission, grade):
    rubric = course / "assignment" / "tiny" / "rubric" / "test_area.py"
    line = "    check(student.shapes.area.square(x)"
    asked = '    student.shapes.area.TABLE["x" * 2000].module\n'
    assert line in rubric.read_text()
    rubric.write_text(rubric.read_text().replace(line, asked + line))
    table = """
import math
class Table:
    module = math
    def __getitem__(self, key):
        return self
TABLE = Table()
"""
    [record] = grade(load_assignment(course, "tiny"), submission(above=table))
    assert {item.status for item in record.items if item.tests} == {"passed"}


def test_a_broken_module_costs_the_items_that_ask_for_it_and_says_why(grade, tiny, submission):
    [record] = grade(tiny, submission(above="import os; os._exit(3)"))
    tested = [item for item in record.items if item.tests]
    assert [item.status for item in tested] == ["crashed"] * len(PASSED)
    assert all("exit code 3" in item.message for item in tested)


def test_generators_draw_the_same_for_an_item_alone_and_among_others(grade, tiny, submission):
    tell = """
import random
import numpy
def square(x):
    raise ValueError(f"{random.random()} {numpy.random.random()}")
def row_sums(X):
    raise ValueError(f"{random.random()} {numpy.random.random()}")
"""
    path = submission(below=tell)

    def words(**options):
        [record] = grade(tiny, path, **options)
        return {item.id: [test.message for test in item.tests] for item in record.items}

    together = words()
    assert words(items=["t1-row-sums"])["t1-row-sums"] == together["t1-row-sums"]
    assert together["t1-row-sums"][0] != together["t1-square"][0]
    assert together["t1-square"][0] != together["t1-square"][1]
    assert words(seed=2)["t1-square"] != together["t1-square"]
