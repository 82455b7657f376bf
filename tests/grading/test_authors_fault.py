"""An error in the rubric's own lines is the student's only if a student's value can cause it."""

import importlib.util

import numpy as np
import pytest

from autograder.grading.verdict import judge_outcome

HEAD = """
import functools
import numpy as np
import pytest

SIZES = {"small": 3}
SEEN = []

def pair_of(value):
    first, second = value
    return first, second

def own_pair():
    first, second = 1, 2, 3
    return first, second

def size_of(name):
    return SIZES[name]

def remember(value):
    SEEN.append(value)

"""
# The body of a test with the fixtures student and rng, or a whole test.
STUDENTS = {
    "unpacked": "dW, db = student()",
    "unpacked later": "got = student()\ndW, db = got",
    "unpacked in a helper": "pair_of(student())",
    "unpacked in a loop": "for a, b in [student()]:\n    pass",
    "gone through": "for one in student():\n    pass",
    "in a comprehension": "shapes = [one.shape for one in [student()]]",
    "an attribute": "student().shape",
    "an index": "got = student()\nfirst = got[0]",
    "an operator on the right": "right = np.ones(3) @ student()",
    "a key": "SIZES[student()]",
    "a key in a helper": "size_of(student())",
    "appended": "found = []\nfound.append(student())\nnp.ones(2) + found[0].shape",
    "stored": "found = {}\nfound['a'] = student()\nfound['a'].shape",
    "another name of one list": "found = []\nalso = found\nalso.append(student())\nfound[0].shape",
    "decided by an if": "n = {}\nif student() is None:\n    n = None\nn['a']",
    "decided by a try": (
        "n = None\ntry:\n    student().shape\n    n = [1]\nexcept AttributeError:\n    pass\nn[0]"
    ),
    "decided by a loop": (
        "n = None\nfor one in range(3):\n    if student() is None:\n        break\n    n = 1\nn + 1"
    ),
    "kept by a function": "remember(student())\nSEEN[-1].shape",
    "in a lambda": "f = lambda: student().shape\nf()",
    "in a partial": "functools.partial(pair_of, student())()",
    "in a nested function": "def inner():\n    return student()\ninner().shape",
    "by :=": "if (got := student()) is None:\n    got.shape",
    "in an assertion": "got = student()\nassert got.shape == (3,)",
    "too large an array": "n = student() or 10**15\nnp.empty(n)",
}
AUTHORS = {
    "a misspelt method": "rng.norml(size=3)",
    "a misspelt function": "np.zeroes(3)",
    "within the student's call": "student(rng.norml(size=3))",
    "a missing key": "SIZES['large']",
    "a missing key in a helper": "size_of('large')",
    "a wrong unpacking": "a, b = rng.normal(size=3)",
    "a wrong unpacking in a helper": "own_pair()",
    "a wrong unpacking in a loop": "for a, b in [(1, 2, 3)]:\n    pass",
    "in a comprehension": "[SIZES[name] for name in ('small', 'large')]",
    "after a student's value": "got = student()\nx = rng.normal(size=3)\nx.shap",
    "in the expected value": "got = student()\nassert got is None\nnp.ones(3) @ np.ones(4)",
    "an index beyond the end": "x = np.arange(3)\nx[7]",
    "a parameter": (
        "@pytest.mark.parametrize('size', [(2, 3)])\n"
        "def test_it(student, size):\n    student()\n    a, b, c = size\n"
    ),
}  # fmt: skip


@pytest.fixture
def outcome_of(tmp_path):
    """Run a test of a rubric on a value of the student's, and judge its end."""

    def run(body, value=None):
        whole = body.startswith("@")
        lines = "".join(f"    {line}\n" for line in body.splitlines())
        text = body if whole else f"def test_it(student, rng):\n{lines}"
        file = tmp_path / "test_it.py"
        file.write_text(HEAD + text)
        spec = importlib.util.spec_from_file_location("test_it", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        other = (2, 3) if whole else np.random.default_rng(1)
        try:
            module.test_it(lambda *given: value, other)
        except Exception as error:
            return judge_outcome(error, tmp_path), HEAD + text
        raise AssertionError("the test has not failed")

    return run


@pytest.mark.parametrize("name", STUDENTS)
def test_what_a_students_value_can_cause_is_the_students(outcome_of, name):
    outcome, _ = outcome_of(STUDENTS[name])
    assert outcome.status == "failed", outcome.message
    assert outcome.message.startswith("what your code returned could not be used")


@pytest.mark.parametrize("name", AUTHORS)
def test_what_a_students_value_cannot_cause_is_the_authors_with_file_and_line(outcome_of, name):
    outcome, text = outcome_of(AUTHORS[name])
    assert outcome.status == "grader_error", outcome.message
    _, place, file_and_line, _ = outcome.message.split(" ", 3)
    file, line = file_and_line.rstrip(":").split(":")
    assert (place, file) == ("at", "test_it.py") and 0 < int(line) <= len(text.splitlines())
    assert outcome.hidden_message.startswith("the grader failed here, not your code")
