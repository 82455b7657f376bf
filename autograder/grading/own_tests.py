"""Judge: score an item by the tests that students write for it.

Their file is run by pytest in workers of its own, once on each of several right implementations of
what it tests and once on each planted mistake, in an order that is not disclosed
(`autograder.planted` makes this code). Its tests must pass on all right code, and earn points by
the share of mistakes on which they do not pass.

A worker holds one implementation and nothing that says whether it is right. It is confined like
every worker, and serves one run: what student code leaves behind cannot reach the next one. From
its reply the judge takes only how many tests passed, and which of the functions that the file
defines failed: the text of an assertion could hold the code of the solution.

These items are judged after all others of a submission have ended, because their workers hold parts
of the solution.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from autograder.assignment import Item
from autograder.grading.isolation import SandboxPolicy
from autograder.grading.item_records import item_record
from autograder.grading.own_test_file import TestFile, read_test_file
from autograder.grading.planted_code import (
    LEAST_RIGHT_RUNS,
    Implementation,
    PlantedCode,
    PlantedMistake,
    most_runs,
)
from autograder.grading.submission_dir import SubmissionDir, module_name
from autograder.planted.disguise import disguised
from autograder.remote.messages import Message
from autograder.results import ItemRecord, TestRecord
from autograder.results.record import TestStatus
from autograder.rubric.seeds import derived_seed
from autograder.sandbox.channel import ChannelError, ChannelTimeout
from autograder.sandbox.client import Zygote
from autograder.sandbox.identity import remove_tree

_MOST_LATE = 2
"""After so many mistakes on which the tests exceeded the time limit, no more are tried."""
_MOST_NAMED = 3
"""So many failing test functions are named. Which ones fail is chosen by code that has seen parts
of the solution, so it must not say much."""


@dataclass(frozen=True)
class RunOutcome:
    """What one run of a test file has shown.

    Attributes:
        end: "passed", "failed", "empty" if no test ran, "unwritten" if only stubs did, "timeout",
            or "crashed" if the process ended or gave no answer.
        failed: the test functions that failed, as far as the file defines them.
    """

    end: str
    failed: tuple[str, ...] = ()


class OwnTests:
    """Runs the test file of one item.

    Args:
        item: the item.
        code: what the file is run on.
        submission_dir: the folder in which the submission is graded.
        zygote: the zygote of its workers.
        policy: how workers must be confined.
        files: path of each file handed in -> its content.
    """

    def __init__(
        self,
        item: Item,
        code: PlantedCode,
        submission_dir: SubmissionDir,
        zygote: Zygote,
        policy: SandboxPolicy,
        files: Mapping[str, bytes],
    ) -> None:
        self._item, self._code, self._submission_dir = item, code, submission_dir
        self._zygote, self._policy, self._files = zygote, policy, files
        self._draw = random.Random(
            derived_seed(submission_dir.seed, f"students' tests of {item.id}")
        )

    def judge(self) -> ItemRecord:
        """Run the file as often as needed, and return the item's record.

        Raises:
            SandboxFailure: a worker could not be started.
        """
        started = time.monotonic()
        file = read_test_file(self._item, self._submission_dir.assignment, self._files)
        if file.problem:
            return self._record([self._gate("failed", file.problem)])
        right, mistakes = self._run_all(file)
        gate = self._gate_of(file, right, mistakes, time.monotonic() - started)
        if gate.status != "passed":
            return self._record([gate])
        return self._record([gate, *self._records_of(mistakes)])

    def _run_all(
        self, file: TestFile
    ) -> tuple[dict[str, RunOutcome], dict[PlantedMistake, RunOutcome]]:
        """Run the file on everything in a random order; less if right code fails.

        Returns:
            The worst outcome for each right implementation, and the outcome for each mistake.
        """
        right: dict[str, RunOutcome] = {}
        mistakes: dict[PlantedMistake, RunOutcome] = {}
        late = 0
        for code, mistake in self._order():
            has_failed = any(one.end != "passed" for one in right.values())
            if mistake is not None:
                if not has_failed and late <= _MOST_LATE:
                    mistakes[mistake] = self._run(file, code)
                    late += mistakes[mistake].end == "timeout"
            elif not (has_failed and code.id in right):
                outcome = self._run(file, code)
                if code.id not in right or right[code.id].end == "passed":
                    right[code.id] = outcome
                if outcome.end not in ("passed", "failed"):
                    break  # it ends so on any code
        return right, mistakes

    def _order(self) -> list[tuple[Implementation, PlantedMistake | None]]:
        """Return the runs: the code of each, and the mistake in it."""
        right = list(self._code.right)
        while len(right) < LEAST_RIGHT_RUNS:
            right.append(self._draw.choice(self._code.right))
        order = [*((code, None) for code in right),
                 *((mistake.code, mistake) for mistake in self._code.mistakes)]  # fmt: skip
        assert len(order) == most_runs(self._code)
        self._draw.shuffle(order)
        return order

    def _run(self, file: TestFile, code: Implementation) -> RunOutcome:
        """Run the file once, in a worker of its own."""
        modules = {
            name: disguised(name, text, self._draw)
            for name, text in ((module_name(path), text) for path, text in code.modules)
        }
        tree = {"module": module_name(file.path), "path": file.path, "given": list(modules),
                "stub": f"{self._submission_dir.assignment.id}/"}  # fmt: skip
        request = Message({"tests": tree}, list(modules.values()))
        scratch = self._submission_dir.new_scratch()
        worker = self._zygote.open(self._submission_dir.tests_spec(self._item, scratch))
        try:
            self._policy.verify(worker.report)
            reply = worker.ask(request, time.monotonic() + self._item.timeout_s)
            return _outcome(reply.tree, file)
        except ChannelTimeout:
            return RunOutcome("timeout")
        except ChannelError:  # not in words: student code chooses how its process ends
            return RunOutcome("crashed")
        finally:
            worker.close()
            remove_tree(str(scratch))

    def _gate_of(
        self,
        file: TestFile,
        right: Mapping[str, RunOutcome],
        mistakes: Mapping[PlantedMistake, RunOutcome],
        seconds: float,
    ) -> TestRecord:
        """Return the record that says whether the tests pass on right code."""
        ends = {outcome.end for outcome in right.values()}
        if ends == {"passed"}:
            caught = sum(_is_caught(mistakes, one) for one in self._code.mistakes)
            words = (
                f"your tests pass on all {len(right)} right implementations and catch {caught} of "
                f"{len(self._code.mistakes)} mistakes"
            )
            lost = {outcome.end for outcome in mistakes.values()} - {"passed", "failed"}
            words += "".join(f"; {_LOST[end]}" for end in sorted(lost) if end in _LOST)
            missed = [one.code.id for one in self._code.mistakes if not _is_caught(mistakes, one)]
            known = f"{words}; missed: {', '.join(missed)}" if missed else ""
            return self._gate("passed", words, known, seconds)
        for end, status, words in _ENDS:
            if end in ends:
                words = words.format(path=file.path, limit=f"{self._item.timeout_s:g} s")
                return self._gate(status, words, seconds=seconds)
        failing = [name for name, outcome in right.items() if outcome.end != "passed"]
        failed = {name for outcome in right.values() for name in outcome.failed}
        named = [name for name in file.functions if name in failed][:_MOST_NAMED]
        words = (
            f"your tests earn nothing, because they fail on right code: on {len(failing)} of "
            f"{len(right)} implementations that do what the handout says"
        )
        if named:
            words += f"; failing: {', '.join(named)}"
        words += ". Check that they ask only for what the handout says, within a tolerance."
        known = f"{words}\nThey fail on: {', '.join(failing)}."
        return self._gate("failed", words, known, seconds)

    def _gate(
        self, status: TestStatus, words: str, known: str = "", seconds: float = 0.0
    ) -> TestRecord:
        title = "Right code passes your tests."
        return TestRecord("right_code", title, status, known or words, words, False, seconds)

    def _records_of(self, outcomes: Mapping[PlantedMistake, RunOutcome]) -> list[TestRecord]:
        """Return a record for each mistake, in the order in which they are written down."""
        records = []
        for number, mistake in enumerate(self._code.mistakes, 1):
            is_caught = _is_caught(outcomes, mistake)
            words = "" if is_caught else f"not caught: {mistake.missed}"
            known = "" if is_caught else f"{words} ({mistake.code.id}: {mistake.title})"
            status: TestStatus = "passed" if is_caught else "failed"
            name = f"mistake_{number}"
            records.append(TestRecord(name, mistake.missed, status, known, words, True, 0.0))
        return records

    def _record(self, records: list[TestRecord]) -> ItemRecord:
        weights = (0.0, *(1.0 for _ in records[1:]))
        return item_record(self._item, tuple(records), weights)


def _is_caught(outcomes: Mapping[PlantedMistake, RunOutcome], mistake: PlantedMistake) -> bool:
    """Return whether tests failed on a mistake; a process that ended shows nothing."""
    return mistake in outcomes and outcomes[mistake].end == "failed"


_LOST = {
    "crashed": "in a run on a mistake, the process of your tests ended, which does not count",
    "timeout": "in a run on a mistake, your tests exceeded the time limit, which does not count",
}
_ENDS: tuple[tuple[str, TestStatus, str], ...] = (
    (
        "timeout",
        "timeout",
        "a run of {path} exceeded the time limit for one run ({limit}); check for endless loops",
    ),
    (
        "crashed",
        "crashed",
        "a run of {path} ended its process: os._exit, a crash, or too much memory, disk or threads",
    ),
    ("unwritten", "not_attempted", "no test in {path} is written yet"),
    (
        "empty",
        "failed",
        "pytest runs no test in {path}; write functions whose names begin with test_",
    ),
)


def _outcome(tree: object, file: TestFile) -> RunOutcome:
    """Read a worker's reply, which student code may have forged."""
    value = tree.get("value") if type(tree) is dict else None
    if type(value) is not dict or value.keys() != {*_COUNTS, "failed"}:
        return RunOutcome("crashed")
    counts = {name: value[name] for name in _COUNTS}
    names = value["failed"]
    if not all(type(one) is int and one >= 0 for one in counts.values()) or type(names) is not list:
        return RunOutcome("crashed")
    failed = tuple(name for name in file.functions if name in names)
    if names or counts["errors"]:
        return RunOutcome("failed", failed)
    if counts["passed"]:
        return RunOutcome("passed")
    return RunOutcome("unwritten" if counts["unwritten"] else "empty")


_COUNTS = ("passed", "left_out", "unwritten", "errors")
