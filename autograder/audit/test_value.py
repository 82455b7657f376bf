"""What each test of the rubric is worth: which mistakes and mutants only it catches."""

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.audit.findings import EntryVerdict
from autograder.audit.outcomes import ItemOutcome


@dataclass(frozen=True)
class Worth:
    """What a test has caught.

    Attributes:
        item: the item that it is a test of.
        name: its name.
        catches: the number of mistakes and mutants that it fails for.
        alone: the number of those that no other test of its item fails for.
        seconds: how long it takes for the complete solution.
    """

    item: str
    name: str
    catches: int
    alone: int
    seconds: float


def worth_of_tests(
    reference: dict[str, ItemOutcome], verdicts: Iterable[EntryVerdict]
) -> list[Worth]:
    """Return what each test of the rubric is worth."""
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
