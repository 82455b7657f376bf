"""Find the submissions that a command line names; `intake` finds those of a class."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.submission.kinds import stem_of
from autograder.submission.names import distinct_names


@dataclass(frozen=True)
class Submission:
    """One submission on disk, not yet opened.

    Attributes:
        name: the name of its folder or the stem of its zip, made safe and unique.
        path: the folder or zip; if it does not exist, collecting it reports that.
        place: the folder of submissions given on the command line, if `path` lies in one: no step
            from there to `path` may be a link. None if `path` itself was given.
    """

    name: str
    path: Path
    place: Path | None = None


def find_submissions(paths: Iterable[Path | str]) -> list[Submission]:
    """Return the submissions at `paths`, under distinct names."""
    found = [Path(path) for path in paths]
    names = distinct_names(_own_name(path) for path in found)
    return [Submission(name, path) for name, path in zip(names, found, strict=True)]


def _own_name(path: Path) -> str:
    name = os.path.basename(os.path.abspath(path))  # "." and "work/" have names as well
    return name if path.is_dir() else stem_of(name)
