"""A test that goes through what student code returned for too long is ended in its own lines."""

import signal
import time
from pathlib import Path

import pytest

from autograder.assignment import load_assignment
from autograder.grading import check_timeout
from autograder.grading.check_timeout import CheckTimeout, TooMuchToCheck
from autograder.sandbox import channel

HERE = Path(__file__).parent


@pytest.fixture
def little_time(monkeypatch):
    monkeypatch.setattr(check_timeout, "LEAST_SECONDS", 0.05)
    monkeypatch.setattr(check_timeout, "AGAIN_SECONDS", 0.05)
    own = CheckTimeout(HERE, {"item": 0.1, "other": 10.0})
    with own.watched():
        yield own
    assert signal.getsignal(signal.SIGPROF) is signal.SIG_DFL


def go_through(count):
    return sum(1 for _ in range(count))


def test_a_test_is_ended_and_the_next_one_still_has_a_little_time(little_time):
    for _ in range(2):
        with pytest.raises(TooMuchToCheck), little_time.of_one_test("item"):
            go_through(10**12)
    with little_time.of_one_test("item"):
        assert go_through(1000) == 1000


def test_what_one_item_has_used_up_costs_no_other_one(little_time):
    with pytest.raises(TooMuchToCheck), little_time.of_one_test("item"):
        go_through(10**12)
    started = time.process_time()
    with little_time.of_one_test("other"):
        while time.process_time() < started + 0.3:
            go_through(1000)


def test_what_was_begun_with_a_process_is_brought_to_its_end(little_time):
    names, ended = {}, []
    source = "def answer(count):\n    return sum(1 for _ in range(count))"
    exec(compile(source, channel.__file__, "exec"), names)

    def test():
        ended.append(names["answer"](10**7))
        go_through(10**12)

    with pytest.raises(TooMuchToCheck), little_time.of_one_test("item"):
        test()
    assert ended == [10**7]


def test_somebody_looks_while_a_test_computes_and_may_end_it():
    seen = []

    def look():
        seen.append(1)
        if len(seen) == 3:
            raise LookupError("too much")

    own = CheckTimeout(HERE, {"item": 60.0}, look)
    with own.watched(), pytest.raises(LookupError, match="too much"), own.of_one_test("item"):
        go_through(10**12)
    assert len(seen) == 3


def test_nobody_looks_while_a_process_is_talked_to():
    seen, names = [], {}
    source = "def answer(count):\n    return sum(1 for _ in range(count))"
    exec(compile(source, channel.__file__, "exec"), names)
    own = CheckTimeout(HERE, {"item": 60.0}, lambda: seen.append(1))
    with own.watched(), own.of_one_test("item"):
        names["answer"](10**7)
        assert seen == []


def test_waiting_costs_none_of_it(little_time):
    with little_time.of_one_test("item"):
        signal.sigtimedwait([], 0.3)


def test_a_rubric_elsewhere_is_not_this_ones(monkeypatch):
    monkeypatch.setattr(check_timeout, "LEAST_SECONDS", 0.05)
    own = CheckTimeout(HERE / "elsewhere", {"item": 0.05})
    with own.watched(), own.of_one_test("item"):
        assert go_through(5 * 10**6) == 5 * 10**6


def test_a_test_that_is_kept_busy_costs_its_item_only(course, grade, tiny_solution):
    home = course / "assignment" / "tiny"
    told = home / "assignment.toml"
    told.write_text(told.read_text().replace("timeout_s = 10", "timeout_s = 2"))
    rubric = home / "rubric" / "test_area.py"
    line = "    got = student.shapes.area.row_sums(X)\n"
    assert line in rubric.read_text()
    rubric.write_text(rubric.read_text().replace(line, f"{line}    while True: len(got)\n"))
    [record] = grade(load_assignment(course, "tiny"), tiny_solution)
    ends = {item.id: item for item in record.items}
    assert ends["t1-square"].status == "passed"
    assert ends["t1-row-sums"].status == "partial"
    assert "it takes too long to go through" in ends["t1-row-sums"].message
