"""Decide what of an earlier grading still holds, and what has to be graded again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from autograder.assignment import Assignment
from autograder.grading.cache_keys import CacheKeys
from autograder.results import ItemRecord, SubmissionRecord, totals
from autograder.results.gradings import Grading
from autograder.results.record import Visibility


@dataclass(frozen=True)
class RegradePlan:
    """What has to be done for one submission.

    Attributes:
        again: ids of the items to grade.
        stale: ids of the items whose grading a change has touched, if they are not graded again.
        refresh: whether to make the record anew without grading: titles have changed.
    """

    again: tuple[str, ...]
    stale: tuple[str, ...] = ()
    refresh: bool = False


def plan(
    known: Grading | None,
    assignment: Assignment,
    wanted: tuple[str, ...],
    cache_keys: CacheKeys,
    regrade: bool,
) -> RegradePlan:
    """Return what has to be graded of a submission.

    Args:
        known: the last grading of exactly this submission, if it has one.
        assignment: what is graded.
        wanted: ids of the items that are asked for.
        cache_keys: what gradings depend on now.
        regrade: whether what a change has touched is graded again.
    """
    if known is None:
        return RegradePlan(wanted)
    there = {item.id: item for item in known.record.items}
    missing = {item_id for item_id in wanted if item_id not in there}
    # They have no score, and the last run asked for grading them again.
    broken = {item_id for item_id in wanted if _is_broken(there.get(item_id))}
    keys = cache_keys.items
    stale = {
        item_id
        for item_id in wanted
        if item_id in there and item_id in keys and known.keys.get(item_id) != keys[item_id]
    }
    again = missing | broken | (stale if regrade else set())
    written = {item.id for item in assignment.written_items}
    if again & written:  # the file of answers is written as a whole
        again |= written & (there.keys() | set(wanted))
    in_order = [item.id for item in assignment.items]
    return RegradePlan(
        tuple(item_id for item_id in in_order if item_id in again),
        tuple(item_id for item_id in in_order if item_id in stale - again),
        refresh=regrade and not again and known.bundle != cache_keys.hash,
    )


def plan_words(
    known: Grading, assignment: Assignment, wanted: tuple[str, ...], cache_keys: CacheKeys
) -> tuple[str, ...]:
    """Return what has to be graded of a submission that differs only in the words of its answers.

    These are the written items, and what would be graded of the earlier submission.

    Args:
        known: the last grading of that submission.
        assignment: what is graded.
        wanted: ids of the items that are asked for.
        cache_keys: what gradings depend on now.
    """
    again = set(plan(known, assignment, wanted, cache_keys, regrade=True).again)
    there = {item.id for item in known.record.items}
    again |= {item.id for item in assignment.written_items} & (there | set(wanted))
    return tuple(item.id for item in assignment.items if item.id in again)


def merged(known: Grading | None, new: SubmissionRecord, assignment: Assignment) -> Grading:
    """Combine the items that were graded now with those of an earlier grading that still hold.

    The grading that is returned lacks what only its run knows: hashes and device.
    """
    graded = {item.id: item for item in new.items}
    kept = {} if known is None else {item.id: item for item in known.record.items}
    items = []
    for spec in assignment.items:
        if spec.id in graded:
            items.append(graded[spec.id])
        elif spec.id in kept:
            points = spec.points if spec.is_by_hand else kept[spec.id].points
            visibility = cast(Visibility, spec.visibility)
            items.append(
                replace(
                    kept[spec.id], title=spec.title, problem=spec.problem, points=points,
                    visibility=visibility, extra=spec.extra,
                )
            )  # fmt: skip
    score, possible = totals(items)
    record = replace(new, items=tuple(items), score=score, possible=possible)
    judged_in = {} if known is None else {
        item.id: known.judged_in.get(item.id, 0) for item in items if item.id not in graded
    }  # fmt: skip
    keys = {} if known is None else {
        item.id: known.keys[item.id] for item in items
        if item.id in known.keys and item.id not in graded
    }  # fmt: skip
    return Grading(record, "", "", "", keys, judged_in)


def with_keys(grading: Grading, graded: tuple[str, ...], keys: Mapping[str, str]) -> Grading:
    """Add the keys of the items that were graded now."""
    new = {item_id: keys[item_id] for item_id in graded if item_id in keys}
    return replace(grading, keys={**grading.keys, **new})


def _is_broken(item: ItemRecord | None) -> bool:
    return item is not None and item.status == "grader_error"
