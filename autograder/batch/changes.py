"""List what a regrade has changed, submission by submission."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from autograder.results import ItemRecord
from autograder.results.gradings import Grading, Gradings
from autograder.text import one_line

SCHEMA = "autograder.regrade/1"


@dataclass(frozen=True)
class ItemChange:
    """An item whose score or status has changed; None where the item did not exist."""

    id: str
    before: ItemRecord | None
    after: ItemRecord | None


@dataclass(frozen=True)
class ScoreChange:
    """A submission that was graded again.

    Attributes:
        name: the submission's name.
        students: ids of those who have handed it in, as far as they are known.
        before: score and possible points before.
        after: the same now.
        items: the items that have changed; it may be empty.
    """

    name: str
    students: tuple[str, ...]
    before: tuple[float, float]
    after: tuple[float, float]
    items: tuple[ItemChange, ...]


def changes_since(gradings: Gradings, run: int) -> list[ScoreChange]:
    """Return what has changed in every submission that was graded again since a run began."""
    owners = {one.name: tuple(who["id"] for who in one.students) for one in gradings.hand_ins()}
    found = []
    for name in gradings.changed_since(run):
        before, after = gradings.latest(name, before_run=run), gradings.latest(name)
        if before is not None and after is not None:
            found.append(_change(before, after, owners.get(name, ())))
    return found


def document(assignment: str, changes: Iterable[ScoreChange]) -> dict[str, Any]:
    """Return the `autograder.regrade/1` document."""
    return {
        "schema": SCHEMA,
        "assignment": assignment,
        "submissions": [
            {
                "name": one_line(change.name),
                "students": list(change.students),
                "before": {"score": change.before[0], "possible": change.before[1]},
                "after": {"score": change.after[0], "possible": change.after[1]},
                "items": [
                    {"id": item.id, "before": _entry(item.before), "after": _entry(item.after)}
                    for item in change.items
                ],
            }
            for change in changes
        ],
    }


def lines(changes: Iterable[ScoreChange]) -> list[str]:
    """Return what to print: a line for each submission, and one for each item of it."""
    found = []
    for change in changes:
        if not change.items and change.before == change.after:
            continue
        found.append(
            f"{one_line(change.name)}: {change.before[0]:g} of {change.before[1]:g} -> "
            f"{change.after[0]:g} of {change.after[1]:g}"
        )
        found += [
            f"  {one.id}: {_words(one.before)} -> {_words(one.after)}" for one in change.items
        ]
    return found


def _change(before: Grading, after: Grading, students: tuple[str, ...]) -> ScoreChange:
    old = {item.id: item for item in before.record.items}
    new = {item.id: item for item in after.record.items}
    items = tuple(
        ItemChange(item_id, old.get(item_id), new.get(item_id))
        for item_id in dict.fromkeys((*old, *new))
        if _seen(old.get(item_id)) != _seen(new.get(item_id))
    )
    return ScoreChange(
        after.record.name,
        students,
        (before.record.score, before.record.possible),
        (after.record.score, after.record.possible),
        items,
    )


def _seen(item: ItemRecord | None) -> object:
    return item and (item.score, item.points, item.status)


def _entry(item: ItemRecord | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"score": item.score, "points": item.points, "status": item.status}


def _words(item: ItemRecord | None) -> str:
    return "not there" if item is None else f"{item.score:g} of {item.points:g} {item.status}"
