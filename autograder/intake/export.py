"""Describe an export: a folder or zip of submissions, and its top-level entries.

Names in an export contain text that students typed, so they are not trusted, and links are never
followed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.errors import UsageError
from autograder.submission.kinds import closed_archive, is_archive, is_loose, stem_of

TEXT_BYTES = 200_000_000
"""Maximum size of a file that is read as metadata."""


@dataclass(frozen=True)
class ExportEntry:
    """A folder or file at the top level of an export.

    Attributes:
        name: its name in the export.
        is_folder: whether it is a folder.
        path: where it is, or will be once it is fetched.
        is_link: whether it is a symbolic link, which is never followed.
        files: paths of the plain files in the folder, at most two levels deep; clutter is left out.
        place: the folder below which no step to `path` may be a link; None if we created `path`.
        fetch: creates it at `path`.
        drop: removes what `fetch` created.
    """

    name: str
    is_folder: bool
    path: Path
    is_link: bool = False
    files: tuple[tuple[str, ...], ...] = ()
    place: Path | None = None
    fetch: Callable[[], None] = lambda: None
    drop: Callable[[], None] = lambda: None

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive that can be opened, by its name."""
        return not self.is_folder and is_archive(self.name)

    @property
    def closed(self) -> str:
        """The kind of archive, if it is one that cannot be opened; else ""."""
        return "" if self.is_folder else closed_archive(self.name)

    @property
    def is_hand_in(self) -> bool:
        """Whether it can be graded, or is a link or closed archive in a submission's place."""
        is_file = self.is_archive or is_loose(self.name) or bool(self.closed)
        return self.is_folder or self.is_link or is_file

    @property
    def stem(self) -> str:
        """Its name without the suffix of an archive, a notebook or a module."""
        return self.name if self.is_folder else stem_of(self.name)


class Export(Protocol):
    """A folder or zip with the submissions of a class."""

    shown: str
    """The path as the user would type it."""
    notes: list[str]
    """Notes on ignored entries, one sentence each."""

    def top_entries(self) -> list[ExportEntry]:
        """Return its entries, sorted by name, without clutter."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file in it, or None if it does not exist or is a folder.

        Raises:
            UsageError: it is not a plain file, occurs more than once, or is far too large.
        """

    def inner(self, name: str) -> "Export":
        """Return a folder in it as an export."""

    def new_folder(self) -> Path:
        """Return the path for a new folder, for gathered files."""

    def close(self) -> None:
        """Close the files."""


def unreadable(name: str, reason: str, shown: str) -> UsageError:
    """Return the error for a required file that cannot be read."""
    return UsageError(f"{name} {reason}", shown, "download the export again")
