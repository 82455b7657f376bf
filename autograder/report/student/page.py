"""Select what a student's page shows from the record.

    record ──▶ shown items ──▶ by problem ──▶ templates/student.html
                    └── checks: public tests that did not pass, and what hidden ones may say

The one rule: nothing here reads `message`, or a hidden test's name, title or time.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.report.messages import Feedback, read_message
from autograder.report.templates import page
from autograder.results.class_results import StudentResults
from autograder.results.record import ItemRecord, ItemStatus, SubmissionRecord
from autograder.results.wording import STATUS_SENTENCE

_WORDS: Mapping[ItemStatus, str] = {
    "passed": "passed",
    "partial": "passed in part",
    "failed": "failed",
    "not_attempted": "not attempted",
    "timeout": "took too long",
    "crashed": "crashed",
    "grader_error": "our error, to be graded again",
    "awaiting_manual": "waits for a person",
}


@dataclass(frozen=True)
class Figure:
    """A picture in what the student has handed in.

    Attributes:
        place: where it is, such as "problem_4.ipynb, cell 12".
        mime: its media type.
        data: the picture in base64.
    """

    place: str
    mime: str
    data: str


@dataclass(frozen=True)
class _FailedCheck:
    """A test that did not pass, as the student may know it; a hidden one has no title."""

    title: str
    message: Feedback


@dataclass(frozen=True)
class _Item:
    """An item as the student may know it; `points` is None if none have been given."""

    id: str
    problem: str
    title: str
    points: float | None
    possible: float
    word: str
    sentence: str
    checks: tuple[_FailedCheck, ...]
    waits: bool = False
    extra: bool = False
    untried: bool = False

    @property
    def is_full(self) -> bool:
        return self.points is not None and self.points >= self.possible

    @property
    def lacks_nothing(self) -> bool:
        """Whether no points are missing: extra credit that was not tried is not missing."""
        return self.is_full or (self.extra and self.untried)


@dataclass(frozen=True)
class _Sum:
    """The points of several items; `points` is None as long as one of them has none.

    `possible` is without the extra credit that the items can give.
    """

    title: str
    points: float | None
    so_far: float
    possible: float
    extra: float


def student_page(
    title: str,
    problems: Mapping[str, str],
    student: StudentResults,
    partners: Sequence[StudentResults],
    record: SubmissionRecord,
    written: Mapping[str, float],
    figures: Iterable[Figure] = (),
) -> str:
    """Return the page of one student.

    Args:
        title: the assignment's title.
        problems: titles by the problem's id, as far as they are known.
        student: the student whose page it is.
        partners: the students who have handed in with them.
        record: the graded submission.
        written: points that a person has given to written items, by the item's id.
        figures: pictures in what they handed in.
    """
    shown = [_item(item, written) for item in record.items if item.visibility != "hidden"]
    sums = [
        _sum(problems.get(problem, problem), [item for item in shown if item.problem == problem])
        for problem in dict.fromkeys(item.problem for item in shown)
    ]
    return page(
        "student.html",
        title=f"{title}: {student.name}",
        assignment=title,
        student=student,
        partners=partners,
        notices=record.notices,
        problems=sums,
        total=_sum("Total", shown),
        something_hidden=len(shown) < len(record.items),
        items=shown,
        not_full=[item for item in shown if not item.lacks_nothing and not item.waits],
        followed=[item for item in shown if item.is_full and item.checks],
        waiting=[item for item in shown if item.waits],
        figures=list(figures),
    )


def _item(item: ItemRecord, written: Mapping[str, float]) -> _Item:
    points: float | None = item.score
    word, sentence = _WORDS[item.status], STATUS_SENTENCE[item.status]
    if item.status == "awaiting_manual":
        points = written.get(item.id)
        if points is not None:
            word, sentence = "graded by a person", "A person has graded this part."
        if item.student_message:
            sentence = f"{sentence} {item.student_message}"
    elif item.status == "grader_error":
        points = None
    checks = () if item.status in ("grader_error", "awaiting_manual") else _checks(item)
    return _Item(
        item.id,
        item.problem,
        item.title,
        points,
        item.points,
        word,
        sentence,
        tuple(checks),
        waits=item.status == "awaiting_manual" and points is None,
        extra=item.extra,
        untried=item.status == "not_attempted",
    )


def _checks(item: ItemRecord) -> Iterable[_FailedCheck]:
    """Return the checks to show; several tests with the same message become one."""
    said: dict[str, str] = {}
    for test in item.tests:
        if test.student_message.strip():  # one that has passed says what it was judged by
            title = "" if test.hidden else test.title or test.name
            said.setdefault(test.student_message, title)
    if not said and item.status != "passed" and item.student_message.strip():
        said[item.student_message] = ""
    return (_FailedCheck(title, read_message(message)) for message, title in said.items())


def _sum(title: str, items: Sequence[_Item]) -> _Sum:
    known = [item.points for item in items if item.points is not None]
    so_far = round(math.fsum(known), 2)
    possible = round(math.fsum(item.possible for item in items if not item.extra), 2)
    extra = round(math.fsum(item.possible for item in items if item.extra), 2)
    return _Sum(title, so_far if len(known) == len(items) else None, so_far, possible, extra)
