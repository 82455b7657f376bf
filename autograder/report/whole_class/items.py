"""Compute how difficult each item is, how well it distinguishes students, and its time."""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.results.record import ItemRecord, SubmissionRecord

if TYPE_CHECKING:
    import numpy as np

FEW = 30
"""With fewer submissions, a correlation says little."""
LOW_DISCRIMINATION = 0.2
HARD, EASY = 0.3, 0.95


@dataclass(frozen=True)
class ItemStatistics:
    """The results of a class in an item that tests score.

    Attributes:
        id: the item's id.
        title: what it asks for.
        points: what it is worth.
        submissions: how many were scored in it.
        share: the mean of score / points, from 0 to 1: the higher, the easier.
        discrimination: see `corrected_item_total`; None where it is not defined.
        statuses: how many submissions ended in each status.
        seconds: time of all its tests together, for each submission, sorted.
        remark: what an instructor should notice, "" for nothing.
    """

    id: str
    title: str
    points: float
    submissions: int
    share: float
    discrimination: float | None
    statuses: Counter[str]
    seconds: tuple[float, ...]
    remark: str

    @property
    def median_seconds(self) -> float:
        """The time that half of the submissions did not exceed."""
        return _quantile(self.seconds, 0.5)

    @property
    def slow_seconds(self) -> float:
        """The time that nine of ten submissions did not exceed."""
        return _quantile(self.seconds, 0.9)


def item_statistics(records: Sequence[SubmissionRecord]) -> list[ItemStatistics]:
    """Return the statistics of every item that tests score, in the order of the records."""
    by_item: dict[str, list[tuple[SubmissionRecord, ItemRecord]]] = {}
    for record in records:
        for item in record.items:
            if item.status != "awaiting_manual":
                by_item.setdefault(item.id, []).append((record, item))
    # A total without the score of an item in which the grader failed cannot be compared.
    whole = {
        record.name
        for record in records
        if all(item.status != "grader_error" for item in record.items)
    }
    return [_statistics(pairs, whole) for pairs in by_item.values()]


def corrected_item_total(scores: "np.ndarray", totals: "np.ndarray") -> float | None:
    """Return the correlation of an item's scores with the totals of all other items.

        r = cov(x, t - x) / (s(x) s(t - x))

    Pearson's r, with the item removed from the total: an item correlates with itself, and in a
    short test that alone would make it look good. For an item that is either right or wrong it is
    the point-biserial correlation of the two groups.

    Source: S. Henrysson, "Correction of item-total correlations in item analysis", Psychometrika
    28 (1963), 211-218; L. Crocker and J. Algina, "Introduction to Classical and Modern Test Theory"
    (1986), chapter 14.

    Args:
        scores: x, of the item, (N,), one for each submission.
        totals: t, of all items, (N,).

    Returns:
        From -1 to 1; None where the item or the rest is the same for all submissions.
    """
    import numpy as np

    rest = totals - scores
    if len(scores) < 2 or np.ptp(scores) < 1e-9 or np.ptp(rest) < 1e-9:
        return None
    return float(np.corrcoef(scores, rest)[0, 1])


def _statistics(
    pairs: list[tuple[SubmissionRecord, ItemRecord]], whole: Collection[str]
) -> ItemStatistics:
    import numpy as np

    item = pairs[0][1]
    scored = [(record, one) for record, one in pairs if one.status != "grader_error"]
    scores = np.array([one.score for _, one in scored])
    has_total = np.array([record.name in whole for record, _ in scored], dtype=bool)
    totals = np.array([record.score for record, _ in scored])
    share = float(scores.mean()) / item.points if len(scores) and item.points else math.nan
    discrimination = corrected_item_total(scores[has_total], totals[has_total])
    seconds = sorted(math.fsum(test.seconds for test in one.tests) for _, one in pairs if one.tests)
    return ItemStatistics(
        item.id,
        item.title,
        item.points,
        len(scored),
        share,
        discrimination,
        Counter(one.status for _, one in pairs),
        tuple(seconds),
        _remark(item.extra, share, discrimination, len(scored)),
    )


def _remark(extra: bool, share: float, discrimination: float | None, submissions: int) -> str:
    words = ["extra credit"] if extra else []
    if share < HARD:
        words.append("hard")
    if share > EASY:
        words.append("easy")
    if discrimination is not None and submissions >= FEW:
        if discrimination < 0:
            words.append("stronger students lose it: look at the test")
        elif discrimination < LOW_DISCRIMINATION:
            words.append("hardly distinguishes students")
    return ", ".join(words)


def _quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the sorted values does not exceed."""
    return values[max(math.ceil(share * len(values)) - 1, 0)] if values else math.nan
