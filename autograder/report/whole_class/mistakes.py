"""Count what went wrong most often, by the hints that the checks gave."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from autograder.report.messages import read_message
from autograder.results.record import SubmissionRecord, TestRecord
from autograder.results.wording import STATUS_WORD

SHOWN = 40
_MISTAKEN = ("failed", "timeout", "crashed")
_RAISED = re.compile(r" raised (\w+)")


@dataclass(frozen=True)
class Mistake:
    """A mistake that several submissions share.

    Attributes:
        item: the item's id.
        words: the hint; without a hint, which test failed and how.
        is_hint: whether `words` is a hint.
        submissions: how many submissions made it.
    """

    item: str
    words: str
    is_hint: bool
    submissions: int


def frequent_mistakes(records: Iterable[SubmissionRecord]) -> list[Mistake]:
    """Return the mistakes of a class, the most frequent first; each counts once per submission.

    Where a submission got a hint for an item, its other failed tests of that item are not listed:
    they most likely fail for the same reason.
    """
    made: dict[tuple[str, str, bool], set[str]] = {}
    for record in records:
        for item in record.items:
            reasons = {_words(test) for test in item.tests if test.status in _MISTAKEN}
            hints = {(words, is_hint) for words, is_hint in reasons if is_hint}
            for words, is_hint in hints or reasons:
                made.setdefault((item.id, words, is_hint), set()).add(record.name)
    mistakes = [Mistake(*key, len(names)) for key, names in made.items()]
    return sorted(
        mistakes, key=lambda one: (-one.submissions, not one.is_hint, one.item, one.words)
    )


def hints_share(mistakes: Sequence[Mistake]) -> float:
    """Return the share of all mistakes for which a hint was given."""
    total = sum(mistake.submissions for mistake in mistakes)
    return sum(one.submissions for one in mistakes if one.is_hint) / total if total else 0.0


def _words(test: TestRecord) -> tuple[str, bool]:
    hint = read_message(test.message).hint
    if hint:
        return hint, True
    raised = _RAISED.search(test.message)
    how = f"raised {raised[1]}" if raised and test.status == "failed" else STATUS_WORD[test.status]
    return f"{(test.title or test.name).removesuffix('.')}: {how}", False
