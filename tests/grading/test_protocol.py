"""A rubric's tests run as pytest runs them: fixtures, marks, classes, and what ends a test."""

import ast
from itertools import zip_longest
from types import SimpleNamespace

import pytest

from autograder.assignment import RubricTest, load_assignment
from autograder.grading.rubric_suite import RubricSuite
from autograder.grading.test_run import run_test
from autograder.grading.verdict import judge_outcome

HEAD = """
import sys
import pytest

events = []
pytestmark = pytest.mark.item("one")
"""


def rubric_tests(file):
    """The tests of a file, as the assignment would list them."""
    for node in ast.parse(file.read_text()).body:
        within = node.body if isinstance(node, ast.ClassDef) else [node]
        owner = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        for one in within:
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                name = f"{owner}{one.name}"
                yield RubricTest(name, "It works.", "one", 1.0, file.name, one.lineno, False)


def suite_of(folder):
    tests = [test for file in sorted(folder.iterdir()) for test in rubric_tests(file)]
    return RubricSuite(SimpleNamespace(rubric_folder=folder, tests=tests), ["one"])


class RunOfAll:
    """Runs the collected tests, in an order, and keeps how each of them ended."""

    def __init__(self, order=slice(None)):
        self.failure, self.order, self.tests, self.errors = "", order, [], {}

    def run_tests(self, collected):
        self.tests = collected[self.order]
        for test, following in zip_longest(self.tests, self.tests[1:]):
            self.errors[test.name], _ = run_test(test, following)


@pytest.fixture
def run(tmp_path):
    """Run a rubric of one file; returns how its tests ended, by name, and what they noted."""

    def run(code, **more):
        folder = tmp_path / "rubric"
        folder.mkdir()
        for name, text in {"test_first": code, **more}.items():
            (folder / f"{name}.py").write_text(HEAD + text)
        suite, ended = suite_of(folder), RunOfAll()
        suite.run(ended)
        suite.close()
        assert ended.failure == ""
        events = ended.tests[0].module.events
        return {name: judge_outcome(error, folder) for name, error in ended.errors.items()}, events

    return run


def statuses(verdicts):
    return {name: verdict.status for name, verdict in verdicts.items()}


def test_a_fixture_of_a_module_is_made_once_and_torn_down_when_the_module_has_ended(run):
    second = "import sys\ndef test_of_another_file():\n    sys.modules['shared'].append('other')\n"
    _, events = run(
        """
@pytest.fixture(scope="module")
def whole():
    sys.modules["shared"] = events
    events.append("up")
    yield 5
    events.append("down")

@pytest.fixture
def one(whole):
    events.append("one up")
    yield whole
    events.append("one down")

@pytest.mark.parametrize("number", [1, 2])
def test_number(one, number):
    assert one == 5
    events.append(number)
""",
        test_second=second,
    )
    ones = ["one up", 1, "one down", "one up", 2, "one down"]
    assert events == ["up", *ones, "down", "other"]


def test_autouse_fixtures_classes_and_setup_functions_are_as_in_pytest(run):
    verdicts, events = run(
        """
@pytest.fixture(autouse=True)
def always(request):
    events.append(f"before {request.node.name}")
    yield
    events.append("after")

def setup_module():
    events.append("module")

def teardown_module():
    events.append("module ends")

class TestThings:
    @classmethod
    def setup_class(cls):
        events.append("class")

    def setup_method(self):
        self.here = 1

    def test_a(self):
        self.here += 1

    def test_b(self, tmp_path, monkeypatch):
        assert self.here == 1 and tmp_path.is_dir()
"""
    )
    assert statuses(verdicts) == {"test_a": "passed", "test_b": "passed"}
    around = ["before test_a", "after", "before test_b", "after"]
    assert events == ["module", "class", *around, "module ends"]


def test_a_parameter_of_a_fixture_of_a_module_makes_it_anew(run):
    _, events = run(
        """
@pytest.fixture(scope="module", params=["a", "b"])
def letter(request):
    events.append(f"up {request.param}")
    yield request.param
    events.append(f"down {request.param}")

def test_one(letter):
    events.append("one")

def test_two(letter):
    events.append("two")
"""
    )
    assert events == ["up a", "one", "two", "down a", "up b", "one", "two", "down b"]


def test_an_error_before_or_after_a_test_is_the_graders(run):
    verdicts, events = run(
        """
@pytest.fixture
def broken():
    raise RuntimeError("in setup")

@pytest.fixture
def breaks_later():
    yield
    raise RuntimeError("in teardown")

def test_setup(broken):
    events.append("never")

def test_teardown(breaks_later):
    events.append("run")

def test_both(breaks_later):
    raise AssertionError("the test itself")

def test_after_them():
    pass
"""
    )
    assert events == ["run"]
    assert statuses(verdicts) == {
        "test_setup": "grader_error",
        "test_teardown": "grader_error",
        "test_both": "failed",
        "test_after_them": "passed",
    }
    assert "in setup" in verdicts["test_setup"].message
    assert "in teardown" in verdicts["test_teardown"].message
    assert verdicts["test_both"].message == "the test itself"


def test_a_broken_fixture_of_a_module_costs_each_of_its_tests_and_is_tried_once(run):
    verdicts, events = run(
        """
@pytest.fixture(scope="module")
def broken():
    events.append("tried")
    raise RuntimeError("no")

def test_one(broken):
    pass

def test_two(broken):
    pass
"""
    )
    assert events == ["tried"]
    assert statuses(verdicts) == {"test_one": "grader_error", "test_two": "grader_error"}


def test_what_is_skipped_in_whatever_way_is_a_mistake_of_the_graders(run):
    verdicts, events = run(
        """
@pytest.mark.skip(reason="not today")
def test_skip():
    events.append("never")

@pytest.mark.skipif(True, reason="never")
def test_skipif():
    events.append("never")

@pytest.mark.skipif(False, reason="never")
def test_not_skipped():
    pass

def test_skips_itself():
    pytest.skip("by itself")

@pytest.mark.xfail(run=False, reason="not run")
def test_not_run():
    events.append("never")

@pytest.mark.xfail(reason="known")
def test_expected_to_fail():
    raise AssertionError("but it counts")

@pytest.mark.xfail(strict=True)
def test_better_than_expected():
    pass

def test_fails_itself():
    pytest.fail("our words")

def test_exits():
    sys.exit(0)
"""
    )
    assert events == []
    assert statuses(verdicts) == {
        "test_skip": "grader_error",
        "test_skipif": "grader_error",
        "test_not_skipped": "passed",
        "test_skips_itself": "grader_error",
        "test_not_run": "grader_error",
        "test_expected_to_fail": "failed",
        "test_better_than_expected": "passed",
        "test_fails_itself": "grader_error",
        "test_exits": "grader_error",
    }
    assert "not today" in verdicts["test_skip"].message


def test_a_request_to_end_ends_the_run(run):
    with pytest.raises(KeyboardInterrupt):
        run("def test_interrupt():\n    raise KeyboardInterrupt")


def test_pytest_exit_ends_the_run_with_a_reason(tmp_path):
    (tmp_path / "test_it.py").write_text(
        HEAD + "def test_exit():\n    pytest.exit('enough')\n\ndef test_next():\n    pass\n"
    )
    suite, ended = suite_of(tmp_path), RunOfAll()
    suite.run(ended)
    suite.close()
    assert ended.failure == "pytest could not run the rubric: Exit: enough"


def test_tests_can_be_run_again_in_another_order(tmp_path):
    (tmp_path / "test_it.py").write_text(
        HEAD
        + """
@pytest.fixture
def value(tmp_path):
    return events

def test_a(value):
    value.append("a")

def test_b(value):
    value.append("b")
"""
    )
    suite = suite_of(tmp_path)
    for order in (slice(None), slice(None, None, -1), slice(1)):
        ended = RunOfAll(order)
        suite.run(ended)
        assert ended.failure == "" and set(ended.errors.values()) == {None}
    suite.close()
    assert ended.tests[0].module.events == ["a", "b", "b", "a", "a"]
    assert ended.tests[0].funcargs is None


def test_a_test_case_of_unittest_is_an_error_and_not_passed_whatever_it_finds(grade, course):
    rubric = course / "assignment" / "tiny" / "rubric" / "test_area.py"
    rubric.write_text(
        """
import unittest
import pytest

@pytest.mark.item("t1-square")
class TestSquare(unittest.TestCase):
    def test_never(self):
        "It fails."
        self.fail()

@pytest.mark.item("t1-row-sums")
def test_nothing(student):
    "It passes."
"""
    )
    tiny = load_assignment(course, "tiny")
    [record] = grade(tiny, course / "solutions" / "tiny")
    square, row_sums, _ = record.items
    assert (square.status, square.score) == ("grader_error", 0.0)
    assert row_sums.status == "passed"


def test_a_handle_that_is_kept_for_a_test_of_another_item_is_an_error_of_the_grader(grade, course):
    rubric = course / "assignment" / "tiny" / "rubric" / "test_area.py"
    rubric.write_text(
        """
import pytest

kept = []

@pytest.mark.item("t1-square")
def test_first(student):
    "It passes."
    kept.append(student)
    assert student.shapes.area.square(3.0) == 9.0

@pytest.mark.item("t1-row-sums")
def test_second(student):
    "It would ask the process of another item."
    assert student.shapes.area.square(3.0) == 9.0
    assert kept[0].shapes.area.square(3.0) == 9.0
"""
    )
    tiny = load_assignment(course, "tiny")
    [record] = grade(tiny, course / "solutions" / "tiny")
    square, row_sums, _ = record.items
    assert square.status == "passed"
    assert row_sums.status == "grader_error" and "made for a test of t1-square" in row_sums.message
