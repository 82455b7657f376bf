"""Store the outcomes of items in trials, so that an interrupted audit can be resumed.

The key of each outcome covers everything that it depends on. A resumed run, or one after a change,
grades only items without an outcome.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from autograder.assignment import Assignment
from autograder.atomic import write_atomic
from autograder.audit.asked import CheckTrace
from autograder.audit.dependencies import Reach
from autograder.grading.cache_keys import digest, item_digests
from autograder.planted.cells import NotebookText
from autograder.results import ItemRecord

# Statuses that may differ in another run because they depend on the machine.
_NOT_KEPT = ("grader_error", "timeout", "crashed")


@dataclass(frozen=True)
class TestSummary:
    """The outcome of one test.

    Attributes:
        name: its name.
        status: one of the statuses of records.
        seconds: how long it took.
    """

    __test__ = False  # pytest would take the name for a test class

    name: str
    status: str
    seconds: float


@dataclass(frozen=True)
class ItemOutcome:
    """The outcome of one item.

    Attributes:
        points: its maximum points.
        score: the points earned.
        status: one of the statuses of records.
        message: the message for the instructor.
        student_message: the message for the student.
        tests: its tests, in the order in which they ran.
        asked: the trace of their checks; empty if it was not recorded.
    """

    points: float
    score: float
    status: str
    message: str
    student_message: str
    tests: tuple[TestSummary, ...]
    asked: tuple[CheckTrace, ...] = ()

    @classmethod
    def of(cls, record: ItemRecord, asked: tuple[CheckTrace, ...] = ()) -> "ItemOutcome":
        """Create it from an item's record and the trace of its checks."""
        tests = tuple(TestSummary(one.name, one.status, one.seconds) for one in record.tests)
        return cls(
            record.points, record.score, record.status, record.message, record.student_message,
            tests, asked,
        )  # fmt: skip

    @property
    def is_full(self) -> bool:
        """Whether it has full points."""
        return self.score == self.points and self.status == "passed"

    @property
    def seconds(self) -> float:
        """The total time of its tests."""
        return sum(test.seconds for test in self.tests)

    @property
    def without_times(self) -> str:
        """Return everything except the times, as text to compare."""
        tests = [(test.name, test.status) for test in self.tests]
        return repr(
            (self.points, self.score, self.status, self.message, self.student_message, tests)
        )


class Store:
    """Outcomes by key, in a file to which each is appended immediately.

    Args:
        file: created with the first outcome.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, ItemOutcome] = {}
        self._used: set[str] = set()
        if file.is_file():
            for line in file.read_bytes().splitlines():
                self._read(line)

    def get(self, key: str) -> ItemOutcome | None:
        """Return the outcome of a key, or None."""
        self._used.add(key)
        return self._known.get(key)

    def put(self, key: str, outcome: ItemOutcome, keep: bool = False) -> None:
        """Add an outcome.

        Args:
            key: its key.
            outcome: the outcome.
            keep: whether it is kept for the next run even if it may depend on the machine.
        """
        self._known[key] = outcome
        if not keep and outcome.status in _NOT_KEPT:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as file:
            file.write(json.dumps([key, asdict(outcome)]).encode() + b"\n")

    def tidy(self) -> None:
        """Remove from disk the outcomes that this run did not use."""
        if not self._file.is_file() or self._used >= self._known.keys():
            return
        kept = [
            line
            for line in self._file.read_bytes().splitlines(keepends=True)
            if json.loads(line)[0] in self._used
        ]
        write_atomic(self._file, b"".join(kept))

    def _read(self, line: bytes) -> None:
        try:
            key, values = json.loads(line)
            tests = tuple(TestSummary(**test) for test in values.pop("tests"))
            asked = tuple(CheckTrace.of(one) for one in values.pop("asked"))
            self._known[key] = ItemOutcome(**values, tests=tests, asked=asked)
        except (ValueError, TypeError, LookupError, AttributeError):
            pass  # the run was stopped while writing, or the format has changed


class Keys:
    """Computes the keys of outcomes.

    Args:
        assignment: the assignment.
        reach: what its items reach.
        circumstances: the seed, the datasets and everything else that outcomes depend on.
    """

    def __init__(self, assignment: Assignment, reach: Reach, circumstances: object) -> None:
        self._reach = reach
        self._items = item_digests(assignment, circumstances)

    def of(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Return the key of each auto item for the files of a submission."""
        keys = {}
        for item_id, reached in self._reach.files_of(files).items():
            submitted = sorted((path, _hash(path, data)) for path, data in reached.items())
            keys[item_id] = digest(self._items[item_id], submitted)
        return keys


@lru_cache(maxsize=4096)
def _hash(path: str, data: bytes) -> str:
    """Return a hash of a file; the words of a notebook's text cells, which no test reads, are out.

    So a changed written answer grades nothing again.
    """
    if path.endswith(".ipynb"):
        try:
            notebook = NotebookText(data)
            for cell in notebook.cells:
                if not cell.is_code:
                    cell.source = ""
            data = notebook.to_bytes()
        except (ValueError, LookupError, TypeError, AttributeError):  # broken on purpose
            pass
    return sha256(data).hexdigest()
