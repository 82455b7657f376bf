"""Classes for reports: five hundred that are made up, and a handful really graded."""

import importlib.util
import sys
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.release import plan_release, solution_files, write_release
from autograder.results import write_results

REPOSITORY = Path(__file__).parent.parent.parent

AREA = "shapes/area.py"
SUBMISSIONS = {
    "doubles": "def square(x):\n    return x + x\n\n\ndef row_sums(X):\n    return X.sum(0)\n",
    "imports": "import torch\n\n\ndef square(x):\n    return x * x\n",
    "leaves": "import os\n\n\ndef square(x):\n    os._exit(3)\n\n\ndef row_sums(X):\n"
    "    raise ValueError('no <b>rows</b> \\x1b[31m\\u202e')\n",
    "reads": "def square(x):\n    open('/etc/shadow')\n\n\ndef row_sums(X):\n    return X.sum(1)\n",
}


@pytest.fixture(scope="session")
def made_up():
    """The module that makes classes up; the benchmark uses it as well."""
    name = "autograder_made_up_class"
    spec = importlib.util.spec_from_file_location(name, REPOSITORY / "benchmarks/made_up_class.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def large(made_up, tmp_path_factory):
    """A results folder of five hundred made-up submissions to a real assignment."""
    folder = tmp_path_factory.mktemp("large") / "results"
    name = min(path.parent.name for path in REPOSITORY.glob("assignment/*/assignment.toml"))
    made_up.write_class(load_assignment(REPOSITORY, name), folder, 500)
    return folder


@pytest.fixture
def graded(grade, tiny, tmp_path):
    """A results folder of really graded submissions: the solution, the release, some mistakes."""
    folders = {"solved": solution_files(tiny), "untouched": plan_release(tiny)}
    for name, text in SUBMISSIONS.items():
        folders[name] = solution_files(tiny) | {AREA: text.encode()}
    for name, files in folders.items():
        write_release(files, tmp_path / name)
    results = tmp_path / "results"
    for record in grade(tiny, *(tmp_path / name for name in folders)):
        write_results(results, record)
    return results
