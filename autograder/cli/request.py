"""What the command line asks of a grading."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from autograder.assignment import Assignment

if TYPE_CHECKING:
    from autograder.grading.seeding import Seeds


@dataclass(frozen=True)
class Request:
    """What `autograder grade` is asked; the words are those of its options."""

    assignment: Assignment
    wanted: tuple[str, ...]
    seed: int | None
    folder: Path
    given_mode: str | None
    insecure: bool
    full: bool
    jobs: int
    regrade: bool
    as_json: bool
    scheduler: str | None

    def seeds(self, recorded: Mapping[str, int] = MappingProxyType({})) -> "Seeds":
        """The seeds of the submissions, from the key of the results folder or as given.

        Args:
            recorded: by the hash of its content, the seed that a submission was graded with.

        Raises:
            AutograderError: the key cannot be used.
        """
        from autograder.grading.judge_process import wanted_of
        from autograder.grading.seeding import seeds_for

        return seeds_for(self.folder, wanted_of(self.assignment), self.seed, recorded)

    @property
    def secrets(self) -> list[str]:
        """What no worker may read: hidden tests and solutions, the key of the seeds."""
        from autograder.grading.isolation import secrets_of
        from autograder.grading.seeding import KEY_FILE

        return [*secrets_of(self.assignment), str((self.folder / KEY_FILE).absolute())]
