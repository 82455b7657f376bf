"""Measure how far the complete solution is from the rubric's limits, over many draws.

A limit is that of `above`, `below`, `at_least` or `at_most`, or the tolerance of a `close` of which
a right value takes part, such as six standard errors. In each draw the closest value counts.

A limit is too close if the worst draw is closer to it than the spread of the draws. Of 30 normal
draws the best and the worst are four standard deviations apart, and the worst is two from the mean:
so a limit is at least six from the mean, and is missed once in 10⁹. Sizes, which are positive, may
keep the same distance in ratios instead of differences: a size of 0.7 to 1.3 is far from 0.1. A
tolerance is too close if more than two thirds of it are used: of six standard errors that is four,
one in 16,000.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from autograder.assignment import Assignment
from autograder.audit.asked import CheckTrace
from autograder.audit.findings import Finding
from autograder.audit.outcomes import ItemOutcome

TOLERANCE_TAKEN_AT_MOST = 2 / 3

Draws = Mapping[str, Mapping[str, ItemOutcome]]


@dataclass(frozen=True)
class Limit:
    """One limit of the rubric, and the values closest to it.

    Attributes:
        item: id of the item.
        test: the test's name.
        place: the line, such as "test_area.py:12".
        word: the method of `check(...)`.
        limit: the limit; of `close` 1, the whole tolerance.
        worst: the value closest to it; of `close` the share of the tolerance.
        margin: its distance from the limit; negative if it was missed.
        best: the value furthest away.
        spread: how much further that is away than the worst.
        draws: the number of draws.
    """

    item: str
    test: str
    place: str
    word: str
    limit: float
    worst: float
    margin: float
    best: float
    spread: float
    draws: int

    @property
    def is_near(self) -> bool:
        """Whether a correct solution may miss it."""
        if self.word == "close":
            return self.worst > TOLERANCE_TAKEN_AT_MOST
        return self.margin < self.spread and not self._is_far_by_ratio

    @property
    def _is_far_by_ratio(self) -> bool:
        if self.margin <= 0 or self.limit < 0 or min(self.worst, self.best) <= 0:
            return False
        away = math.inf if not self.limit else abs(math.log(self.worst / self.limit))
        return away >= abs(math.log(self.best / self.worst))


def limits_of(draws: Draws) -> list[Limit]:
    """Return the limits of a rubric, the most critical ones first.

    Args:
        draws: for each draw, the outcomes of the complete solution's items.
    """
    lines: dict[tuple[str, str, str, str], list[CheckTrace]] = {}
    for outcomes in draws.values():
        for item_id, outcome in outcomes.items():
            for line in outcome.asked:
                if line.margin is not None:
                    key = (item_id, line.test.partition("[")[0], line.place, line.word)
                    lines.setdefault(key, []).append(line)
    found = [
        _limit(key, several)
        for key, several in lines.items()
        if any(line.is_limit for line in several)
    ]
    return sorted(found, key=lambda one: (not one.is_near, one.item, one.place))


def of_limits(assignment: Assignment, limits: list[Limit]) -> Iterator[Finding]:
    """Yield the limits that are too close."""
    for one in limits:
        if one.is_near:
            place = f"{assignment.show(assignment.rubric_folder)}/{one.place}"
            yield Finding("limit", place, f"{one.item}, {one.test}: {_words(one)}")


def of_draws(draws: Draws) -> Iterator[Finding]:
    """Yield the items that the complete solution loses with inputs other than the first."""
    lost: dict[str, list[str]] = {}
    for name, outcomes in draws.items():
        for item_id, outcome in outcomes.items():
            if outcome.status == "grader_error":
                first = outcome.message.partition("\n")[0]
                yield Finding("broken", name, f"{item_id}: {first}")
            elif not outcome.is_full:
                first = outcome.message.partition("\n")[0]
                lost.setdefault(item_id, []).append(first or outcome.status)
    for item_id, messages in lost.items():
        words = f"in {len(messages)} of {len(draws)} draws; the first: {messages[0]}"
        yield Finding("drawn", item_id, words)


def _limit(key: tuple[str, str, str, str], lines: list[CheckTrace]) -> Limit:
    worst, best = min(lines, key=_margin), max(lines, key=_margin)
    margin = _margin(worst)
    spread = _margin(best) - margin
    return Limit(*key, worst.limit, worst.got, margin, best.got, spread, len(lines))


def _margin(line: CheckTrace) -> float:
    assert line.margin is not None  # lines without a limit were left out
    return line.margin


def _words(one: Limit) -> str:
    if one.word == "close":
        return f"{one.worst:.0%} of the tolerance are taken in the worst of {one.draws} draws"
    word = one.word.replace("_", " ")
    return (
        f"{word} {one.limit:g}, and the worst of {one.draws} draws is {one.worst:g}; "
        f"that is {one.margin:.3g} away, and the draws are {one.spread:.3g} apart"
    )
