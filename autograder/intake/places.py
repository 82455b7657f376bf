"""Open the places where hand-ins lie."""

from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.folder_shelf import FolderShelf
from autograder.intake.shelf import Shelf
from autograder.intake.zip_shelf import ZipShelf
from autograder.submission.entries import Limits, SubmissionError
from autograder.submission.unpack import ZipSource

# An export of 5,000 submissions with 100 files each; names may be as long as file systems allow.
_LIMITS = Limits(listed=2_000_000, index_bytes=512_000_000, depth=40, name_bytes=255)


def open_shelf(place: Path, workspace: Path) -> Shelf:
    """Open a folder or a zip.

    Args:
        place: the folder or zip.
        workspace: an empty private folder, for what is fetched out of a zip.

    Raises:
        UsageError: it is neither, or cannot be read.
    """
    if place.is_dir():
        return FolderShelf(place)
    if not place.is_file():
        raise UsageError(
            "nothing is there", str(place), "give --from a folder of submissions, or a zip of one"
        )
    try:
        source = ZipSource(place, _LIMITS)
        return ZipShelf(str(place), source, source.entries(), (), workspace)
    except SubmissionError as error:
        raise UsageError(
            f"cannot read the submissions ({str(error).rstrip('.')})", str(place),
            "give --from a folder, or a zip that holds one folder or zip per submission",
        ) from None  # fmt: skip
