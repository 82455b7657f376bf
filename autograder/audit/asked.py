"""Read the trace of the checks made on the complete solution: their hints and limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Values that take less of their tolerance are computed exactly and vary only by rounding.
_EXACT = 1e-3
THE_TRUTH = ""
"""Marks the right value in a pair of hints."""


@dataclass(frozen=True)
class HintPair:
    """Two hints of one check; the first may be `THE_TRUTH`.

    Attributes:
        first: a hint.
        second: another hint.
        together: how often a check of the line had both.
        alike: how often they had the same value, within the tolerance of the check.
    """

    first: str
    second: str
    together: int
    alike: int


@dataclass(frozen=True)
class CheckTrace:
    """The checks made by one line of the rubric in one run of a test.

    Attributes:
        test: the test's name.
        place: the line, such as "test_area.py:12".
        word: the method of `check(...)`.
        hints: the hints that it may show.
        pairs: the pairs of hints that had the same value at least once.
        margin: the smallest distance to the limit, negative if it was missed; None if the line
            has no limit.
        got: the value that had this margin.
        limit: the limit that applied to it.
    """

    test: str
    place: str
    word: str
    hints: tuple[str, ...]
    pairs: tuple[HintPair, ...]
    margin: float | None
    got: float
    limit: float

    @property
    def is_limit(self) -> bool:
        """Whether it has a limit that other draws may come closer to."""
        return self.margin is not None and (self.word != "close" or self.got > _EXACT)

    def tells_apart(self, first: str, second: str) -> bool:
        """Return whether a check of the line had both hints with different values."""
        for pair in self.pairs:
            if (pair.first, pair.second) == (first, second):
                return pair.alike < pair.together
        return {first, second} <= {THE_TRUTH, *self.hints}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "CheckTrace":
        """Create it from what a judge or an earlier audit has written."""
        pairs = (
            HintPair(**one) if isinstance(one, dict) else HintPair(*one) for one in values["pairs"]
        )
        return cls(**{**values, "hints": tuple(values["hints"]), "pairs": tuple(pairs)})


def read_asked(file: Path) -> dict[str, tuple[CheckTrace, ...]]:
    """Return what a judge has written, by item; empty if it did not get that far."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {item_id: tuple(map(CheckTrace.of, lines)) for item_id, lines in document.items()}
