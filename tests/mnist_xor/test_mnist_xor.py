"""mnist-xor is graded as its catalogue says; gradients that a rounded check passes are wrong."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.audit import apply_entry, load_catalogue
from autograder.grading.session import GradingRequest, GradingSession
from autograder.release import compare_release, plan_release, solution_files, write_release
from autograder.submission import find_submissions

REPOSITORY = Path(__file__).parent.parent.parent
ASSIGNMENT = load_assignment(REPOSITORY, "mnist-xor")
CATALOGUE = load_catalogue(ASSIGNMENT)
POSSIBLE = 81.0
LOST = ("partial", "failed", "not_attempted", "timeout", "crashed", "grader_error")


def sample_of(entries):
    """The middle entry of the first and the last file; `make audit` tries all of them."""
    by_source = {}
    for entry in entries:
        by_source.setdefault(entry.source, []).append(entry)
    groups = list(by_source.values())
    return [group[len(group) // 2] for group in (groups[0], groups[-1])]


MISTAKES, VARIANTS, CHEATS = (
    sample_of(entries) for entries in (CATALOGUE.mistakes, CATALOGUE.variants, CATALOGUE.cheats)
)
# Wrong gradients of which the rounded sum of the differences is 0, as the source's check has it.
ROUNDED = [
    entry
    for entry in CATALOGUE.mistakes
    if entry.id in ("gradients-without-factor", "gradients-transposed", "gradients-units-mixed-up")
]


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """The records of the solution, the release and some entries of the catalogue, by name."""
    solution = solution_files(ASSIGNMENT)
    submissions = {"complete": solution, "untouched": plan_release(ASSIGNMENT)}
    for entry in (*MISTAKES, *VARIANTS, *CHEATS, *ROUNDED):
        submissions[entry.id] = apply_entry(entry, solution)
    folder = tmp_path_factory.mktemp("submissions")
    for name, files in submissions.items():
        write_release(files, folder / name)
    request = GradingRequest(ASSIGNMENT, None, 20260, None, jobs=2)
    with GradingSession.open(request) as session:
        paths = [folder / name for name in submissions]
        return {record.name: record for record in session.grade(find_submissions(paths))}


def lost_in(record):
    """The messages of the items that have lost points."""
    return {item.id: item.message for item in record.items if item.status in LOST}


def test_the_complete_solution_scores_all_of_its_points(records):
    assert lost_in(records["complete"]) == {}
    assert (records["complete"].score, records["complete"].possible) == (POSSIBLE, POSSIBLE)


def test_the_complete_solution_scores_all_of_its_points_on_stand_ins(grade, monkeypatch, tmp_path):
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("AUTOGRADER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("AUTOGRADER_OFFLINE", "1")
    write_release(solution_files(ASSIGNMENT), tmp_path / "complete")
    [record] = grade(ASSIGNMENT, tmp_path / "complete")
    assert lost_in(record) == {}
    assert (record.score, record.possible) == (POSSIBLE, POSSIBLE)


def test_the_untouched_release_scores_nothing_and_every_item_says_where_to_write(records):
    assert (records["untouched"].score, records["untouched"].possible) == (0.0, POSSIBLE)
    written = {item.id for item in ASSIGNMENT.items if item.kind == "written"}
    for item in records["untouched"].items:
        expected = "awaiting_manual" if item.id in written else "not_attempted"
        assert item.status == expected, (item.id, item.message)
        assert {test.status for test in item.tests} <= {"not_attempted"}, item.id


@pytest.mark.parametrize("entry", MISTAKES, ids=lambda entry: entry.id)
def test_a_known_mistake_costs_its_items_and_no_other_and_is_named(entry, records):
    lost = lost_in(records[entry.id])
    assert set(lost) == set(entry.costs), lost
    assert any(entry.hint in message for message in lost.values())


@pytest.mark.parametrize("entry", VARIANTS, ids=lambda entry: entry.id)
def test_a_correct_variant_keeps_full_marks(entry, records):
    assert lost_in(records[entry.id]) == {}


@pytest.mark.parametrize("entry", CHEATS, ids=lambda entry: entry.id)
def test_a_cheat_earns_no_more_than_its_honest_part(entry, records):
    scores = {item.id: item.score for item in records[entry.id].items}
    assert max(scores[item_id] for item_id in entry.items) <= entry.earns


def test_the_catalogue_is_as_large_as_promised():
    assert len(ASSIGNMENT.auto_items) >= 24
    assert len(ASSIGNMENT.items) - len(ASSIGNMENT.auto_items) >= 9
    assert sum(item.points for item in ASSIGNMENT.items) == 100
    assert len(CATALOGUE.mistakes) >= 100
    assert len(CATALOGUE.variants) >= 40
    for item in ASSIGNMENT.auto_items:
        assert sum(item.id in entry.costs for entry in CATALOGUE.mistakes) >= 4, item.id


def test_the_committed_release_is_what_the_sources_build():
    assert compare_release(plan_release(ASSIGNMENT), ASSIGNMENT.release_folder) == []


@pytest.mark.parametrize("entry", ROUNDED, ids=lambda entry: entry.id)
def test_wrong_gradients_pass_the_rounded_check_and_lose_points(entry, records):
    torch = pytest.importorskip("torch")
    files = apply_entry(entry, solution_files(ASSIGNMENT))
    assert rounded_sum_of_differences(torch, files) == 0
    assert entry.hint in lost_in(records[entry.id])["q2-gradients"]


def rounded_sum_of_differences(torch, files):
    """The check of the source: round(Σ (mine - autograd)) for one network and one sample."""
    namespace = definitions(files["mnist_xor.ipynb"])
    torch.manual_seed(0)
    net = namespace["FFNet"](2, 1, 2).double()
    x = torch.tensor([1.0, 0.0]).double()
    y_hat = net(x)
    y = y_hat.detach() - 0.05  # after some training the error is small
    loss = ((y_hat - y) ** 2).mean()
    mine = namespace["calc_gradients"](net, x, y, y_hat, loss)
    loss.backward()
    exact = torch.cat([parameter.grad.flatten() for parameter in net.parameters()])
    assert not np.allclose(mine.detach().numpy(), exact.numpy(), rtol=1e-5)
    return round(float((mine - exact).sum()))


def definitions(notebook):
    """The modules and calc_gradients of a notebook, without the rest of it."""
    wanted = ("class Linear(", "class FFNet(", "def calc_gradients(")
    namespace = {}
    exec("import torch\nfrom torch import nn", namespace)
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and source.lstrip().startswith(wanted):
            exec(source, namespace)
    return namespace
