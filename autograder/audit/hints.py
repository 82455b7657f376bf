"""Find hints that students cannot get: two hints with one value, and hints never shown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.audit.asked import THE_TRUTH, CheckTrace
from autograder.audit.findings import EntryVerdict, Finding
from autograder.audit.outcomes import ItemOutcome


@dataclass(frozen=True)
class Hint:
    """One hint of the rubric.

    Attributes:
        item: id of the item.
        place: the line of its check, such as "test_area.py:12".
        text: what the student would read.
        is_told: whether a mistake or a mutant got it.
    """

    item: str
    place: str
    text: str
    is_told: bool


def of_ambiguous_hints(
    assignment: Assignment, draws: Mapping[str, Mapping[str, ItemOutcome]]
) -> Iterator[Finding]:
    """Yield the hints of one line that have equal values in a draw, or the right value.

    A line may check several times, in a loop or from several tests: then one check with different
    values suffices.
    """
    found: dict[tuple[str, str, str], int] = {}
    asked: dict[str, int] = {}
    for outcomes in draws.values():
        places: dict[str, list[CheckTrace]] = {}
        for outcome in outcomes.values():
            for line in outcome.asked:
                places.setdefault(line.place, []).append(line)
        for place, lines in places.items():
            asked[place] = asked.get(place, 0) + 1
            for first, second in _never_told(lines):
                found[place, first, second] = found.get((place, first, second), 0) + 1
    folder = assignment.show(assignment.rubric_folder)
    for (place, first, second), number in sorted(found.items()):
        if first == THE_TRUTH:
            words = f"{second!r} has the right value"
        else:
            words = f"{first!r} and {second!r} have the same value"
        share = f"in {number} of {asked[place]} draws" if asked[place] > 1 else "for these inputs"
        yield Finding("ambiguous", f"{folder}/{place}", f"{words} {share}")


def _never_told(lines: list[CheckTrace]) -> set[tuple[str, str]]:
    """Return the pairs of hints of one line that none of its checks distinguishes."""
    pairs = {(one.first, one.second) for line in lines for one in line.pairs}
    never = {pair for pair in pairs if not any(line.tells_apart(*pair) for line in lines)}
    right = {second for first, second in never if first == THE_TRUTH}
    # Two hints that both have the right value need not be distinguished from each other.
    return {pair for pair in never if not right.issuperset(pair)}


def hints_of(reference: Mapping[str, ItemOutcome], verdicts: Iterable[EntryVerdict]) -> list[Hint]:
    """Return the hints of the checks that the complete solution has reached.

    Args:
        reference: the outcomes of the complete solution.
        verdicts: the verdicts of mistakes and mutants.
    """
    shown: dict[str, list[str]] = {}
    for it in verdicts:
        if it.trial.kind in ("mistake", "mutant"):
            for item_id, outcome in it.outcomes.items():
                shown.setdefault(item_id, []).append(outcome.message)
    messages = {item_id: "\n".join(several) for item_id, several in shown.items()}
    seen = {
        (item_id, line.place, hint): f"hint: {hint}" in messages.get(item_id, "")
        for item_id, outcome in reference.items()
        for line in outcome.asked
        for hint in line.hints
    }
    return [Hint(*key, is_told) for key, is_told in seen.items()]
