"""What the command line asks of a grading."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment import Assignment


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

    def any_seed(self) -> int:
        """The seed that was given, or else a new one."""
        return secrets.randbits(48) if self.seed is None else self.seed
