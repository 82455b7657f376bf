"""Hold one submission that is to be graded: what is graded in it, and what is known so far."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.grading.config import GradingConfig
from autograder.grading.item_records import items_so_far
from autograder.grading.judge import submission_record
from autograder.results import ItemRecord, SubmissionRecord
from autograder.results.record import ItemStatus
from autograder.submission import Submission

SeedOf = Callable[[Submission], int]


@dataclass(frozen=True)
class GradingTask:
    """One submission that is to be graded.

    Attributes:
        config: what is graded in this submission.
        submission: the submission; its name is unique in the run.
        make: writes the submission's files immediately before it is graded.
        seed_of: returns the seed of the submission; None to use the seed of `config`.
        folder: a private folder of this submission; None until a judge gets the task.
        started: when grading began, on the clock of `time.monotonic`.
        items: the records of the items that have ended so far, by id.
    """

    config: GradingConfig
    submission: Submission
    make: Callable[[], None] = lambda: None
    seed_of: SeedOf | None = None
    folder: Path | None = None
    started: float = field(default_factory=time.monotonic, compare=False)
    items: dict[str, ItemRecord] = field(default_factory=dict, compare=False)

    def ready(self) -> "GradingTask":
        """Write the submission's files and compute its seed, immediately before it is graded.

        Both take some time for each submission, so they are not done for a whole class in advance.
        """
        self.make()
        config = self.config
        if self.seed_of is not None:
            config = replace(config, seed=self.seed_of(self.submission))
        return GradingTask(config, self.submission)

    def encode(self) -> bytes:
        """Return what a judge needs to know about this task; it has the rest since it was forked.

        JSON in ASCII can represent every path, including one that is not valid UTF-8.
        """
        config, submission = self.config, self.submission
        about = [submission.name, str(submission.path), _text(submission.place), config.wanted]
        places = [_text(config.results), _text(config.observed), _text(self.folder)]
        return json.dumps([*about, *places, config.seed]).encode()

    @classmethod
    def decode(cls, message: bytes, config: GradingConfig) -> "GradingTask":
        """Return the task in a message; `config` is what all tasks of a judge have in common."""
        name, path, place, wanted, results, observed, folder, seed = json.loads(message)
        config = replace(
            config,
            wanted=tuple(wanted),
            results=_path(results),
            observed=_path(observed),
            seed=seed,
        )
        submission = Submission(name, Path(path), _path(place))
        return cls(config, submission, folder=_path(folder))

    def ungraded(self, message: str, status: ItemStatus = "grader_error") -> SubmissionRecord:
        """Return the record of a submission whose grading ended early.

        Items that have ended keep their records.

        Args:
            message: why it ended.
            status: the status of the other items.
        """
        seconds = time.monotonic() - self.started
        config = self.config
        wanted = [item for item in config.assignment.items if item.id in config.wanted]
        items = items_so_far(wanted, self.items, message, status)
        return submission_record(
            self.submission.name, items, config.seed, seconds, config.isolation
        )


def shared_part(config: GradingConfig) -> GradingConfig:
    """Return a configuration without what a message to a judge sets for each submission."""
    return replace(config, wanted=(), results=None, seed=0, observed=None)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
