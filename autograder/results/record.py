"""Define the records of a graded submission, which the judge writes and everything else reads.

    SubmissionRecord
      ItemRecord         one rubric item: points, score, status, what to say about it
        TestRecord       one test of the item

Records are plain data: `record_json` converts them to JSON and back unchanged, because a judge
process hands its record to the process that asked for it. Both messages of an item or test may
contain text that came from a student; code that shows them passes them through `plain_text`.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict, get_args

TestStatus = Literal["passed", "failed", "not_attempted", "timeout", "crashed", "grader_error"]
ItemStatus = Literal[TestStatus, "partial", "awaiting_manual"]
Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]

TEST_STATUSES: tuple[str, ...] = get_args(TestStatus)
ITEM_STATUSES: tuple[str, ...] = get_args(ItemStatus)
VISIBILITIES: tuple[str, ...] = get_args(Visibility)


class Isolation(TypedDict):
    """How the student's code was isolated: the mode, and the outcome of each layer."""

    mode: str
    layers: dict[str, str]


@dataclass(frozen=True)
class TestRecord:
    """The outcome of one test of the rubric.

    Attributes:
        name: the test's function name, unique in the assignment.
        title: first line of its docstring, as a student reads it.
        status: one of `TEST_STATUSES`.
        message: what went wrong, for the instructor; empty where the test passed.
        student_message: the part of it that the student may read.
        hidden: whether the test is kept from students.
        seconds: wall time of the test.
    """

    __test__ = False  # pytest would take the name for a test class

    name: str
    title: str
    status: TestStatus
    message: str
    student_message: str
    hidden: bool
    seconds: float

    def __post_init__(self) -> None:
        _one_of("status", self.status, TEST_STATUSES)
        _amount("seconds", self.seconds)


@dataclass(frozen=True)
class ItemRecord:
    """The outcome of a rubric item: what it earned, and why.

    Attributes:
        id: the item's id in `assignment.toml`.
        problem: id of the problem it belongs to.
        title: what the item asks for.
        points: points it is worth.
        score: points earned, from 0 to `points`; 0 where a person still has to grade it.
        status: one of `ITEM_STATUSES`; `awaiting_manual` marks the items that a person scores.
        message: what went wrong, for the instructor.
        student_message: the part of it that the student may read.
        visibility: when Gradescope shows it to the student, one of `VISIBILITIES`.
        tests: its tests, in the order in which they ran.
        measured: figures that the judge has measured in its tests, such as a test accuracy, by
            name; a leaderboard may show them.
        extra: whether it is extra credit: its score counts, its points are not in `possible`.
    """

    id: str
    problem: str
    title: str
    points: float
    score: float
    status: ItemStatus
    message: str
    student_message: str
    visibility: Visibility
    tests: tuple[TestRecord, ...]
    measured: dict[str, float] = field(default_factory=dict)
    extra: bool = False

    def __post_init__(self) -> None:
        _one_of("status", self.status, ITEM_STATUSES)
        _one_of("visibility", self.visibility, VISIBILITIES)
        _amount("points", self.points)
        _amount("score", self.score)
        for name, figure in self.measured.items():
            if not math.isfinite(figure):
                raise ValueError(f"item {self.id}: {name} is {figure}, not a finite number")
        if self.score > self.points:
            raise ValueError(f"item {self.id}: score {self.score} is more than its {self.points}")
        if self.status in ("awaiting_manual", "grader_error") and self.score:
            raise ValueError(f"item {self.id}: {self.status} cannot have the score {self.score}")


@dataclass(frozen=True)
class SubmissionRecord:
    """One graded submission.

    Attributes:
        name: the submission's name, safe as a file name.
        score: points earned in auto items; see `totals`.
        possible: points of the auto items that were graded, without extra credit.
        seconds: wall time of the whole grading.
        seed: the number that every random draw of the grading came from.
        isolation: mode and layers.
        items: in the order of `assignment.toml`, those that a person scores included.
        notices: sentences about the submission as a whole, for the student.
        sha256: hash of the collected files; empty where nothing could be collected.
        versions: the version of everything that took part, by name.
        brought: what was added to the packages of the release, with sizes, for the instructor.
        code_sha256: hash of the collected files without the words of the notebooks' markdown cells;
            empty where it is unknown.
    """

    name: str
    score: float
    possible: float
    seconds: float
    seed: int
    isolation: Isolation
    items: tuple[ItemRecord, ...]
    notices: tuple[str, ...]
    sha256: str
    versions: dict[str, str]
    brought: tuple[str, ...] = ()
    code_sha256: str = ""

    def __post_init__(self) -> None:
        for name, amount in (
            ("score", self.score),
            ("possible", self.possible),
            ("seconds", self.seconds),
        ):
            _amount(name, amount)
        if (round(self.score, 2), round(self.possible, 2)) != totals(self.items):
            raise ValueError(
                f"submission {self.name}: {self.score} of {self.possible} is not the sum of its "
                f"items, {totals(self.items)}"
            )


def totals(items: Iterable[ItemRecord]) -> tuple[float, float]:
    """Return score and possible points of the auto items in `items`.

    Extra credit is part of the score and not of the possible points.
    """
    auto = [item for item in items if item.status != "awaiting_manual"]
    score = math.fsum(item.score for item in auto)
    return round(score, 2), round(math.fsum(item.points for item in auto if not item.extra), 2)


def worth(item: ItemRecord) -> str:
    """Return what an item is worth, as tables show it: `2`, or `+2` for extra credit."""
    return f"{'+' if item.extra else ''}{item.points:g}"


def _one_of(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is none of {', '.join(allowed)}")


def _amount(name: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name}: {value} is not a finite number from 0 up")
