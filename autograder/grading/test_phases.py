"""Judge: in which order the tests of a submission run.

An item has a public phase, with its public tests, and a hidden phase. All public phases come before
the first hidden one, over all packages and notebooks. Whatever has seen hidden inputs could leave
them for what runs after it or at the same time: in the process that both were forked from, in what
the kernel keeps in memory of the library's files, in process ids, which count up. So no process has
seen a hidden input as long as a test may run whose messages a student reads.

Items with the same needs are judged in forks of one worker (submission_worker.py), so their phases
follow each other. An item comes after those that it builds on, whose faults it follows
(rubric/carried.py).
"""

from collections.abc import Iterator, Sequence

from autograder.assignment import Assignment, Item, RubricTest
from autograder.assignment.spec import CodeRules

TestPhase = tuple[str, bool]
"""The id of an item, and whether it is its hidden phase."""


def phase_of(test: RubricTest) -> TestPhase:
    """The phase in which a test runs."""
    return test.item, test.hidden


def running_order(assignment: Assignment, wanted: Sequence[str]) -> list[TestPhase]:
    """The phases of the items whose tests run: those wanted, and those that they build on."""
    needed = assignment.with_foundations(wanted)
    items = [item for item in assignment.auto_items if item.id in needed]
    order = [
        (item.id, hidden)
        for hidden in (False, True)
        for together in _judged_together(items)
        for item in together
    ]
    with_tests = set(map(phase_of, assignment.tests))
    return [phase for phase in order if phase in with_tests]


def judged_by(item: Item) -> str:
    """The worker that an item's process is forked from: the name of a notebook, or what it needs.

    Items that have rules of their own for student code get a worker with those rules.
    """
    name = item.notebook or " ".join(sorted(item.needs))
    return name if item.rules == CodeRules() else f"{name} by {item.rules}"


def _judged_together(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Groups of items that are judged in forks of one worker, in the place of their first item.

    What builds on an item of another worker waits until that item has been judged.
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
