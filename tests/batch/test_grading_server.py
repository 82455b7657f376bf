"""A station grades what it is sent, if it has what the asker has."""

import json
import os
import signal

import pytest

from autograder.assignment import load_assignment
from autograder.batch import cluster_worker
from autograder.batch.submission_zip import packed
from autograder.datasets import Data
from autograder.grading.cache_keys import make_bundle
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.judge_process import wanted_of
from autograder.grading.run_data import RunData
from autograder.results import from_dict
from autograder.sandbox.modes import present_mode
from autograder.submission import Submission

ALL = ("t1-square", "t1-row-sums", "t1-why")
ASKED = {"assignment": "tiny", "seed": 1, "mode": None, "insecure": False, "full": False}


@pytest.fixture
def parts(course, monkeypatch):
    """What the asker has; stations are started in a copy of its course."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course))
    assignment = load_assignment(course, "tiny")
    isolation = {"mode": "docker", "layers": {}}
    config = GradingConfig(assignment, ALL, 1, SandboxPolicy(present_mode()), isolation)
    yield dict(make_bundle(config, RunData(Data(), {}, ())).parts)
    cluster_worker._close_all()
    cluster_worker._idle.clear()


def ask(parts, parcel):
    return json.loads(cluster_worker.grade(ASKED, parts, parcel))


def test_it_grades_one_parcel_after_the_other(parts, tiny, tiny_solution, tiny_release):
    assert ask(parts, None) == {}
    scores = []
    for name, place in (("ada", tiny_solution), ("bob", tiny_release), ("none", None)):
        data = packed(Submission(name, place), wanted_of(tiny)) if place else b""
        wanted = ALL if name == "ada" else ALL[:1]
        parcel = {"name": name, "wanted": wanted, "seed": len(scores), "submission": data}
        answer = ask(parts, parcel)
        record = from_dict(json.loads(answer["record"]))
        assert record.name == name and len(record.items) == len(wanted)
        assert record.seed == len(scores)
        assert bool(answer["written"]) == (name == "ada")
        assert record.versions["device"]
        scores.append((record.score, record.possible))
    assert scores == [(4.0, 4.0), (0.0, 2.0), (0.0, 2.0)]
    assert [len(idle) for idle in cluster_worker._idle.values()] == [1]


def test_it_names_what_differs_and_grades_nothing(parts):
    answer = ask(parts | {"the data sets": "others", "the rubric": "another"}, None)
    assert "it has another version of: the data sets, the rubric" in answer["refused"]


def test_one_that_dies_is_told(parts, tiny, tiny_solution):
    assert ask(parts, None) == {}
    [[station]] = cluster_worker._idle.values()
    os.kill(station._process.pid, signal.SIGKILL)
    parcel = {
        "name": "ada",
        "wanted": ALL,
        "seed": 1,
        "submission": packed(Submission("ada", tiny_solution), wanted_of(tiny)),
    }
    assert "died" in ask(parts, parcel)
    assert "record" in ask(parts, parcel)  # another one is started


def test_one_of_an_order_that_is_done_makes_room(parts):
    assert ask(parts, None) == {}
    [[first]] = cluster_worker._idle.values()
    assert "refused" in ask(parts | {"the seed": "another"}, None)
    assert first._process.poll() is not None
