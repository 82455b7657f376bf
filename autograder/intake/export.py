"""What hand-ins lie on: a folder or a zip, and the folders and files at its top.

Names in an export are made of what students have typed; nothing here trusts one, and no link is
followed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.errors import UsageError
from autograder.submission.kinds import closed_archive, is_archive, is_loose, stem_of

TEXT_BYTES = 200_000_000
"""Largest file that is read as metadata."""


@dataclass(frozen=True)
class ExportEntry:
    """A folder or file at the top of a shelf.

    Attributes:
        name: as it stands there.
        is_folder: whether it is a folder.
        path: where it lies, or will lie once it is fetched.
        is_link: whether it is a symbolic link, which is never followed.
        files: paths of the plain files in the folder, at most two levels deep; clutter is left out.
        place: the folder below which no step to `path` may be a link; None where we made `path`.
        fetch: puts it at `path`.
        drop: removes what `fetch` has put there.
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
        """Whether it is an archive by its name, and one that is opened."""
        return not self.is_folder and is_archive(self.name)

    @property
    def closed(self) -> str:
        """What kind of archive it is, if it is one that cannot be opened; else ""."""
        return "" if self.is_folder else closed_archive(self.name)

    @property
    def is_hand_in(self) -> bool:
        """Whether it is something to grade, or a link or closed archive that stands for it."""
        is_file = self.is_archive or is_loose(self.name) or bool(self.closed)
        return self.is_folder or self.is_link or is_file

    @property
    def stem(self) -> str:
        """Its name without the ending of an archive, a notebook or a module."""
        return self.name if self.is_folder else stem_of(self.name)


class Export(Protocol):
    """A folder or zip with the hand-ins of a class."""

    shown: str
    """As a person would type it."""
    notes: list[str]
    """What was left out, one sentence each."""

    def slots(self) -> list[ExportEntry]:
        """Return what lies on it, sorted by name; clutter is left out."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file on it, None where there is none or a folder.

        Raises:
            UsageError: it is no plain file, there more than once, or far too large.
        """

    def inner(self, name: str) -> "Export":
        """Return a folder on it as a shelf of its own."""

    def room(self) -> Path:
        """Return the path of a new folder that can be made, for what is gathered."""

    def close(self) -> None:
        """Let go of the files."""


def unreadable(name: str, reason: str, shown: str) -> UsageError:
    """Return the error of a file that has to be read and cannot be."""
    return UsageError(f"{name} {reason}", shown, "download the export again")
