"""Measure the value of each test: the mistakes and mutants that only it catches."""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.audit.findings import EntryVerdict
from autograder.audit.outcomes import ItemOutcome


@dataclass(frozen=True)
class Worth:
    """The mistakes and mutants that a test catches.

    Attributes:
        item: the item that it tests.
        name: its name.
        catches: the number of mistakes and mutants for which it fails.
        alone: the number of those for which no other test of its item fails.
        seconds: its duration for the complete solution.
    """

    item: str
    name: str
    catches: int
    alone: int
    seconds: float


def worth_of_tests(
    reference: dict[str, ItemOutcome], verdicts: Iterable[EntryVerdict]
) -> list[Worth]:
    """Return the value of each test of the rubric."""
    catches: dict[tuple[str, str], int] = {}
    alone: dict[tuple[str, str], int] = {}
    for it in verdicts:
        if it.trial.kind not in ("mistake", "mutant"):
            continue
        for item_id in it.lost:
            failed = [one.name for one in it.outcomes[item_id].tests if one.status != "passed"]
            for name in failed:
                catches[item_id, name] = catches.get((item_id, name), 0) + 1
                alone[item_id, name] = alone.get((item_id, name), 0) + (len(failed) == 1)
    return [
        Worth(
            item_id,
            test.name,
            catches.get((item_id, test.name), 0),
            alone.get((item_id, test.name), 0),
            test.seconds,
        )
        for item_id, outcome in reference.items()
        for test in outcome.tests
    ]
