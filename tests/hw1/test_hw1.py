"""hw1 is graded as its catalogue says: right versions keep full marks, mistakes are caught."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.release import compare_release, plan_release, solution_files, write_release

REPOSITORY = Path(__file__).parent.parent.parent
HW1 = load_assignment(REPOSITORY, "hw1")
CATALOGUE = load_catalogue(HW1)


def by_id(entries):
    return pytest.mark.parametrize("entry", entries, ids=lambda entry: entry.id)


@pytest.fixture
def graded(grade, tmp_path):
    """Grade files as a submission of hw1."""

    def graded(files):
        folder = tmp_path / "submission"
        write_release(files, folder)
        [record] = grade(HW1, folder, seed=20260)
        return record

    return graded


def test_the_complete_solution_scores_all_of_its_points(graded):
    record = graded(solution_files(HW1))
    assert {item.status for item in record.items} == {"passed"}
    assert (record.score, record.possible) == (21.0, 21.0)


def test_the_untouched_release_scores_nothing_and_every_item_says_where_to_write(graded):
    record = graded(plan_release(HW1))
    assert (record.score, record.possible) == (0.0, 21.0)
    # No Linear without its parameters, no loss to go back from without a loss: these items' tests
    # meet the stub of what has to be written first.
    first = {
        "p6-linear-forward": "p6-linear-init",
        "p6-linear-backward": "p6-linear-init",
        "p6-loss-backward": "p6-loss-forward",
    }
    for item in record.items:
        assert item.status == "not_attempted"
        stub = f"hw1/{first.get(item.id, item.id)}: write "
        for test in item.tests:
            assert test.status == "not_attempted"
            assert test.message.startswith(stub) and " in mytorch/" in test.message


@by_id(CATALOGUE.mistakes)
def test_a_known_mistake_costs_its_items_and_no_other_and_is_told(graded, entry):
    record = graded(apply_entry(entry, solution_files(HW1)))
    lost = {item.id: item.status for item in record.items if item.score < item.points}
    assert set(lost) == set(entry.costs)
    assert set(lost.values()) <= {"failed", "partial"}
    messages = [item.message for item in record.items if item.id in lost]
    assert any(entry.hint in message for message in messages), messages


@by_id(CATALOGUE.variants)
def test_a_correct_variant_keeps_full_marks(graded, entry):
    record = graded(apply_entry(entry, solution_files(HW1)))
    assert {item.id: item.message for item in record.items if item.status != "passed"} == {}
    assert record.score == 21.0


# module of the library -> the items that cannot be had without it
ITEMS_OF = {
    "nn/modules/linear.py": {"p6-linear-init", "p6-linear-forward", "p6-linear-backward"},
    "nn/modules/activation.py": {"p6-relu", "p6-sigmoid"},
    "nn/modules/loss.py": {"p6-loss-forward", "p6-loss-backward", "p6-gradient-check"},
    "nn/sequential.py": {"p6-sequential"},
    "nn/optim.py": {"p6-sgd"},
    "utils/gradient_check.py": {"p6-gradient-check"},
}
# what becomes of the module -> what the message must say; None for a module that is missing
BROKEN = {
    "def broken(:\n": "SyntaxError",
    "1 / 0\n": "ZeroDivisionError",
    "import autograd.numpy as np\n": "line 1 imports autograd.numpy, which may not be used",
    "from torch import nn\n": "line 1 imports torch, which may not be used",
    None: "is missing",
}


@pytest.mark.parametrize("module", ITEMS_OF)
@pytest.mark.parametrize("text", BROKEN, ids=["syntax", "raises", "autograd", "torch", "missing"])
def test_a_broken_module_costs_only_what_it_defines(graded, module, text):
    files = solution_files(HW1)
    if text is None:
        del files[f"mytorch/{module}"]
    else:
        files[f"mytorch/{module}"] = text.encode() + files[f"mytorch/{module}"]
    record = graded(files)
    lost = {item.id: item for item in record.items if item.score < item.points}
    assert set(lost) == ITEMS_OF[module]
    for item in lost.values():
        assert (item.status, item.score) == ("failed", 0.0)
        assert f"mytorch/{module}" in item.student_message
        assert BROKEN[text] in item.student_message


def test_autograd_cannot_be_had_by_any_spelling(graded):
    """The ban is enforced by the worker, not only by reading the source."""
    files = solution_files(HW1)
    activation = files["mytorch/nn/modules/activation.py"].decode()
    hidden_import = 'np = __import__("auto" + "grad.numpy", fromlist=["numpy"])'
    assert activation.count("import numpy as np") == 1
    activation = activation.replace("import numpy as np", hidden_import)
    record = graded(files | {"mytorch/nn/modules/activation.py": activation.encode()})
    lost = {item.id: item.student_message for item in record.items if item.score < item.points}
    assert set(lost) == {"p6-relu", "p6-sigmoid"}
    assert all("autograd" in words and "may not be used" in words for words in lost.values())


def test_the_catalogue_is_as_large_as_promised():
    assert len(CATALOGUE.mistakes) >= 40
    for item in HW1.auto_items:
        assert sum(item.id in entry.costs for entry in CATALOGUE.mistakes) >= 3, item.id


def test_the_committed_release_is_what_the_sources_build():
    assert compare_release(plan_release(HW1), HW1.release_folder) == []


@pytest.mark.slow
def test_a_student_with_nothing_but_the_release_sees_what_to_write(tmp_path):
    """The first-run promise: a fresh environment, requirements.txt, pytest."""
    release = tmp_path / "hw1"
    write_release(plan_release(HW1), release)
    venv.create(tmp_path / "env", with_pip=True)
    binaries = tmp_path / "env" / "bin"
    subprocess.run(
        [binaries / "python", "-m", "pip", "install", "--quiet", "-r", "requirements.txt"],
        cwd=release,
        check=True,
    )
    done = subprocess.run(
        [binaries / "pytest"], cwd=release, capture_output=True, text=True, check=False
    )
    public = [test for test in HW1.tests if not test.hidden]
    failures = [line for line in done.stdout.splitlines() if line.startswith("hw1/p6-")]
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].startswith(f"{len(public)} failed in ")
    assert len(failures) == len(public)
    assert all(": write " in line and " in mytorch/" in line for line in failures)
    assert "Traceback" not in done.stdout + done.stderr


def test_the_complete_solution_passes_the_public_checks_of_the_release(tmp_path):
    release = tmp_path / "hw1"
    write_release(plan_release(HW1) | solution_files(HW1), release)
    done = subprocess.run(
        [sys.executable, "-m", "pytest"], cwd=release, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
