"""Judges grade one submission after another, and none of them feels the one before."""

import os
import signal
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grading import judge_pool, judge_process
from autograder.grading.config import PLAIN
from autograder.grading.session import GradingRequest, GradingSession
from autograder.grading.task import GradingTask
from autograder.submission import Submission

FULL = [("passed", 2.0), ("passed", 2.0), ("awaiting_manual", 0.0)]

# Put into a test: what it finds is noted, and then changed.
NOTE = """
    import json, os, random, sys, warnings
    found = [
        np.geterr(), np.random.random(), random.random(), os.environ.get("LEFT"), os.getcwd(),
        sys.path, np.get_printoptions()["precision"], len(warnings.filters),
    ]
    SEEN.append("this test")
    with open(LOG, "a") as log:
        log.write(json.dumps([os.getpid(), len(SEEN), found]) + "\\n")
"""
CHANGE = """
    np.seterr(all="raise")
    np.random.seed(0)
    random.seed(0)
    os.environ["LEFT"] = "something"
    del os.environ["PATH"]
    os.chdir("/")
    sys.path.insert(0, "/nowhere")
    np.set_printoptions(precision=1)
    warnings.simplefilter("error")
    request.getfixturevalue("held")
"""
HELD = """
@pytest.fixture(scope="module")
def held():
    with open(LOG, "a") as log:
        log.write("taken\\n")
    yield
    with open(LOG, "a") as log:
        log.write("given back\\n")

"""


class Noted:
    """The tiny assignment with a rubric that notes what it finds."""

    def __init__(self, course, log):
        self.log = log
        rubric = course / "assignment/tiny/rubric/test_area_hidden.py"
        text = rubric.read_text()
        text = text.replace("\n\n@pytest", f"\nLOG = {str(log)!r}\nSEEN = []\n{HELD}\n@pytest", 1)
        text = text.replace("keeps_its_argument(student,", "keeps_its_argument(request, student,")
        rubric.write_text(text.replace("    held = ", f"{NOTE}{CHANGE}\n    held = ", 1))
        self.assignment = load_assignment(course, "tiny")

    @property
    def lines(self):
        return self.log.read_text().splitlines()

    @property
    def processes(self):
        """The process that each submission was graded in."""
        return [line.partition(",")[0] for line in self.lines if line.startswith("[")]


@pytest.fixture
def noted(course, tmp_path):
    return Noted(course, tmp_path / "log")


@pytest.fixture
def graded():
    """Grade as `grade_tasks` does, one at a time."""

    def graded(assignment, tasks_of, at_record=lambda record: None):
        records = []
        request = GradingRequest(assignment, seed=1)
        with GradingSession.open(request) as session, session.run_data() as data:
            for record in session.grade_tasks(deque(tasks_of(session.config)), data):
                records.append(record)
                at_record(record)
        return records

    return graded


def outcomes(records):
    return [[(item.status, item.score) for item in record.items] for record in records]


def test_what_a_rubric_changes_in_its_judge_is_put_back(noted, grade, tiny_solution):
    paths = [tiny_solution] * 3
    assert outcomes(grade(noted.assignment, *paths)) == [FULL] * 3
    found = [line.split(",", 2) for line in noted.lines if line.startswith("[")]
    processes, times, states = zip(*found, strict=True)
    assert len(set(processes)) == 1
    assert len(set(states)) == 1
    # The globals of its modules are its own.
    assert [int(number) for number in times] == [1, 2, 3]


def test_fixtures_of_a_module_are_made_for_each_submission(noted, grade, tiny_solution):
    grade(noted.assignment, *[tiny_solution] * 2)
    assert [line for line in noted.lines if line[0] != "["] == ["taken", "given back"] * 2


def test_a_judge_retires_after_so_many_submissions(noted, grade, tiny_solution, monkeypatch):
    monkeypatch.setattr(judge_pool, "SUBMISSIONS_AT_MOST", 2)
    assert outcomes(grade(noted.assignment, *[tiny_solution] * 5)) == [FULL] * 5
    processes = noted.processes
    assert [processes.index(process) for process in processes] == [0, 0, 2, 2, 4]


def test_there_are_no_more_judges_than_asked_for(noted, grade, tiny_solution):
    assert outcomes(grade(noted.assignment, *[tiny_solution] * 6, jobs=2)) == [FULL] * 6
    assert len(set(noted.processes)) == 2


def test_a_judge_that_is_killed_at_rest_costs_nothing(noted, graded, tiny_solution):
    def tasks(config):
        return [GradingTask(config, Submission(name, tiny_solution)) for name in ("a", "b")]

    def kill(record):
        if record.name == "a":
            judge = int(noted.processes[0][1:])
            os.kill(judge, signal.SIGKILL)
            os.waitid(os.P_PID, judge, os.WEXITED | os.WNOWAIT)

    assert outcomes(graded(noted.assignment, tasks, kill)) == [FULL] * 2
    assert len(set(noted.processes)) == 2


def test_a_judge_whose_rubric_has_stumbled_retires(noted, course, grade, tiny_solution):
    rubric = course / "assignment/tiny/rubric/test_area_hidden.py"
    rubric.write_text(rubric.read_text().replace("    scale = ", "    undefined\n    scale = "))
    records = grade(load_assignment(course, "tiny"), *[tiny_solution] * 2)
    assert {record.items[1].status for record in records} == {"grader_error"}
    assert len(set(noted.processes)) == 2


def test_a_judge_whose_zygote_was_killed_retires_and_the_next_has_a_new_one(
    noted, grade, tiny_solution, tmp_path, monkeypatch
):
    zygotes = tmp_path / "zygotes"
    judge = judge_process.judge

    def killing_judge(config, name, collected, by_options, *rest):
        with zygotes.open("a") as log:
            log.write(f"{by_options[PLAIN].pid}\n")
        if name == "solution":
            os.kill(by_options[PLAIN].pid, signal.SIGKILL)
        return judge(config, name, collected, by_options, *rest)

    monkeypatch.setattr(judge_process, "judge", killing_judge)
    assert outcomes(grade(noted.assignment, *[tiny_solution] * 3)) == [FULL] * 3
    killed, second, third = zygotes.read_text().split()
    assert killed != second == third
    first, *others = noted.processes
    assert len(set(others)) == 1 and first not in others


def test_a_judge_is_asked_for_other_items_and_to_draw_from_another_seed(
    noted, graded, tiny_solution
):
    def tasks(config):
        orders = [
            config,
            replace(config, wanted=("t1-square",)),
            config,
            replace(config, seed=2),
            replace(config, full=True),
        ]
        return [GradingTask(one, Submission(str(n), tiny_solution)) for n, one in enumerate(orders)]

    records = graded(noted.assignment, tasks)
    assert outcomes(records) == [FULL, FULL[:1], FULL, FULL, FULL]
    assert [record.seed for record in records] == [1, 1, 1, 2, 1]
    processes = noted.processes
    assert [processes.index(process) for process in processes] == [0, 0, 0, 0, 4]


def test_a_submission_is_read_for_its_seed_when_its_turn_comes(noted, graded, tiny_solution):
    """To read all of a class first would take minutes in which nothing is graded."""
    asked = []

    def seed_of(submission):
        asked.append(submission.name)
        return len(asked)

    def tasks(config):
        return [
            GradingTask(config, Submission(name, tiny_solution), seed_of=seed_of) for name in "abc"
        ]

    turns = []
    graded(noted.assignment, tasks, lambda record: turns.append((record.seed, list(asked))))
    assert turns == [(1, ["a"]), (2, ["a", "b"]), (3, ["a", "b", "c"])]


def test_a_task_comes_through_a_pipe_unchanged(tiny):
    odd = Path(os.fsdecode(b"/in/\xff \xc3\xa9"))
    with GradingSession.open(GradingRequest(tiny, seed=1)) as session:
        shared = session.config
    for results in (None, Path("/out")):
        config = replace(shared, wanted=("a", "b"), results=results, seed=2**53 - 1)
        task = GradingTask(config, Submission("é", odd), folder=Path("/private"))
        assert GradingTask.decode(task.encode(), shared) == task
