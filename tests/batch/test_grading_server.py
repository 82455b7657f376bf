"""A grading server grades what it is sent, if it has the same bundle as the machine that asks."""

import os
import signal

import pytest

from autograder.assignment import load_assignment
from autograder.batch import cluster_worker
from autograder.batch.submission_zip import packed
from autograder.datasets import Data
from autograder.grading.cache_keys import make_cache_keys
from autograder.grading.config import GradingConfig
from autograder.grading.events import AnswersFound, GradingFailed, SubmissionGraded, decode
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.judge_process import wanted_of
from autograder.grading.run_data import RunData
from autograder.sandbox.modes import present_mode
from autograder.submission import Submission

ALL = ("t1-square", "t1-row-sums", "t1-why")
ASKED = {"assignment": "tiny", "seed": 1, "mode": None, "insecure": False, "full": False}


@pytest.fixture
def parts(course, monkeypatch):
    """The bundle of the machine that asks; servers are started in a copy of its course."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course))
    assignment = load_assignment(course, "tiny")
    isolation = {"mode": "docker", "layers": {}}
    config = GradingConfig(assignment, ALL, 1, SandboxPolicy(present_mode()), isolation)
    yield dict(make_cache_keys(config, RunData(Data(), {}, ())).parts)
    cluster_worker.close_idle_servers()


def ask(parts, request):
    return decode(cluster_worker.grade(ASKED, parts, request))


def test_it_grades_one_submission_after_the_other(parts, tiny, tiny_solution, tiny_release):
    assert ask(parts, None) == []
    scores = []
    for name, place in (("ada", tiny_solution), ("bob", tiny_release), ("none", None)):
        data = packed(Submission(name, place), wanted_of(tiny)) if place else b""
        wanted = ALL if name == "ada" else ALL[:1]
        request = {"name": name, "wanted": wanted, "seed": len(scores), "submission": data}
        *others, graded = ask(parts, request)
        record = graded.record
        assert record.name == name and len(record.items) == len(wanted)
        assert record.seed == len(scores)
        assert [type(one) for one in others] == ([AnswersFound] if name == "ada" else [])
        assert record.versions["device"]
        scores.append((record.score, record.possible))
    assert scores == [(4.0, 4.0), (0.0, 2.0), (0.0, 2.0)]
    assert len(cluster_worker.idle_servers()) == 1


def test_it_names_what_differs_and_grades_nothing(parts):
    [failure] = ask(parts | {"the data sets": "others", "the rubric": "another"}, None)
    assert "it has another version of: the data sets, the rubric" in failure.message
    assert failure.refused


def test_one_that_dies_is_reported(parts, tiny, tiny_solution):
    assert ask(parts, None) == []
    [server] = cluster_worker.idle_servers()
    os.kill(server.process.pid, signal.SIGKILL)
    request = {
        "name": "ada",
        "wanted": ALL,
        "seed": 1,
        "submission": packed(Submission("ada", tiny_solution), wanted_of(tiny)),
    }
    assert ask(parts, request) == [GradingFailed("the process that grades has ended")]
    assert isinstance(ask(parts, request)[-1], SubmissionGraded)  # another one is started


def test_one_of_a_run_that_is_over_is_ended(parts):
    assert ask(parts, None) == []
    [first] = cluster_worker.idle_servers()
    [failure] = ask(parts | {"the seed": "another"}, None)
    assert failure.refused
    assert first.process.poll() is not None
