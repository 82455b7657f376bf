"""The zips for otter, graded by real `otter run`: the same item scores as ours."""

import ast
import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.release import plan_release, solution_files, write_release
from autograder.release.otter_bundle import otter_bundles

pytestmark = pytest.mark.skipif(
    not all(map(find_spec, ("otter", "ipykernel"))), reason="otter is not installed"
)

REPOSITORY = Path(__file__).parent.parent.parent
COURSE = REPOSITORY / "tests" / "course"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    """Make the zips of an assignment by the command; they are made once."""
    made = {}

    def bundle(course, assignment_id):
        if assignment_id not in made:
            folder = made[assignment_id] = tmp_path_factory.mktemp("otter")
            words = ["bundle", assignment_id, "--otter", "--out", str(folder)]
            subprocess.run(
                [sys.executable, "-m", "autograder", *words],
                cwd=course, check=True, capture_output=True,
            )  # fmt: skip
        return made[assignment_id]

    return bundle


@pytest.fixture
def run_otter(tmp_path):
    """Grade files as one zip: item -> score."""

    def run_otter(archive, files):
        with zipfile.ZipFile(tmp_path / "submission.zip", "w") as submission:
            for name, content in files.items():
                submission.writestr(name, content)
        words = ["run", "--autograder", str(archive), "--output-dir", str(tmp_path)]
        done = subprocess.run(
            [sys.executable, "-m", "otter", *words, str(tmp_path / "submission.zip")],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=180,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        results = json.loads((tmp_path / "results.json").read_text())
        return {test["name"]: test["score"] for test in results["tests"] if "score" in test}

    return run_otter


def local_scores(record):
    return {item.id: item.score for item in record.items if item.status != "awaiting_manual"}


def handed_in(files, *beginnings):
    return {name: data for name, data in files.items() if name.startswith(beginnings)}


@pytest.mark.parametrize(
    ("assignment_id", "kind"),
    [("noted", "solution"), ("noted", "release"), ("noted", "mistake"), ("tiny", "mistake")],
)
def test_scores_are_those_of_our_grading(assignment_id, kind, bundle, run_otter, grade, tmp_path):
    assignment = load_assignment(COURSE, assignment_id)
    files = plan_release(assignment) if kind == "release" else solution_files(assignment)
    if kind == "mistake":
        files = apply_entry(load_catalogue(assignment).mistakes[0], files)
    files = handed_in(files, "shapes/", "squares.ipynb", "claims/")
    write_release(files, tmp_path / "handed in")
    [record] = grade(assignment, tmp_path / "handed in")
    most = {"solution": record.possible, "release": 0.0}
    assert record.score == most[kind] if kind in most else 0 < record.score < record.possible
    archive = bundle(COURSE, assignment_id) / "autograder.zip"
    assert run_otter(archive, files) == pytest.approx(local_scores(record))


def test_a_real_notebook_with_hidden_tests_has_the_scores_of_our_grading(bundle, run_otter):
    assignment = load_assignment(REPOSITORY, "hw1")
    archive = bundle(REPOSITORY, "hw1") / "theory" / "autograder.zip"
    items = [item for item in assignment.auto_items if item.notebook == "theory.ipynb"]
    assert any(test.hidden for item in items for test in assignment.tests_of(item.id))
    solution = handed_in(solution_files(assignment), "theory.ipynb")
    whole = {item.id: item.points for item in items}  # as tests/hw1 asks of our grading
    assert run_otter(archive, solution) == pytest.approx(whole)
    release = handed_in(plan_release(assignment), "theory.ipynb")
    assert run_otter(archive, release) == dict.fromkeys(whole, 0)


def test_each_item_is_in_one_zip_and_modules_go_with_their_problem(bundle):
    assignment = load_assignment(REPOSITORY, "hw1")
    found = []
    for archive in bundle(REPOSITORY, "hw1").rglob("autograder.zip"):
        notebook = archive.parent.name
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            assert {"setup.sh", "run_autograder", "otter_config.json"} <= set(names)
            assert not [name for name in names if "solutions" in name or "catalogue" in name]
            items = [Path(name).stem for name in names if Path(name).parent == Path("tests")]
        items.remove("assignment")
        for item in map(assignment.item, items):
            assert (item.notebook or "problem_6.ipynb") == f"{notebook}.ipynb"
        found += items
    assert sorted(found) == sorted(item.id for item in assignment.auto_items)


def test_shares_of_points_are_never_more_than_the_whole(course):
    rubric = course / "assignment/noted/rubric/test_squares.py"
    text = rubric.read_text()
    for number in range(5):  # seven tests share three points
        text += (
            f'\n\n@pytest.mark.item("n1-mean")\ndef test_more_{number}(student):\n    """More."""\n'
        )
    rubric.write_text(text)
    files = otter_bundles(load_assignment(course, "noted"), b"")["squares"]
    module = ast.parse(files["tests/n1-mean.py"])
    [points] = [
        ast.literal_eval(one.value)
        for one in module.body
        if isinstance(one, ast.Assign) and one.targets[0].id == "points"
    ]
    shares = [
        ast.literal_eval(keyword.value)
        for one in module.body
        if isinstance(one, ast.FunctionDef)
        for keyword in one.decorator_list[0].keywords
        if keyword.arg == "points"
    ]
    assert len(shares) == 7
    assert sum(shares) <= points == pytest.approx(3.0)


def test_the_zip_is_the_same_every_time(bundle, tmp_path):
    first = (bundle(COURSE, "noted") / "autograder.zip").read_bytes()
    words = ["bundle", "noted", "--otter", "--out", str(tmp_path)]
    subprocess.run([sys.executable, "-m", "autograder", *words], cwd=COURSE, check=True)
    assert (tmp_path / "autograder.zip").read_bytes() == first
