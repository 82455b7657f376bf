"""Which submissions a command line names; what a class has handed in is found by `intake`."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.kinds import stem_of
from autograder.submission.names import distinct_names


@dataclass(frozen=True)
class Submission:
    """One submission as it lies on disk, not yet opened.

    Attributes:
        name: its folder's name or its zip's stem, made safe and distinct from all others.
        path: the folder or zip; it may not exist, and then collecting it says so.
        place: the folder with all submissions that a person named, where `path` lies in one: no
            step from there to `path` may be a link. None where a person named `path` itself.
    """

    name: str
    path: Path
    place: Path | None = None


def find_submissions(paths: Iterable[Path | str]) -> list[Submission]:
    """Return the submissions at `paths`, under names that differ."""
    found = [Path(path) for path in paths]
    names = distinct_names(_own_name(path) for path in found)
    return [Submission(name, path) for name, path in zip(names, found, strict=True)]


def _own_name(path: Path) -> str:
    name = os.path.basename(os.path.abspath(path))  # "." and "work/" have names as well
    return name if path.is_dir() else stem_of(name)
