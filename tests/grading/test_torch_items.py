"""An item whose tests speak of tensors, graded and on a student's machine; an author's mistakes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograder
from autograder.assignment import load_assignment

pytest.importorskip("torch")

TOML = """
[assignment]
id = "nets"
title = "Nets"
course = "A course for tests"

[[package]]
path = "nets/"
given = ["nets/__init__.py"]

[release]
copy = ["requirements.txt"]

[[problem]]
id = "n1"
title = "Nets"
points = 4

[[item]]
id = "n1-linear"
problem = "n1"
title = "linear"
points = 2
kind = "auto"
needs = ["torch"]
inputs = "torch"

[[item]]
id = "n1-train"
problem = "n1"
title = "train"
points = 1
kind = "auto"
needs = ["torch"]

[[item]]
id = "n1-wrong"
problem = "n1"
title = "a rubric with mistakes"
points = 1
kind = "auto"
"""
PUBLIC = '''"""Checks."""

import numpy as np
import pytest

from autograder.rubric import check

W, B = np.array([[1.0, -2.0, 0.5]]), np.array([0.25])


@pytest.mark.item("n1-linear")
def test_forward(student, rng):
    """Linear(x) is x Wᵀ + b, a tensor."""
    x = rng.normal(size=(4, 3))
    net = student.nets.layers.Linear(3, 1).with_parameters(W, B)
    check(net(x), "Linear(x)").tensor().close(x @ W.T + B)
    net(x).sum().backward()
    check(net.gradients_as_arrays()[1], "dL/db").close(np.array([4.0]))


@pytest.mark.item("n1-linear")
def test_own(student):
    """Linear does without torch.nn.Linear."""
    check(student.nets.layers.Linear).uses_no("torch.nn.Linear")


@pytest.mark.item("n1-train")
def test_loader(student):
    """train sees each sample once."""
    loader = student.loader(np.ones((5, 2)), np.arange(5), batch_size=2)
    check(student.nets.layers.seen(loader), "the labels").numbers(5).close(np.arange(5.0))
'''
HIDDEN = '''"""Checks with mistakes of their own."""

import numpy as np
import pytest

from autograder.rubric import check


@pytest.mark.item("n1-wrong")
def test_misspelt(student, rng):
    """It has a misspelt name."""
    check(student.nets.layers.one(), "one()").equals(1)
    rng.norml(size=3)
'''
LAYERS = '''"""Layers."""

import torch
from torch import nn


class Linear(nn.Module):
    """A layer."""

    def __init__(self, n_in, n_out):
        super().__init__()
        # BEGIN SOLUTION n1-linear
        self.weight = nn.Parameter(torch.randn(n_out, n_in))
        self.bias = nn.Parameter(torch.randn(n_out))
        # END SOLUTION

    def forward(self, x):
        """Compute x Wᵀ + b."""
        # BEGIN SOLUTION n1-linear
        return x @ self.weight.T + self.bias
        # END SOLUTION


def seen(loader):
    """List the labels."""
    # BEGIN SOLUTION n1-train
    return [label for _, labels in loader for label in labels.tolist()]
    # END SOLUTION


def one():
    """Return 1."""
    # BEGIN SOLUTION n1-wrong
    return 1
    # END SOLUTION
'''
WRONG = {
    "the library's layer": ("nn.Parameter(torch.randn(n_out, n_in))",
                            "nn.Linear(n_in, n_out).weight", "uses torch.nn.Linear"),
    "an array": ("x @ self.weight.T + self.bias",
                 "(x @ self.weight.T + self.bias).detach().numpy()", "expected a torch tensor"),
    "parameters in another order": ("self.weight = nn", ("self.bias = nn.Parameter(torch.ones(1)); "
                                    "self.weight = nn"), "has shape (1,) as parameter 1 of 2"),
    "no gradient": ("self.bias = nn.Parameter(torch.randn(n_out))", ("self.bias = nn.Parameter("
                    "torch.randn(n_out)); self.bias.requires_grad = False"), "has no gradient"),
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("course")
    folder = home / "assignment" / "nets"
    (folder / "rubric").mkdir(parents=True)
    (folder / "assignment.toml").write_text(TOML)
    (folder / "handout.md").write_text("# Nets\n")
    (folder / "rubric" / "test_layers.py").write_text(PUBLIC)
    (folder / "rubric" / "test_layers_hidden.py").write_text(HIDDEN)
    (home / "solutions" / "nets" / "nets").mkdir(parents=True)
    (home / "solutions" / "nets" / "nets" / "__init__.py").write_text('"""Nets."""\n')
    (home / "solutions" / "nets" / "nets" / "layers.py").write_text(LAYERS)
    (home / "solutions" / "nets" / "requirements.txt").write_text("torch\n")
    return home


def handed_in(folder, text):
    (folder / "nets").mkdir(parents=True)
    (folder / "nets" / "__init__.py").touch()
    (folder / "nets" / "layers.py").write_text(text)
    return folder


def test_right_work_is_right_and_the_authors_mistake_is_the_authors(home, grade, tmp_path):
    [record] = grade(load_assignment(home, "nets"), handed_in(tmp_path / "right", LAYERS))
    items = {item.id: item for item in record.items}
    assert items["n1-linear"].score == 2 and items["n1-train"].score == 1, items
    wrong = items["n1-wrong"]
    assert wrong.status == "grader_error"
    assert "AttributeError at test_layers_hidden.py:13:" in wrong.message
    assert "norml" not in wrong.student_message


@pytest.mark.parametrize("name", WRONG)
def test_wrong_work_is_told_in_the_students_terms(home, grade, tmp_path, name):
    old, new, words = WRONG[name]
    folder = handed_in(tmp_path / "wrong", LAYERS.replace(old, new, 1))
    [record] = grade(load_assignment(home, "nets"), folder, items=["n1-linear"])
    [item] = record.items
    assert item.score < 2 and words in item.message, item.message


def test_the_same_checks_pass_on_a_students_machine(home, tmp_path):
    release = tmp_path / "release"
    autograder.build("nets", course=home, out=release)
    shutil.copy(home / "solutions" / "nets" / "nets" / "layers.py", release / "nets")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=release, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert Path(release, "tests", "assignment.json").read_text().count('"inputs": "torch"') == 1
