"""What the checks of a rubric have asked of the complete solution: hints, and limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What takes less of its tolerance is worked out, and does not vary by more than rounding.
_EXACT = 1e-3
THE_TRUTH = ""
"""In a pair of hints the place of the right value."""


@dataclass(frozen=True)
class HintPair:
    """Two hints of one check; the first may be `THE_TRUTH`.

    Attributes:
        first: a hint.
        second: another one.
        together: how often a check of the line had both.
        alike: how often they had the same value then, within the tolerance of the check.
    """

    first: str
    second: str
    together: int
    alike: int


@dataclass(frozen=True)
class CheckTrace:
    """What one line of the rubric has asked in one run of a test.

    Attributes:
        test: the test's name.
        place: the line, such as "test_area.py:12".
        word: the method of `check(...)`.
        hints: those that it may tell.
        pairs: those of them that had the same value at least once.
        margin: the smallest distance to the limit, negative where it was missed; None where the
            line has no limit.
        got: the value that had this margin.
        limit: the limit that it had to keep.
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
        """Whether it has a limit that other draws may come nearer to."""
        return self.margin is not None and (self.word != "close" or self.got > _EXACT)

    def tells_apart(self, first: str, second: str) -> bool:
        """Whether a check of the line has had both of two hints, with different values."""
        for pair in self.pairs:
            if (pair.first, pair.second) == (first, second):
                return pair.alike < pair.together
        return {first, second} <= {THE_TRUTH, *self.hints}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "CheckTrace":
        """Make it of what a judge has written, or an earlier audit."""
        pairs = (
            HintPair(**one) if isinstance(one, dict) else HintPair(*one) for one in values["pairs"]
        )
        return cls(**{**values, "hints": tuple(values["hints"]), "pairs": tuple(pairs)})


def read_asked(file: Path) -> dict[str, tuple[CheckTrace, ...]]:
    """Return, by items, what a judge has written; nothing where it did not get that far."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {item_id: tuple(map(CheckTrace.of, lines)) for item_id, lines in document.items()}
