"""Make the seed of a submission on Gradescope: the number that all its random inputs come from.

A student may get to see it there, because the results contain it; with the source of a hidden test,
its inputs could be computed from the seed. A seed is therefore good for one submission only, whose
files cannot change any more: it is a keyed hash of the submission's number. The key is drawn when
the grader is installed and never leaves that machine. Running the grader again over the same
submission, in the same installation, draws the same inputs.
"""

from dataclasses import dataclass
from pathlib import Path

from autograder.errors import AutograderError
from autograder.grading.seeding import keep_key, random_seed, read_key


@dataclass(frozen=True)
class Seed:
    """The number, and where it comes from, in words for the instructor."""

    number: int
    origin: str


def make_key(source: Path) -> None:
    """Draw the key of this installation, unless it has one.

    Raises:
        AutograderError: it cannot be kept.
    """
    keep_key(source)


def seed_of(source: Path, submission: str) -> Seed:
    """Return the seed of a submission, a new one if it has no number or the key is missing.

    Args:
        source: the folder that holds the key.
        submission: the number that Gradescope has given to it.
    """
    try:
        key = read_key(source) if submission else None
    except AutograderError:
        key = None
    if key is None:
        return Seed(random_seed(), "drawn for this run alone")
    number = key.submission_seed(submission)
    return Seed(number, "this installation's key and the submission's number")
