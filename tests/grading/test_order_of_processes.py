"""Which processes are alive, and what they have seen, while public and hidden tests run.

A course with two notebooks and two groups of packages is graded for real. What every process is
asked, and which processes are alive then, is written down by the judge and looked at afterwards.
"""

import json
import os

import pytest

from autograder.grading import resting, submission_worker, test_run
from autograder.sandbox.client import Fork, Worker
from autograder.sandbox.processes import descendants, parent_of

pytestmark = pytest.mark.repeated_without_root

pytest.importorskip("IPython")
pytest.importorskip("matplotlib")

NAMES = ("plain", "programs", "first", "second")


@pytest.fixture
def log(tmp_path, monkeypatch):
    """What was asked of whom, in which test, and who was alive: one entry for each request."""
    file, now = tmp_path / "log", {}
    run_test = test_run.run_test

    def noting_run_test(test, following):
        about = test.stash[test_run.RUBRIC_TEST]
        now.update(item=about.item, hidden=about.hidden)
        return run_test(test, following)

    def noting(kind, process_of):
        ask = kind.ask

        def noting_ask(self, request, deadline):
            alive = descendants(os.getppid(), ended=False)
            parents = {process: parent_of(process) for process in alive}
            entry = {**now, "process": process_of(self), "alive": parents}
            with file.open("a") as stream:
                stream.write(json.dumps(entry) + "\n")
            return ask(self, request, deadline)

        monkeypatch.setattr(kind, "ask", noting_ask)

    monkeypatch.setattr(test_run, "run_test", noting_run_test)
    noting(Fork, lambda branch: branch.pid)
    noting(Worker, lambda worker: worker.pid)
    return lambda: [json.loads(line) for line in file.read_text().splitlines()]


def assert_no_public_test_runs_after_or_beside_what_has_seen_a_hidden_input(entries):
    seen = set()  # processes that were asked by a hidden test, and those forked from them
    for entry in entries:
        alive = {int(process): parent for process, parent in entry["alive"].items()}
        seen |= {process for process, parent in alive.items() if parent in seen}
        if entry["hidden"]:
            seen.add(entry["process"])
        else:
            assert not seen & alive.keys(), f"{entry['item']}: alive beside its public test"
            assert not seen, f"{entry['item']}: there before its public test"


def asked(entries, hidden):
    return {entry["item"] for entry in entries if entry["hidden"] == hidden}


def assert_all_passed(record):
    assert {item.id: item.status for item in record.items if item.tests} == {
        f"m1-{name}": "passed" for name in NAMES
    }, [item.message for item in record.items]


def test_no_process_has_seen_a_hidden_input_at_any_public_test(mixed, log, grade):
    [record] = grade(*mixed)
    assert_all_passed(record)
    entries = log()
    assert asked(entries, True) == asked(entries, False) == {f"m1-{name}" for name in NAMES}
    assert_no_public_test_runs_after_or_beside_what_has_seen_a_hidden_input(entries)


def test_the_same_holds_where_no_memory_is_left_for_workers_that_wait(
    mixed, log, grade, monkeypatch
):
    monkeypatch.setattr(resting, "resting_bytes", lambda: 0)
    [record] = grade(*mixed)
    assert_all_passed(record)
    entries = log()
    assert_no_public_test_runs_after_or_beside_what_has_seen_a_hidden_input(entries)
    of = {
        hidden: {entry["process"] for entry in entries if entry["hidden"] == hidden}
        for hidden in (False, True)
    }
    assert not of[True] & of[False]  # each hidden test was asked of a new process


def only_once(spec):
    """Let a loader give the spec of one worker only."""

    def spec_once(self, scratch):
        assert not hasattr(self, "was_used"), "a second worker"
        self.was_used = True
        return spec(self, scratch)

    return spec_once


def test_workers_that_wait_keep_what_they_have_loaded(mixed, grade, monkeypatch):
    for loader in (submission_worker.PackageLoader, submission_worker.NotebookLoader):
        monkeypatch.setattr(loader, "spec", only_once(loader.spec))
    [record] = grade(*mixed)
    assert_all_passed(record)


def test_an_order_that_would_show_hidden_inputs_to_public_tests_ends_in_no_score(
    mixed, grade, monkeypatch
):
    from autograder.grading import judge

    wrong = [(f"m1-{name}", hidden) for name in NAMES for hidden in (False, True)]
    monkeypatch.setattr(judge, "running_order", lambda assignment, wanted: wrong)
    [record] = grade(*mixed)
    ended = [item for item in record.items if item.tests]
    assert [item.status for item in ended] == ["passed"] + ["grader_error"] * 3
    assert "after hidden ones" in ended[1].message
