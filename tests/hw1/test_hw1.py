"""hw1 is graded as its catalogue says: right versions keep full marks, mistakes are caught."""

import json
import os
import re
import subprocess
import sys
from collections import deque
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.grading.session import GradingRequest, GradingSession
from autograder.grading.task import GradingTask
from autograder.release import compare_release, plan_release, solution_files, write_release
from autograder.release.otter_tests import OTTER_TESTS
from autograder.submission import find_submissions

REPOSITORY = Path(__file__).parent.parent.parent
HW1 = load_assignment(REPOSITORY, "hw1")
CATALOGUE = load_catalogue(HW1)


POSSIBLE = 69.5
MODULE_ITEMS = [item.id for item in HW1.auto_items if not item.notebook]


# One entry of each file of the catalogue is tried here; `make audit` tries all.
WHOLE = bool(os.environ.get("AUTOGRADER_WHOLE_CATALOGUE"))


def sample_of(entries):
    """All entries, or the middle one of each file."""
    by_source = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry)
    groups = by_source.values()
    return list(entries) if WHOLE else [group[len(group) // 2] for group in groups]


def items_to_ask(entry):
    """The items of every file that an entry changes; nothing else can tell the difference."""
    files = {change.file for change in entry.changes}
    stems = {Path(file).stem for file in files}
    asked = {item.id for item in HW1.auto_items if Path(item.notebook).stem in stems}
    if any(file.startswith("mytorch/") for file in files):
        asked |= {item.id for item in HW1.auto_items if item.problem == "p6"}
    problems = {HW1.item(item_id).problem for item_id in asked | set(entry.costs)}
    return tuple(item.id for item in HW1.auto_items if item.problem in problems)


@pytest.fixture
def graded(grade, tmp_path):
    """Grade files as a submission of hw1; all of its items, or some."""

    def graded(files, items=None):
        folder = tmp_path / "submission"
        write_release(files, folder)
        [record] = grade(HW1, folder, seed=20260, items=items)
        return record

    return graded


@pytest.fixture
def graded_all(tmp_path):
    """Grade entries of the catalogue in one run, each for its own items: entries and records."""

    def graded_all(entries):
        auto = tuple(item.id for item in HW1.auto_items)
        solution, tasks = solution_files(HW1), deque()
        with GradingSession.open(GradingRequest(HW1, auto, seed=20260, jobs=2)) as session:
            for entry in entries:
                write_release(apply_entry(entry, solution), tmp_path / entry.id)
                [submission] = find_submissions([tmp_path / entry.id])
                config = replace(session.config, wanted=items_to_ask(entry))
                tasks.append(GradingTask(config, submission))
            with session.run_data() as data:
                records = {record.name: record for record in session.grade_tasks(tasks, data)}
        return [(entry, records[entry.id]) for entry in entries]

    return graded_all


# On real data `autograder audit --quick` grades the complete solution, with every item.
def test_the_complete_solution_scores_all_of_its_points_on_stand_ins(graded, monkeypatch, tmp_path):
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("AUTOGRADER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AUTOGRADER_OFFLINE", "1")
    record = graded(solution_files(HW1))
    assert {item.id: item.message for item in record.items if item.status == "failed"} == {}
    assert {item.status for item in record.items} == {"passed", "awaiting_manual"}
    assert (record.score, record.possible) == (POSSIBLE, POSSIBLE)


def test_the_untouched_release_scores_nothing_and_every_item_says_where_to_write(graded):
    record = graded(plan_release(HW1))
    assert (record.score, record.possible) == (0.0, POSSIBLE)
    kinds = {item.id: item.kind for item in HW1.items}
    for item in record.items:
        if kinds[item.id] == "written":
            assert item.status == "awaiting_manual"
            continue
        assert item.status == "not_attempted", (item.id, item.message)
        assert item.tests
        for test in item.tests:
            assert test.status == "not_attempted", (item.id, test.name, test.message)
            places = (" in mytorch/", ".ipynb", "running the whole notebook writes it")
            assert any(place in test.message for place in places), test.message


def test_known_mistakes_cost_their_items_and_no_other_and_are_told(graded_all):
    wrong = {}
    for entry, record in graded_all(sample_of(CATALOGUE.mistakes)):
        lost = {item.id: item.status for item in record.items if item.score < item.points}
        messages = [item.message for item in record.items if item.id in lost]
        told = any(entry.hint in message for message in messages)
        if set(lost) != set(entry.costs) or not told or "grader_error" in lost.values():
            wrong[entry.id] = (lost, entry.costs, messages if not told else "told")
    assert wrong == {}


def test_correct_variants_keep_full_marks(graded_all):
    wrong = {
        entry.id: lost
        for entry, record in graded_all(sample_of(CATALOGUE.variants))
        if (lost := {item.id: item.message for item in record.items if item.status != "passed"})
    }
    assert wrong == {}


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
    "import autograd.numpy as np\n": "line 1 imports autograd.numpy; mytorch may import numpy",
    "from torch import nn\n": "line 1 imports torch; mytorch may import numpy",
    None: "is missing",
}


@pytest.mark.parametrize("module", ITEMS_OF)
def test_a_broken_module_costs_only_what_it_defines(grade, tmp_path, module):
    folders = []
    for number, text in enumerate(BROKEN):
        files = solution_files(HW1)
        if text is None:
            del files[f"mytorch/{module}"]
        else:
            files[f"mytorch/{module}"] = text.encode() + files[f"mytorch/{module}"]
        folders.append(tmp_path / f"broken-{number}")
        write_release(files, folders[-1])
    records = grade(HW1, *folders, seed=20260, items=MODULE_ITEMS)
    for words, record in zip(BROKEN.values(), records, strict=True):
        lost = {item.id: item for item in record.items if item.score < item.points}
        assert set(lost) == ITEMS_OF[module], words
        for item in lost.values():
            assert (item.status, item.score) == ("failed", 0.0)
            assert f"mytorch/{module}" in item.student_message
            assert words in item.student_message


def test_autograd_cannot_be_had_by_any_spelling(graded):
    """The ban is enforced by the worker, not only by reading the source."""
    files = solution_files(HW1)
    activation = files["mytorch/nn/modules/activation.py"].decode()
    hidden_import = 'np = __import__("auto" + "grad.numpy", fromlist=["numpy"])'
    assert activation.count("import numpy as np") == 1
    activation = activation.replace("import numpy as np", hidden_import)
    files["mytorch/nn/modules/activation.py"] = activation.encode()
    record = graded(files, MODULE_ITEMS)
    lost = {item.id: item.student_message for item in record.items if item.score < item.points}
    assert set(lost) == {"p6-relu", "p6-sigmoid"}
    assert all("autograd" in words and "may not be used" in words for words in lost.values())


def test_labels_that_are_no_classes_blame_nobody_else(graded):
    files = dict(solution_files(HW1))
    notebook = json.loads(files["problem_4.ipynb"])
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    notebook["cells"].append(
        {**cells[-1], "id": "labels", "source": "test_labels = test_labels + 0.5"}
    )
    files["problem_4.ipynb"] = json.dumps(notebook).encode()
    record = graded(files, ("p4-confusion", "p4-report"))
    assert {item.id: item.status for item in record.items} == {
        "p4-confusion": "passed",
        "p4-report": "passed",
    }


def test_the_catalogue_is_as_large_as_promised():
    assert len(CATALOGUE.mistakes) >= 109 + 60
    assert len(CATALOGUE.variants) >= 40
    for item in HW1.auto_items:
        assert sum(item.id in entry.costs for entry in CATALOGUE.mistakes) >= 3, item.id


def test_the_committed_release_is_what_the_sources_build():
    assert compare_release(plan_release(HW1), HW1.release_folder) == []


def test_a_student_with_nothing_but_the_release_sees_what_to_write(tmp_path):
    """The first-run promise: unpack the release, run pytest."""
    release = tmp_path / "hw1"
    write_release(plan_release(HW1), release)
    done = run_pytest(release)
    assert done.returncode == 1
    summary = re.findall(r"^(\S+) +0 of \d+ passed  not attempted$", done.stdout, re.MULTILINE)
    assert sorted(summary) == sorted(item.id for item in HW1.auto_items)
    assert "Traceback" not in done.stdout + done.stderr


def run_pytest(folder):
    return subprocess.run(
        [sys.executable, "-m", "pytest"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_the_complete_solution_passes_the_public_checks_of_the_release(tmp_path):
    release = tmp_path / "hw1"
    write_release(plan_release(HW1) | solution_files(HW1), release)
    done = run_pytest(release)
    assert done.returncode == 0, done.stdout


def test_otter_reads_every_check_of_the_release():
    """Its points must not add up to more than the possible points, to the last bit."""
    exception_test = pytest.importorskip("otter.test_files.exception_test")
    items = [item for item in HW1.auto_items if item.notebook and HW1.public_tests_of(item.id)]
    assert len(items) == 20
    for item in items:
        file = HW1.release_folder / OTTER_TESTS / f"{item.id}.py"
        test = exception_test.ExceptionTestFile.from_file(str(file))
        assert 0 < sum(case.points for case in test.test_cases) <= item.points + 1e-3
