"""Compute how the points of a class are distributed."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.results.record import SubmissionRecord

BINS = 20


@dataclass(frozen=True)
class Distribution:
    """The points that tests have given to submissions.

    Attributes:
        possible: the points that tests can give, without extra credit.
        scores: the points of each submission, sorted.
        edges: the edges of the bins, one more than the number of bins, from 0 to `possible`, or to
            the highest score where extra credit has exceeded that.
        counts: submissions in each bin; a score on an edge belongs to the bin above, except on
            the last edge.
        figures: summary statistics by name: minimum, maximum, quartiles, mean, deviation.
    """

    possible: float
    scores: tuple[float, ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    figures: dict[str, float]


def distribution(records: Sequence[SubmissionRecord]) -> Distribution:
    """Return how the points by tests are distributed over at least one submission.

    Quartiles are numpy's (linear between neighbours: Hyndman and Fan's type 7); the standard
    deviation is that of a population, over N.
    """
    import numpy as np

    possible = max(record.possible for record in records)
    scores = np.sort(np.array([record.score for record in records]))
    highest = max(possible, float(scores[-1]))
    counts, edges = np.histogram(scores, bins=BINS, range=(0.0, highest or 1.0))
    low, first, median, third, high = np.percentile(scores, [0, 25, 50, 75, 100])
    figures = {
        "lowest": low, "first quartile": first, "median": median, "mean": scores.mean(),
        "third quartile": third, "highest": high, "standard deviation": scores.std(),
    }  # fmt: skip
    return Distribution(
        possible,
        tuple(map(float, scores)),
        tuple(map(float, edges)),
        tuple(map(int, counts)),
        {name: float(value) for name, value in figures.items()},
    )
