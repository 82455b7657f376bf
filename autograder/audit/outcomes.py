"""What became of an item in a trial, kept in a file so that an audit can be taken up again.

Each outcome is kept under a key that is made of all that it depends on. A run that was stopped, or
one after a change, grades only what it has no outcome for.
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
from autograder.results import ItemRecord

# What another run may find otherwise, because it is due to the machine.
_NOT_KEPT = ("grader_error", "timeout", "crashed")


@dataclass(frozen=True)
class TestOutcome:
    """What became of one test.

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
    """What became of one item.

    Attributes:
        points: what it is worth.
        score: what it has earned.
        status: one of the statuses of records.
        message: what the instructor reads.
        student_message: what the student reads.
        tests: its tests, in the order in which they ran.
        asked: what their checks have asked; nothing where that was not observed.
    """

    points: float
    score: float
    status: str
    message: str
    student_message: str
    tests: tuple[TestOutcome, ...]
    asked: tuple[CheckTrace, ...] = ()

    @classmethod
    def of(cls, record: ItemRecord, asked: tuple[CheckTrace, ...] = ()) -> "ItemOutcome":
        """Make it of an item's record, and of what its checks have asked."""
        tests = tuple(TestOutcome(one.name, one.status, one.seconds) for one in record.tests)
        return cls(
            record.points, record.score, record.status, record.message, record.student_message,
            tests, asked,
        )  # fmt: skip

    @property
    def is_full(self) -> bool:
        """Whether nothing was lost."""
        return self.score == self.points and self.status == "passed"

    @property
    def seconds(self) -> float:
        """How long its tests took together."""
        return sum(test.seconds for test in self.tests)

    @property
    def without_times(self) -> str:
        """All but the times, as text to compare."""
        tests = [(test.name, test.status) for test in self.tests]
        return repr(
            (self.points, self.score, self.status, self.message, self.student_message, tests)
        )


class Store:
    """Outcomes by their keys, in a file to which each is added as soon as it is there.

    Args:
        file: made when the first outcome comes.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, ItemOutcome] = {}
        self._used: set[str] = set()
        if file.is_file():
            for line in file.read_bytes().splitlines():
                self._read(line)

    def get(self, key: str) -> ItemOutcome | None:
        """Return the outcome of a key, None where there is none."""
        self._used.add(key)
        return self._known.get(key)

    def put(self, key: str, outcome: ItemOutcome, keep: bool = False) -> None:
        """Add an outcome.

        Args:
            key: its key.
            outcome: it.
            keep: whether it is kept for the next run also where it may be due to the machine.
        """
        self._known[key] = outcome
        if not keep and outcome.status in _NOT_KEPT:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("ab") as file:
            file.write(json.dumps([key, asdict(outcome)]).encode() + b"\n")

    def tidy(self) -> None:
        """Forget on disk what this run had no use for."""
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
            tests = tuple(TestOutcome(**test) for test in values.pop("tests"))
            asked = tuple(CheckTrace.of(one) for one in values.pop("asked"))
            self._known[key] = ItemOutcome(**values, tests=tests, asked=asked)
        except (ValueError, TypeError, LookupError, AttributeError):
            pass  # the run was stopped while it wrote, or the form was another one


class Keys:
    """Makes the keys of outcomes.

    Args:
        assignment: what is graded.
        reach: what its items reach.
        circumstances: the seed, the data sets and whatever else outcomes depend on.
    """

    def __init__(self, assignment: Assignment, reach: Reach, circumstances: object) -> None:
        self._reach = reach
        self._items = item_digests(assignment, circumstances)

    def of(self, files: Mapping[str, bytes]) -> dict[str, str]:
        """Return the key of each auto item for the files of a submission."""
        keys = {}
        for item_id, reached in self._reach.files_of(files).items():
            submitted = sorted((path, _hash(data)) for path, data in reached.items())
            keys[item_id] = digest(self._items[item_id], submitted)
        return keys


@lru_cache(maxsize=4096)
def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()
