"""Attacks by a test file that a student writes (tests/own_tests/course), each in a real grading.

Every file of `attacks/` is handed in as `layers/test_gradients.py`, beside a wrong `linear.py` and
a right `gradient_check.py`, which earns 1 point. The solution, from which all code under test is
made, holds secrets. The part of a name after `__` is the outcome; `Ends:` lists the
statuses of which the item must have one. README.md of the folder above says what else is asserted.
"""

import dataclasses
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release import solution_files
from autograder.sandbox.reap import become_subreaper

from .. import evidence
from ..secret_course import make_secrets
from ..stage import run_grading, write_files

ATTACKS = sorted((Path(__file__).parent / "attacks").glob("*.py"))
COURSE = Path(__file__).parent.parent.parent / "own_tests" / "course"
HONEST = 1.0
LINEAR, TESTS = "layers/linear.py", "layers/test_gradients.py"
WRONG = '''"""A linear layer that does nothing."""

import numpy as np


class Linear:
    def __init__(self, in_features, out_features):
        self.W = np.zeros((out_features, in_features))

    def forward(self, x):
        return np.zeros((len(x), len(self.W)))

    def backward(self, dL_dy):
        return np.zeros((len(dL_dy), self.W.shape[1]))
'''


@pytest.fixture
def secrets():
    return make_secrets()


@pytest.fixture
def scene(stage, secrets):
    """A stage with a course whose solution holds secrets in every form that code can have."""
    shutil.copytree(COURSE, stage.course)
    toml = stage.course / "assignment" / "tested" / "assignment.toml"
    allowed = 'allowed_imports = ["numpy"]'
    toml.write_text(toml.read_text().replace(allowed, 'allowed_imports = ["msgpack", "numpy"]'))
    source = stage.course / "solutions" / "tested" / LINEAR
    held = f'self.x, self.{secrets.word} = x, ("{secrets.word}", {secrets.numbers[0]}, '
    held += f"{secrets.whole})"
    source.write_text(source.read_text().replace("self.x = x", held))
    stage.assignment, stage.seconds = "tested", 180.0
    assignment = load_assignment(stage.course, "tested")
    stage.solution.mkdir()
    write_files(stage.solution, solution_files(assignment))
    return stage


def handed_in(stage, text):
    folder = stage.folder / "attack"
    files = {file.relative_to(stage.solution).as_posix(): file.read_bytes()
             for file in stage.solution.rglob("*.py")}  # fmt: skip
    files |= {LINEAR: WRONG.encode(), TESTS: stage._fill(text).encode()}
    write_files(folder, files)
    return folder


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.stem)
def test_grading_withstands(attack, scene, secrets):
    become_subreaper()
    before = set(evidence.descendants(os.getpid()))
    text = attack.read_text()
    outcome = run_grading(scene, [handed_in(scene, text), scene.solution])
    processes = evidence.left_processes(before, scene.mark)
    evidence.end(processes)
    assert outcome.code == 0, outcome.trouble
    hostile, honest = outcome.records
    ends = {item["id"]: item["status"] for item in hostile["items"]}
    assert hostile["score"] == HONEST, hostile["items"]
    assert "grader_error" not in ends.values(), hostile["items"]
    told = re.search(r"^Ends: (.+)$", text, re.MULTILINE)
    assert not told or ends["g1-tests"] in told[1].split(", "), hostile["items"]
    for what in (outcome.files[0].decode(), json.dumps(dataclasses.asdict(outcome)["table"])):
        document = re.sub(r'"extra_data": \{.*?\}', "", what, flags=re.DOTALL)
        assert evidence.leaked(document, secrets) == []
    assert processes == {}
    assert evidence.left_files(scene.mark, scene) == []
    assert honest["score"] == 8.0, honest["items"]


def test_an_attack_that_can_see_the_mistake_would_earn_points(scene, secrets):
    """The assertions above would notice: a test of behaviour does catch mistakes."""
    text = """
import numpy as np
from layers.linear import Linear


def test_sign():
    layer = Linear(1, 1)
    layer.W = np.ones((1, 1))
    layer.forward(np.ones((2, 1)))
    assert layer.backward(np.ones((2, 1))).sum() == 2
"""
    outcome = run_grading(scene, [handed_in(scene, text)])
    assert outcome.records[0]["score"] == HONEST + 1.0, outcome.records
