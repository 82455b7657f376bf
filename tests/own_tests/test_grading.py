"""Tests that students write are scored by the planted mistakes that they catch."""

import dataclasses
import json
import shutil

import pytest

from autograder.assignment import load_assignment
from autograder.grading.planted_code import load_planted, most_runs, resolved, resolved_file
from autograder.results import to_dict

from .conftest import ITEM, TESTS

HEAD = """
import numpy as np
import pytest
from layers.linear import Linear


def made():
    layer = Linear(3, 2)
    layer.W = np.arange(6.0).reshape(2, 3)
    x = np.arange(12.0).reshape(4, 3) - 5
    layer.forward(x)
    return layer, x, np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 1.0], [-2.0, 0.0]])

"""
OF_X = """
def test_x():
    layer, x, above = made()
    right = above @ layer.W
    assert np.allclose(layer.backward(above), right)
"""
OF_W = """
class TestWeights:
    @pytest.mark.parametrize("times", [1, 2])
    def test_w(self, times):
        layer, x, above = made()
        for _ in range(times):
            layer.backward(above.copy())
        assert layer.dL_dW == pytest.approx(above.T @ x)
"""


def test_the_solution_catches_everything(outcome):
    item = outcome()
    assert (item.status, item.score) == ("passed", 5.0)
    words = "your tests pass on all 3 right implementations and catch 5 of 5 mistakes"
    assert item.student_message == words
    assert [test.status for test in item.tests] == ["passed"] * 6


def test_points_go_by_the_share_that_is_caught_and_kinds_that_are_missed_are_told(outcome):
    item = outcome(HEAD + OF_X)
    assert (item.status, item.score) == ("partial", 1.0)
    assert item.student_message.splitlines() == [
        "your tests pass on all 3 right implementations and catch 1 of 5 mistakes",
        "not caught: Linear: the gradient of W",
        "not caught: Linear: a second backward",
        "not caught: Linear: an argument that changes",
    ]
    assert "mean-over-rows: dL/dW is averaged over the rows" in item.message


def test_classes_parameters_and_approx_are_known(outcome):
    item = outcome(HEAD + OF_X + OF_W)
    assert item.score == 4.0
    assert item.student_message.endswith("not caught: Linear: an argument that changes")


def test_other_seeds_and_a_second_grading_give_the_same(outcome):
    messages = {outcome(HEAD + OF_W, seed=seed).student_message for seed in (1, 1, 2, 3)}
    assert len(messages) == 1


def test_tests_that_ask_for_nothing_earn_nothing(outcome):
    item = outcome(HEAD + "def test_nothing():\n    made()\n")
    assert (item.status, item.score) == ("failed", 0.0)
    assert "catch 0 of 5 mistakes" in item.student_message


def test_tests_that_fail_on_right_code_earn_nothing_and_are_named(outcome):
    strict = """
def test_attributes():
    assert made()[0].x is not None
"""
    item = outcome(HEAD + OF_X + OF_W + strict)
    assert (item.status, item.score) == ("failed", 0.0)
    words = "because they fail on right code: on 2 of 3 implementations"
    assert words in item.student_message
    assert "failing: test_attributes. " in item.student_message
    assert "linear-by-einsum" in item.message and "linear-by" not in item.student_message
    assert "not caught" not in item.student_message


def test_at_most_three_tests_are_named(outcome):
    many = "".join(f"def test_{name}():\n    assert False\n" for name in "abcdef")
    assert "failing: test_a, test_b, test_c. " in outcome(many).student_message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def test_(:\n", "layers/test_gradients.py cannot be run: line 1: "),
        ("x = 1\n", "pytest runs no test in layers/test_gradients.py"),
        ("", "pytest runs no test in layers/test_gradients.py"),
        ("import pytest\n@pytest.mark.skip\ndef test_a(): pass\n", "pytest runs no test in"),
        ("import scipy\ndef test_a(): pass\n", "line 1 imports scipy; layers may import numpy"),
        ("def test_a():\n    __import__('scipy')\n", "they fail on right code"),
        ("(" * 3000 + ")" * 3000, "cannot be run"),
        ("x = '\0'\n", "cannot be run"),
    ],
)
def test_a_file_that_cannot_be_run_earns_nothing_and_says_why(outcome, text, words):
    item = outcome(text)
    assert (item.status, item.score) == ("failed", 0.0)
    assert words in item.student_message


def test_a_missing_file(tested, hand_in, grade):
    folder = hand_in()
    (folder / TESTS).unlink()
    [record] = grade(tested, folder, items=[ITEM])
    assert record.items[0].status == "failed"
    assert "the submission has no file layers/test_gradients.py" in record.items[0].message


def test_the_release_is_not_attempted(tested, grade, tmp_path):
    from autograder.release import plan_release, write_release

    write_release(plan_release(tested), tmp_path / "release")
    [record] = grade(tested, tmp_path / "release", items=[ITEM])
    assert (record.items[0].status, record.items[0].score) == ("not_attempted", 0.0)


def test_unwritten_tests_beside_written_ones_are_left_out(outcome):
    stub = 'def test_more():\n    raise NotImplementedError("tested/g1-tests: write it")\n'
    assert outcome(HEAD + OF_X + stub).score == 1.0
    own = 'def test_more():\n    raise NotImplementedError("of their own")\n'
    assert outcome(HEAD + OF_X + own).score == 0.0


def test_their_own_copy_of_the_module_is_not_what_is_tested(outcome):
    item = outcome(HEAD + OF_X, linear="raise RuntimeError('not this one')\n")
    assert item.score == 1.0


def test_their_other_modules_are_used(outcome):
    text = HEAD + "from layers.gradient_check import EXTRA\n" + OF_X
    assert outcome(text, gradient_check="EXTRA = 1\n").score == 1.0
    assert outcome(text, gradient_check="").score == 0.0


def test_what_tests_usually_use_is_there(outcome):
    text = (
        HEAD
        + """
import warnings

@pytest.fixture
def layer():
    return made()[0]

def test_fixtures(layer, tmp_path, capsys, monkeypatch, caplog, recwarn):
    (tmp_path / "file").write_text("text")
    print("printed")
    assert capsys.readouterr().out == "printed\\n"
    warnings.warn("warned")
    assert len(recwarn) == 1

def test_raises():
    with pytest.raises(ZeroDivisionError):
        1 / 0

@pytest.mark.xfail
def test_expected():
    assert False
"""
    )
    assert "pass on all 3 right" in outcome(text).student_message


def test_banned_names_are_banned_in_tests_and_the_given_code_is_loaded(own_course, outcome):
    toml = own_course / "assignment" / "tested" / "assignment.toml"
    allowed = 'allowed_imports = ["numpy"]'
    toml.write_text(toml.read_text().replace(
        allowed, f'{allowed}\nbanned_names = ["numpy.linalg.inv"]'
    ))  # fmt: skip
    changed = load_assignment(own_course, "tested")
    assert outcome(HEAD + OF_X, changed).score == 1.0
    item = outcome(HEAD + OF_X + "\ndef test_inv():\n    np.linalg.inv(np.eye(2))\n", changed)
    assert item.score == 0.0 and "uses numpy.linalg.inv" in item.student_message
    hidden = "\ndef test_inv():\n    getattr(np.linalg, 'in' + 'v')(np.eye(2))\n"
    item = outcome(HEAD + OF_X + hidden, changed)
    assert item.score == 0.0 and "failing: test_inv" in item.student_message


def test_an_endless_run_is_told_with_the_limit(own_course, outcome):
    toml = own_course / "assignment" / "tested" / "assignment.toml"
    toml.write_text(toml.read_text().replace("timeout_s = 5", "timeout_s = 1"))
    changed = load_assignment(own_course, "tested")
    item = outcome("def test_endless():\n    while True: pass\n", changed)
    assert (item.status, item.score) == ("timeout", 0.0)
    assert "exceeded the time limit for one run (1 s)" in item.student_message


def test_a_record_can_be_stored(tested, hand_in, grade):
    [record] = grade(tested, hand_in())
    assert [item.score for item in record.items] == [2.0, 1.0, 5.0]
    assert json.loads(json.dumps(to_dict(record)))["score"] == 8.0


def test_a_course_without_solutions_grades_by_the_resolved_file(own_course, tested, outcome):
    item = tested.item(ITEM)
    resolved_file(load_assignment(own_course, "tested"), item).write_bytes(
        resolved(load_planted(tested, item))
    )
    shutil.rmtree(own_course / "solutions")
    elsewhere = load_assignment(own_course, "tested")
    assert load_planted(elsewhere, item) == load_planted(tested, item)
    assert outcome(HEAD + OF_X, elsewhere).score == 1.0


def test_the_number_of_runs_is_known(tested):
    code = load_planted(tested, tested.item(ITEM))
    assert most_runs(code) == 6 + len(code.mistakes)
    many = dataclasses.replace(code, right=code.right * 3)
    assert most_runs(many) == 9 + len(code.mistakes)
