"""Judge: make the record of an item: its points by the tests that passed, or why there are none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import cast

from autograder.assignment import Item
from autograder.grading.verdict import GRADER_ERROR_WORDS, join_messages
from autograder.results import ItemRecord, TestRecord
from autograder.results.record import ItemStatus, Visibility

_NOT_RUN = "this test was not run"


def item_record(
    item: Item,
    tests: tuple[TestRecord, ...],
    weights: tuple[float, ...],
    measured: Mapping[str, float] = MappingProxyType({}),
) -> ItemRecord:
    """Sum up an auto item: points in proportion to the weight of the tests that passed.

    Args:
        item: the item.
        tests: its tests, in the order in which they ran.
        weights: the weight of each.
        measured: the figures that its tests have noted.
    """
    total = sum(weights)
    passed = sum(
        weight for test, weight in zip(tests, weights, strict=True) if test.status == "passed"
    )
    share = passed / total if total else 0.0
    if item.all_or_nothing and passed < total:
        share = 0.0
    status = _item_status(tests, share)
    score = 0.0 if status == "grader_error" else round(item.points * share, 2)
    return ItemRecord(
        id=item.id,
        problem=item.problem,
        title=item.title,
        points=item.points,
        score=score,
        status=status,
        message=join_messages(test.message for test in tests),
        student_message=join_messages(test.student_message for test in tests),
        visibility=cast(Visibility, item.visibility),
        tests=tests,
        measured=dict(measured),
        extra=item.extra,
    )


def _item_status(tests: tuple[TestRecord, ...], share: float) -> ItemStatus:
    statuses = {test.status for test in tests}
    worst: tuple[ItemStatus, ...] = ("grader_error", "timeout", "crashed")
    for status in worst:
        if status in statuses:
            return status
    if statuses == {"passed"}:
        return "passed"
    if share > 0:
        return "partial"
    return "not_attempted" if statuses == {"not_attempted"} else "failed"


def unread_item(item: Item, message: str, status: ItemStatus = "failed") -> ItemRecord:
    """Return an item's record where the submission is unreadable or its grading was interrupted."""
    return ItemRecord(
        id=item.id,
        problem=item.problem,
        title=item.title,
        points=item.points,
        score=0.0,
        status=status,
        message=message,
        student_message=GRADER_ERROR_WORDS if status == "grader_error" else message,
        visibility=cast(Visibility, item.visibility),
        tests=(),
        extra=item.extra,
    )


def unfinished_item(
    item: Item, tests: tuple[TestRecord, ...], missing: Sequence[str], reason: str
) -> ItemRecord:
    """Return the record of an item with tests that were not run: no score, what is known so far.

    Args:
        item: the item.
        tests: the tests that have ended.
        missing: the names of the others.
        reason: why the others were not run, for the instructor.
    """
    not_run = tuple(
        TestRecord(name, "", "grader_error", f"{_NOT_RUN}: {reason}", GRADER_ERROR_WORDS, True, 0.0)
        for name in missing
    )
    record = unread_item(item, "", "grader_error")
    return replace(
        record,
        message=join_messages([f"{missing[0]}: {reason}", *(test.message for test in tests)]),
        student_message=join_messages([GRADER_ERROR_WORDS, known_of(tests)]),
        tests=(*tests, *not_run),
    )


def known_of(tests: Sequence[TestRecord]) -> str:
    """Return what a student may read about the tests that were run; "" if none of them was."""
    ended = [test for test in tests if not test.message.startswith(_NOT_RUN)]
    if not ended:
        return ""
    passed = sum(test.status == "passed" for test in ended)
    words = f"Checks that were run: {len(ended)}; passed: {passed}."
    return join_messages([words, *(test.student_message for test in ended)])


def items_so_far(
    items: Iterable[Item], known: Mapping[str, ItemRecord], message: str, status: ItemStatus
) -> list[ItemRecord]:
    """Return the records of the items of a submission whose grading was interrupted.

    Args:
        items: the items.
        known: the records so far, by item.
        message: why the rest is missing.
        status: the status of the items by tests that have no record so far.
    """
    return [
        written_item(item)
        if item.is_by_hand
        else _item_so_far(known.get(item.id), item, message, status)
        for item in items
    ]


def _item_so_far(
    known: ItemRecord | None, item: Item, message: str, status: ItemStatus
) -> ItemRecord:
    if known is None:
        return unread_item(item, message, status)
    return replace(known, message=f"{message}\n{known.message}") if is_unfinished(known) else known


def is_unfinished(item: ItemRecord) -> bool:
    """Return whether some tests of an item have not been run."""
    return any(test.message.startswith(_NOT_RUN) for test in item.tests)


def written_item(item: Item) -> ItemRecord:
    """Return the record of an item that a person has to score."""
    return unread_item(item, "", "awaiting_manual")
