"""Read a submission that is a folder, following no link and opening nothing but plain files."""

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import cast

from autograder.submission.entries import (
    Entry,
    EntryError,
    Limits,
    SubmissionError,
    is_clutter,
    make_entry,
    too_many,
)
from autograder.submission.unpack import PIECE

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""O_NONBLOCK: opening a named pipe would wait for a writer for ever."""


class FolderSource:
    """A folder, opened for reading.

    Raises:
        SubmissionError: the folder cannot be read.
    """

    size: int | None = None

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._path = path
        self._seen = 0
        self._top = os.open(path, _FOLDER_FLAGS)

    def close(self) -> None:
        """Let go of the files."""
        os.close(self._top)

    def entries(self) -> list[Entry]:
        """Return all entries but folders and clutter."""
        entries: list[Entry] = []
        try:
            self._list((), entries)
        except OSError:
            raise SubmissionError("The submitted folder cannot be read.") from None
        return entries

    def read(self, entry: Entry) -> Iterator[bytes]:
        """Yield the bytes of one entry in small pieces."""
        descriptor = self._open_plain_file(cast(tuple[str, ...], entry.handle))
        with os.fdopen(descriptor, "rb") as file:
            try:
                while piece := file.read(PIECE):
                    yield piece
            except OSError as error:
                raise EntryError(f"cannot be read ({error.strerror})") from None

    def _list(self, parts: tuple[str, ...], entries: list[Entry]) -> None:
        """Append what lies in the folder `parts`, in the order of names."""
        with os.scandir(self._path.joinpath(*parts)) as listing:
            found = list(islice(listing, self._limits.listed + 1 - self._seen))
        self._seen += len(found)
        if self._seen > self._limits.listed:
            raise SubmissionError(too_many(self._limits))
        for item in sorted(found, key=lambda item: item.name):
            here = (*parts, item.name)
            if is_clutter(here):
                continue
            fault = ""
            if item.is_dir(follow_symlinks=False):
                fault = self._list_inner(here, entries)
                if not fault:
                    continue
            elif item.is_symlink():
                fault = "is a link"
            elif not item.is_file(follow_symlinks=False):
                fault = "is not a plain file"
            entry = make_entry("/".join(here), here, self._limits, fault)
            if entry is not None:
                entries.append(entry)

    def _list_inner(self, parts: tuple[str, ...], entries: list[Entry]) -> str:
        if len(parts) >= self._limits.depth:
            return f"lies {self._limits.depth} folders deep"
        try:
            self._list(parts, entries)
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return ""

    def _open_plain_file(self, parts: tuple[str, ...]) -> int:
        """Open the file folder by folder, so that no part of the way can be a link."""
        folder = os.dup(self._top)
        try:
            for part in parts[:-1]:
                inner = os.open(part, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=folder)
                os.close(folder)
                folder = inner
            descriptor = os.open(parts[-1], _FILE_FLAGS, dir_fd=folder)
        except OSError as error:
            raise EntryError(f"cannot be read ({error.strerror})") from None
        finally:
            os.close(folder)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise EntryError("is not a plain file")
        return descriptor
