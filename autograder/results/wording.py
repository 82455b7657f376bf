"""Define the words for an item's status, in one place for terminal, Gradescope and reports."""

from typing import Final

from autograder.results.record import ItemStatus

STATUS_WORD: Final[dict[ItemStatus, str]] = {
    "passed": "passed",
    "partial": "partial",
    "failed": "failed",
    "not_attempted": "untried",
    "timeout": "timeout",
    "crashed": "crashed",
    "grader_error": "ungraded",
    "awaiting_manual": "manual",
}
"""One word, so short that four submissions fit side by side on 80 columns."""

STATUS_SENTENCE: Final[dict[ItemStatus, str]] = {
    "passed": "All checks passed.",
    "partial": "Some of the checks passed.",
    "failed": "The checks found a mistake.",
    "not_attempted": "Not attempted yet.",
    "timeout": "Your code took longer than this item allows.",
    "crashed": "Your code ended the process that ran it.",
    "grader_error": (
        "This item could not be graded because of an error in the grader. "
        "It is not your mistake; your instructors will grade it again."
    ),
    "awaiting_manual": "A person grades this part; it is not in the score yet.",
}
"""What a student reads if the judge has given no more precise message."""

UNREAD: Final = "Nothing of the submission could be read."
"""The notice in the record of a submission that was handed in but could not be opened."""
