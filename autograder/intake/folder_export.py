"""Read a folder with the submissions of a class."""

import os
import stat
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake.export import TEXT_BYTES, ExportEntry, unreadable
from autograder.submission.entries import is_clutter
from autograder.text import one_line

# Files listed to find out whether a student's folder contains only zips.
_LOOKED_AT = 20_000


class FolderExport:
    """An export that is a folder."""

    def __init__(self, folder: Path, workspace: Path, numbers: Iterator[int] | None = None) -> None:
        self._workspace, self._numbers = workspace, numbers or count()
        self.shown, self.notes = str(folder), list[str]()
        self._folder = folder
        self._top_entries: list[ExportEntry] | None = None

    def top_entries(self) -> list[ExportEntry]:
        """Return its entries."""
        if self._top_entries is None:
            self._top_entries = self._listed()
        return self._top_entries

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file in it."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            mode = os.lstat(self._folder / name).st_mode
            if stat.S_ISDIR(mode):
                return None
            if not stat.S_ISREG(mode):
                raise unreadable(name, "is not a plain file", self.shown)
            with open(os.open(self._folder / name, flags), "rb") as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise unreadable(name, "is not a plain file", self.shown)
                data = file.read(TEXT_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(name, f"cannot be read, {error.strerror}", self.shown) from None
        if len(data) > TEXT_BYTES:
            raise unreadable(name, "is far too large", self.shown)
        return data

    def inner(self, name: str) -> "FolderExport":
        """Return a folder in it as an export."""
        return FolderExport(self._folder / name, self._workspace, self._numbers)

    def new_folder(self) -> Path:
        """Return the path of a new folder."""
        return self._workspace / f"gathered-{next(self._numbers)}"

    def close(self) -> None:
        """Do nothing: no file is kept open."""

    def _listed(self) -> list[ExportEntry]:
        try:
            with os.scandir(self._folder) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            raise UsageError(
                f"cannot read the folder of submissions ({error.strerror})", self.shown,
                "give --from a folder with one folder or zip per submission",
            ) from None  # fmt: skip
        return [self._top_entry(entry) for entry in found if not is_clutter((entry.name,))]

    def _top_entry(self, entry: os.DirEntry[str]) -> ExportEntry:
        is_folder = entry.is_dir(follow_symlinks=False)
        files = _files(entry.path) if is_folder else ()
        if entry.is_symlink():
            self.notes.append(
                f"{one_line(entry.name)} is a link and was not followed; to grade its target, "
                "give that as a PATH."
            )
        path = Path(entry.path)
        return ExportEntry(entry.name, is_folder, path, entry.is_symlink(), files, self._folder)


def _files(folder: str) -> tuple[tuple[str, ...], ...]:
    """Return the plain files in a folder, at most two levels deep, up to a maximum number."""
    found: list[tuple[str, ...]] = []
    left = _LOOKED_AT
    for entry in (top := _entries(folder, left)):
        left -= 1
        if entry.is_dir(follow_symlinks=False):
            inner = _entries(entry.path, max(left - len(top), 0))
            left -= len(inner)
            found += [(entry.name, one.name) for one in inner if one.is_file(follow_symlinks=False)]
        elif entry.is_file(follow_symlinks=False):
            found.append((entry.name,))
    return tuple(found)


def _entries(folder: str, most: int) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            found = list(islice(listing, most))
    except OSError:
        return []
    return sorted(
        (entry for entry in found if not is_clutter((entry.name,))), key=lambda entry: entry.name
    )
