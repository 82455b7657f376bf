"""Which submissions a command line means: the PATHs it names and the folder after `--from`."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.submission.names import distinct_names


@dataclass(frozen=True)
class Submission:
    """One submission as it lies on disk, not yet opened.

    Attributes:
        name: its folder's name or its zip's stem, made safe and distinct from all others.
        path: the folder or zip; it may not exist, and then collecting it says so.
    """

    name: str
    path: Path


def find_submissions(
    paths: Iterable[Path | str], from_folder: Path | str | None = None
) -> list[Submission]:
    """Return the submissions at `paths`, then those in `from_folder` sorted by name.

    Raises:
        UsageError: `from_folder` is not a folder that can be read.
    """
    found = [Path(path) for path in paths]
    if from_folder is not None:
        found += _submissions_in(Path(from_folder))
    names = distinct_names(_own_name(path) for path in found)
    return [Submission(name, path) for name, path in zip(names, found, strict=True)]


def _submissions_in(folder: Path) -> list[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise UsageError(
            f"cannot read the folder of submissions ({error.strerror})",
            str(folder),
            "give --from a folder that holds one folder or zip per submission",
        ) from None
    return [entry for entry in entries if _is_submission(entry)]


def _is_submission(entry: Path) -> bool:
    if entry.name.startswith(".") or entry.name == "__MACOSX":
        return False
    return entry.is_dir() or entry.suffix.casefold() == ".zip"


def _own_name(path: Path) -> str:
    name = os.path.basename(os.path.abspath(path))  # "." and "work/" have names as well
    if name.casefold().endswith(".zip") and not path.is_dir():
        return name[: -len(".zip")]
    return name
