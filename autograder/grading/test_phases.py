"""In which order the tests of a submission run.

All public tests come before the first hidden one, over all packages and notebooks. Whatever has
seen hidden inputs could leave them for what runs after it or beside it: in the process that both
were forked from, in what the kernel keeps in memory of the library's files, in numbers of processes
that count up. So no process has seen a hidden input as long as a test may run whose words a student
reads. Besides, items that need the same are judged in branches of one process (loaded_worker.py),
so their turns follow each other. An item comes after those that it builds on, whose faults it
follows (rubric/carried.py).
"""

from collections.abc import Iterator, Sequence

from autograder.assignment import Assignment, Item
from autograder.assignment.spec import CodeRules

TestPhase = tuple[str, bool]
"""The id of an item, and whether it is its hidden tests' turn."""


def running_order(assignment: Assignment, wanted: Sequence[str]) -> list[TestPhase]:
    """The turns of the items whose tests run: those wanted, and those that they build on."""
    needed = assignment.with_foundations(wanted)
    items = [item for item in assignment.auto_items if item.id in needed]
    order = [
        (item.id, hidden)
        for hidden in (False, True)
        for together in _judged_together(items)
        for item in together
    ]
    there = {(test.item, test.hidden) for test in assignment.tests}
    return [turn for turn in order if turn in there]


def judged_by(item: Item) -> str:
    """What an item's process is branched from: the name of a notebook, or of what it needs.

    Items that have rules of their own for student code come from a process of those rules.
    """
    name = item.notebook or " ".join(sorted(item.needs))
    return name if item.rules == CodeRules() else f"{name} by {item.rules}"


def _judged_together(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Items that are judged in branches of one process, in the place of the first of them.

    What builds on an item of another process waits until that has had its turn.
    """
    left = list(items)
    while left:
        waiting = {item.id for item in left}
        together: list[Item] = []
        for item in left:
            if judged_by(item) == judged_by(left[0]) and waiting.isdisjoint(item.builds_on):
                together.append(item)
                waiting.discard(item.id)
        yield together
        left = [item for item in left if item.id in waiting]
