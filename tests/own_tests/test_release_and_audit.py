"""What ships of an item of students' tests, what its checks say there, and how it is audited."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from autograder.assignment import load_assignment
from autograder.audit.audit import audit
from autograder.audit.cheats import cheats_of
from autograder.audit.dependencies import Reach
from autograder.audit.marked import marked_regions
from autograder.audit.outcomes import Store
from autograder.audit.run import Setting
from autograder.container.digest import built_from
from autograder.errors import AssignmentErrors
from autograder.gradescope.bundle import bundle_files
from autograder.gradescope.config import Config
from autograder.grading.cache_keys import item_digests
from autograder.grading.isolation import secrets_of
from autograder.grading.planted_code import load_planted
from autograder.release import plan_release, solution_files, write_release

from .conftest import ITEM, TESTS

PLANTED = f"assignment/tested/planted/{ITEM}.toml"


@pytest.fixture
def change(own_course):
    def change(file, old, new):
        text = (own_course / file).read_text()
        assert text.count(old) == 1, old
        (own_course / file).write_text(text.replace(old, new))
        return load_assignment(own_course, "tested")

    return change


@pytest.fixture
def findings(tmp_path):
    def findings(assignment, **options):
        setting = Setting(0, 1, Store(tmp_path / "outcomes.jsonl"))
        report = audit(assignment, setting, **options)
        return [(one.kind, one.about, one.words) for one in report.findings]

    return findings


# The release


def test_the_test_file_ships_as_a_stub_and_the_planted_code_does_not(tested):
    plan = plan_release(tested)
    assert b"raise NotImplementedError" in plan[TESTS]
    assert not [path for path in plan if "planted" in path]
    everything = b"\n".join(data for path, data in plan.items() if not path.endswith(".pyz"))
    assert b"mean-over-rows" not in everything and b"self._rows" not in everything


def test_a_line_of_the_planted_code_that_ships_is_a_leak(change):
    line = "self._rows = [np.array(row) for row in x]"
    handout = "assignment/tested/handout.md"
    assignment = change(handout, "Write `layers/", f"Try `{line}`. Write `layers/")
    with pytest.raises(AssignmentErrors) as error:
        plan_release(assignment)
    assert "a planted mistake's line ships" in error.value.problems[0].what
    assert PLANTED in error.value.problems[0].what


def test_the_readme_and_the_description_say_how_it_is_graded(tested):
    plan = plan_release(tested)
    readme = plan["README.md"].decode()
    assert f"You write tests of your own: `{TESTS}`." in readme
    assert "several right implementations of `layers/linear.py`" in readme
    items = {one["id"]: one for one in json.loads(plan["tests/assignment.json"])["items"]}
    assert items[ITEM]["tests"] == TESTS and "tests" not in items["g1-check"]


@pytest.fixture
def local(tested, tmp_path):
    """Run pytest in a release, completed or not."""

    def run(files):
        folder = tmp_path / "release"
        write_release({**plan_release(tested), **files}, folder)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout

    return run


def test_pytest_runs_it_here_on_their_own_code(local, tested):
    printed = local(solution_files(tested))
    assert f"{ITEM}  4 of 4 tests in {TESTS} pass on your code" in printed
    assert "6 passed" in printed and "on several right implementations" in printed
    assert "g1-linear  1 of 1 passed" in printed


def test_a_failing_test_of_their_own_is_shown_as_pytest_shows_it(local, tested):
    own = "def test_own():\n    value = 1\n    assert value == 2\n"
    printed = local({**solution_files(tested), TESTS: own.encode()})
    assert ">       assert value == 2" in printed or ">   assert value == 2" in printed
    assert f"{ITEM}  0 of 1 tests in {TESTS} pass on your code" in printed


# Grading elsewhere


def test_gradescopes_zip_has_the_code_that_tests_are_run_on(tested, tmp_path):
    files = bundle_files(tested, Config("tested"), ())
    names = [path for path in files if "planted" in path and not path.startswith("tool/")]
    assert [name.rpartition("/")[2] for name in names] == [f"{ITEM}.json"]
    for path, data in files.items():
        if path.startswith("course/"):
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    there = load_assignment(tmp_path / "course", "tested")
    assert load_planted(there, there.item(ITEM)) == load_planted(tested, tested.item(ITEM))


def test_an_image_of_other_planted_code_is_an_old_one(tested, change):
    before = built_from(tested)
    assert before.keys() == built_from(replace(tested, items=tested.items[:2])).keys() | {
        "code for students' tests"
    }
    after = built_from(change(PLANTED, "/ len(dL_dy)", "/ 2"))
    assert {name for name in before if before[name] != after[name]} == {"code for students' tests"}


def test_workers_may_not_read_it(tested):
    assert str(tested.folder / "planted") in secrets_of(tested)


# What an outcome depends on


def test_a_changed_mistake_grades_only_that_item_again(tested, change):
    before = item_digests(tested, ())
    after = item_digests(change(PLANTED, "/ len(dL_dy)", "/ 2"), ())
    assert {name for name in before if before[name] != after[name]} == {ITEM}


def test_the_module_that_grading_replaces_does_not_count(tested):
    files = solution_files(tested)
    reached = Reach(tested).files_of(files)[ITEM]
    assert set(reached) == set(files) - {"layers/linear.py"}


# The audit


def test_the_course_is_sound(tested, findings):
    assert findings(tested, quick=True) == []


def test_cheats_of_tests_are_tests_that_say_nothing(tested):
    regions = [region for region in marked_regions(tested) if region.item == ITEM]
    cheats = cheats_of(regions, set(), False, of_tests=True)
    own = {cheat.strategy: cheat.make(solution_files(tested)) for cheat in cheats}
    assert set(own) == {"nothing", "raises"}
    assert own["nothing"][TESTS].count(b"\n    pass\n") == 3
    assert own["raises"][TESTS].count(b'\n    raise ValueError("no")\n') == 3


def test_a_planted_mistake_that_the_solutions_tests_miss_is_told(change, findings):
    tests = "solutions/tested/layers/test_gradients.py"
    assignment = change(tests, "np.allclose(layer.dL_dW, once) and ", "")
    found = findings(assignment, only=frozenset(["draw"]))
    assert [(kind, about) for kind, about, _ in found if kind == "reference"] == [
        ("reference", ITEM)
    ]
    assert "has 4 of 5" in found[0][2] and "accumulates" in found[0][2]


def test_a_right_implementation_that_the_solutions_tests_refuse_is_told(change, findings):
    tests = "solutions/tested/layers/test_gradients.py"
    strict = "    assert not hasattr(layer, '_input')\n    once = "
    assignment = change(tests, "    once = ", strict)
    found = findings(assignment, only=frozenset(["draw"]))
    words = [words for kind, about, words in found if (kind, about) == ("reference", ITEM)]
    assert len(words) == 1 and "fail on right code: on 1 of 3" in words[0]
