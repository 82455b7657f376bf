"""Open the places where hand-ins lie."""

import os
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.export import Export
from autograder.intake.folder_export import FolderShelf
from autograder.intake.zip_export import ZipShelf
from autograder.submission.archives import open_file
from autograder.submission.entries import Limits, SubmissionError

# An export of 5,000 submissions with 100 files each; names may be as long as file systems allow.
_LIMITS = Limits(
    listed=2_000_000,
    index_bytes=512_000_000,
    unpacked_bytes=20_000_000_000,
    ratio=1_000,
    any_kind=True,
)


def open_shelf(place: Path, workspace: Path) -> Export:
    """Open a folder or a zip.

    Args:
        place: the folder or zip.
        workspace: an empty private folder, for what is fetched out of a zip.

    Raises:
        UsageError: it is neither, or cannot be read.
    """
    if place.is_dir():
        return FolderShelf(place, workspace)
    if not place.is_file():
        raise UsageError(
            "nothing is there", str(place), "give --from a folder of submissions, or a zip of one"
        )
    try:
        source = open_file(os.open(place, os.O_RDONLY | os.O_CLOEXEC), "", _LIMITS)
        return ZipShelf(str(place), source, source.entries(), (), workspace)
    except (OSError, SubmissionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
        raise UsageError(
            f"cannot read the submissions ({reason})", str(place),
            "give --from a folder, or a zip that holds one folder or zip per submission",
        ) from None  # fmt: skip
