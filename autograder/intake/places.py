"""Open folders and zips of submissions."""

import os
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.export import Export
from autograder.intake.folder_export import FolderExport
from autograder.intake.zip_export import ZipExport
from autograder.submission.archives import open_file
from autograder.submission.entries import Limits, SubmissionError

# For 5,000 submissions with 100 files each; names may be as long as file systems allow.
_LIMITS = Limits(
    listed=2_000_000,
    index_bytes=512_000_000,
    unpacked_bytes=20_000_000_000,
    ratio=1_000,
    any_kind=True,
)


def open_export(place: Path, workspace: Path) -> Export:
    """Open a folder or a zip.

    Args:
        place: the folder or zip.
        workspace: an empty private folder, for files extracted from a zip.

    Raises:
        UsageError: it is neither, or it cannot be read.
    """
    if place.is_dir():
        return FolderExport(place, workspace)
    if not place.is_file():
        raise UsageError(
            "no such file or folder", str(place), "give --from a folder or zip of submissions"
        )
    try:
        source = open_file(os.open(place, os.O_RDONLY | os.O_CLOEXEC), "", _LIMITS)
        return ZipExport(str(place), source, source.entries(), (), workspace)
    except (OSError, SubmissionError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
        raise UsageError(
            f"cannot read the submissions ({reason})", str(place),
            "give --from a folder or zip with one folder or zip per submission",
        ) from None  # fmt: skip
