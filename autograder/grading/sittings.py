"""In which order the tests of a submission run.

A test that has seen hidden inputs must not run before one whose words a student reads: the process
that it has run in could tell. An item with a worker of its own has its public tests first. Items of
one notebook are judged in branches of one process, which can leave each other notes, so all public
tests of all of them come before the first hidden one.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from autograder.assignment import Assignment, Item


def running_order(assignment: Assignment, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """The ids of the items whose tests run, with whether it is their hidden tests' turn."""
    items = [item for item in map(assignment.item, wanted) if item.kind == "auto"]
    order = [
        (item.id, hidden)
        for together in _judged_together(items)
        for hidden in (False, True)
        for item in together
    ]
    there = {(test.item, test.hidden) for test in assignment.tests}
    return [turn for turn in order if turn in there]


def sittings(order: Sequence[tuple[str, bool]]) -> list[str]:
    """The ids of the items in the order in which each of them gets a process."""
    return [item for item, _ in groupby(item for item, _ in order)]


def _judged_together(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Items of one notebook, in the place of the first of them; others by themselves."""
    seen: set[str] = set()
    for item in items:
        if not item.notebook:
            yield [item]
        elif item.notebook not in seen:
            seen.add(item.notebook)
            yield [one for one in items if one.notebook == item.notebook]
