"""A hash changes when an outcome could, and then only that of the items that are touched."""

import shutil

import pytest

from autograder.assignment import load_assignment
from autograder.datasets import Data
from autograder.grading.cache_keys import make_cache_keys
from autograder.grading.config import GradingConfig
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.run_data import RunData

TESTS = "assignment/tiny/rubric/test_area.py"


def bundle(course, seed=1, insecure=False, full=False, data_seed=None):
    assignment = load_assignment(course, "tiny")
    wanted = tuple(item.id for item in assignment.items)
    isolation = {"mode": "docker", "layers": {}}
    options = {"full": full, "data_seed": data_seed}
    config = GradingConfig(
        assignment, wanted, seed, SandboxPolicy("docker", insecure), isolation, **options
    )
    return make_cache_keys(config, RunData(Data(), {}, ()))


def touched(before, after):
    return {item for item in before.items if before.items[item] != after.items[item]}


@pytest.mark.parametrize(
    ("file", "old", "new", "items"),
    [
        (TESTS, "rng.normal(size=(3, 5))", "rng.normal(size=(4, 5))", {"t1-row-sums"}),
        (TESTS, '"doubled": 2 * x, ', "", {"t1-square"}),
        (TESTS, "import numpy as np", "import numpy as np\nX = 1", {"t1-square", "t1-row-sums"}),
        (TESTS, "    x = rng", "    # a remark\n\n    x = rng", set()),
        ("assignment/tiny/rubric/test_area_hidden.py", "weight=2.0", "weight=3.0", {"t1-row-sums"}),
        ("assignment/tiny/rubric/support/scaling.py", "\n", "\n\n", {"t1-square", "t1-row-sums"}),
        ("assignment/tiny/assignment.toml", "timeout_s = 10", "timeout_s = 9", {"t1-square"}),
        ("assignment/tiny/assignment.toml", "Square of each entry", "Squares", set()),
        ("assignment/tiny/handout.md", "", "More words. ", set()),
        ("solutions/tiny/shapes/area.py", "np.multiply(x, x)", "x * x", set()),
    ],
)
def test_a_change_touches_the_items_that_depend_on_it(course, file, old, new, items):
    before = bundle(course)
    path = course / file
    path.write_text(path.read_text().replace(old, new, 1))
    assert touched(before, bundle(course)) == items


def test_titles_change_the_bundle_and_no_item(course):
    before = bundle(course)
    path = course / "assignment/tiny/assignment.toml"
    path.write_text(path.read_text().replace("Square of each entry", "Squares"))
    after = bundle(course)
    assert after.hash != before.hash
    assert after.differences(before.parts) == ["the list of items"]


def test_a_remark_changes_nothing_at_all(course):
    before = bundle(course)
    path = course / "assignment/tiny/assignment.toml"
    path.write_text("# a remark\n" + path.read_text())
    assert bundle(course).hash == before.hash


def test_it_does_not_depend_on_where_the_course_lies(course, tmp_path):
    shutil.copytree(course, tmp_path / "elsewhere")
    assert bundle(course) == bundle(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 2}, "the seed"),
        ({"insecure": True}, "what a missing layer of the sandbox means"),
        ({"full": True}, "how notebooks are run"),
    ],
)
def test_circumstances_touch_every_item_and_are_named(course, change, words):
    before, after = bundle(course), bundle(course, **change)
    assert touched(before, after) == {"t1-square", "t1-row-sums"}
    assert after.differences(before.parts) == [words]


def test_the_seeds_of_single_submissions_do_not_change_it_but_their_key_does(course):
    first = bundle(course, seed=1, data_seed=5)
    assert bundle(course, seed=2, data_seed=5) == first
    assert bundle(course, seed=1, data_seed=6).differences(first.parts) == ["the seed"]
