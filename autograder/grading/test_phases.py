"""Judge: determine the order in which the tests of a submission run.

An item has a public phase, with its public tests, and a hidden phase. All public phases come before
the first hidden one, over all packages and notebooks. A process that has seen hidden inputs could
pass them to processes that run after it or at the same time: through the process from which both
were forked, through which parts of the library's files the kernel keeps in memory, or through
process ids, which count up. So hidden inputs reach a process only after all tests whose messages a
student reads have run.

Items with the same needs are judged in forks of one worker (submission_worker.py), so their phases
are consecutive. An item comes after the items that it builds on, whose faults it follows
(rubric/carried.py).
"""

from collections.abc import Iterator, Sequence

from autograder.assignment import Assignment, Item, RubricTest
from autograder.assignment.spec import CodeRules

TestPhase = tuple[str, bool]
"""The id of an item, and whether it is its hidden phase."""


def phase_of(test: RubricTest) -> TestPhase:
    """Return the phase in which a test runs."""
    return test.item, test.hidden


def running_order(assignment: Assignment, wanted: Sequence[str]) -> list[TestPhase]:
    """Return the phases of the items whose tests run: the wanted ones and their foundations."""
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


def worker_name(item: Item) -> str:
    """Return the name of the worker that judges an item: its notebook's name, or its needs.

    Items with their own rules for student code get a worker with those rules.
    """
    name = item.notebook or " ".join(sorted(item.needs))
    return name if item.rules == CodeRules() else f"{name} by {item.rules}"


def _judged_together(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield groups of items that are judged in forks of one worker, ordered by their first items.

    An item that builds on an item of another worker waits until that item has been judged.
    """
    left = list(items)
    while left:
        waiting = {item.id for item in left}
        together: list[Item] = []
        for item in left:
            if worker_name(item) == worker_name(left[0]) and waiting.isdisjoint(item.builds_on):
                together.append(item)
                waiting.discard(item.id)
        yield together
        left = [item for item in left if item.id in waiting]
