"""A model is evaluated in a process of its own, whatever its weights or its function do."""

import re

import pytest

HIDDEN = '''"""One test that evaluates a model."""

import os

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("d1-init", weight=3.0)
def test_evaluation(student, data, forward_pass):
    """The model is evaluated."""
    weights = student.claims("init")["models"]["zero"]
    {test}


def evaluated(weights, inputs):
{function}
'''


@pytest.fixture
def evaluate(pictures, hand_in, grade):
    """Grade the evaluation of a model by a function of the rubric; return the hidden test."""

    def evaluate(function, test="forward_pass(evaluated, weights, np.ones(3))"):
        body = "".join(f"    {line}\n" for line in function.splitlines())
        file = pictures.rubric_folder / "test_pictures_hidden.py"
        before = file.read_text().partition('@pytest.mark.item("d1-init"')[0]
        file.write_text(before)
        text = HIDDEN.format(test=test, function=body.rstrip())
        (pictures.rubric_folder / "test_evaluation_hidden.py").write_text(text)
        from autograder.assignment import load_assignment

        assignment = load_assignment(pictures.root, "pictures")
        [record] = grade(assignment, hand_in(), items=("d1-init",))
        [hidden] = [test for test in record.items[0].tests if test.hidden]
        return record.items[0], hidden

    return evaluate


def test_it_is_another_process_without_the_submission(evaluate):
    function = (
        "import os, sys\n"
        "files = [name for _, _, names in os.walk('..') for name in names]\n"
        "mine = [name for name in files if name.endswith(('.ipynb', '.npz'))]\n"
        "assert not mine and 'torch' in sys.modules and len(weights) == 2, mine\n"
        "return np.array([os.getpid(), inputs.sum()])"
    )
    test = (
        "output = forward_pass(evaluated, weights, np.ones(3))\n"
        "    assert output[1] == 3 and output[0] != os.getpid()\n"
        "    again = forward_pass(evaluated, weights, np.ones(3))\n"
        "    assert output.tolist() == again.tolist()\n"
        "    check(float(output[1]), 'the output').equals(3.0)"
    )
    item, hidden = evaluate("import numpy as np\n" + function, test)
    assert item.status == "passed", hidden.message


def test_tensors_come_back_as_arrays(evaluate):
    function = "import torch\nreturn torch.ones(2, requires_grad=True)"
    test = "check(forward_pass(evaluated, weights, 1), 'the output').close(np.ones(2))"
    assert evaluate(function, test)[0].status == "passed"


def test_an_evaluation_that_takes_too_long_is_ended(evaluate):
    item, hidden = evaluate("import time\nwhile True:\n    time.sleep(0.1)")
    assert hidden.status == "timeout" and "time limit (20 s)" in hidden.message
    assert item.status != "grader_error"


def test_an_evaluation_that_ends_its_process_costs_its_test(evaluate):
    _, hidden = evaluate("import os\nos._exit(3)")
    assert hidden.status == "crashed" and "the evaluation of your weights" in hidden.message


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "PermissionError|OSError"),
        ("return weights['missing']", "KeyError: 'missing'"),
        ("import numpy as np\nreturn np.zeros((9, 10**9), np.int8)", "fit the model"),
    ],
)
def test_what_the_function_cannot_do_is_a_failed_check(evaluate, function, words):
    _, hidden = evaluate(function)
    assert hidden.status == "failed", hidden.message
    assert "the saved weights do not fit the model" in hidden.message
    assert re.search(words, hidden.message)
    assert "KeyError" not in hidden.student_message


@pytest.mark.parametrize("function", ["import no_such_library", "return 'a text'"])
def test_the_authors_faults_are_the_authors(evaluate, function):
    item, hidden = evaluate(function)
    assert item.status == "grader_error", hidden.message


def test_a_function_inside_a_test_is_the_authors_fault(evaluate):
    item, hidden = evaluate("return 1", "forward_pass(lambda weights, inputs: 1, weights, 1)")
    assert item.status == "grader_error"
    assert "at the top level of a file" in hidden.message
