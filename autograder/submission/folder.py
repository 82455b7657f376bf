"""Read a submission that is a folder, without following links or opening special files.

Every folder and file is opened relative to its parent, by its name alone: a folder that is replaced
by a link while it is read cannot lead elsewhere.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import cast

from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionError,
    UnreadableError,
    is_clutter,
    make_entry,
    too_many,
)
from autograder.submission.unpack import PIECE

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""O_NONBLOCK: opening a named pipe would otherwise wait indefinitely for a writer."""

SHARED = "is a hard link to a file outside the submission"


class FolderSource:
    """A folder, opened for reading.

    Args:
        top: its descriptor, which is closed with this object.
        limits: how much of it is read.
        place_owner: user id of the owner of the folder above it, where submissions are collected.
    """

    size: int | None = None

    def __init__(self, top: int, limits: Limits, place_owner: int) -> None:
        self._limits = limits
        self._seen = 0
        self._given = 0
        self._top = top
        self._owner, self._place_owner = os.fstat(top).st_uid, place_owner
        self._names: Counter[int] = Counter()

    def close(self) -> None:
        """Close the files."""
        os.close(self._top)

    def entries(self) -> list[SubmissionEntry]:
        """Return all entries except folders and clutter."""
        entries: list[SubmissionEntry] = []
        self._seen = 0
        self._names.clear()  # a file counts once, even if it is listed again
        try:
            self._list(self._top, (), entries)
        except OSError:
            raise UnreadableError("The submitted folder cannot be read.") from None
        return entries

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the bytes of one entry in small pieces."""
        descriptor = self._open_plain_file(cast(tuple[str, ...], entry.handle))
        with os.fdopen(descriptor, "rb") as file:
            try:
                while piece := file.read(PIECE):
                    self._given += len(piece)
                    yield piece
                    if (
                        self._given > self._limits.total_bytes
                    ):  # sparse files can be arbitrarily large
                        raise EntryError("is too large")
            except OSError as error:
                raise EntryError(f"cannot be read ({error.strerror})") from None

    def _list(self, folder: int, parts: tuple[str, ...], entries: list[SubmissionEntry]) -> None:
        """Append the entries of the opened folder with path `parts`, in the order of names."""
        with os.scandir(folder) as listing:
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
                fault = self._list_inner(folder, here, entries)
                if not fault:
                    continue
            elif item.is_symlink():
                fault = "is a link"
            elif not item.is_file(follow_symlinks=False):
                fault = "is not a plain file"
            else:
                self._names[item.inode()] += 1
            entry = make_entry("/".join(here), here, self._limits, fault)
            if entry is not None:
                entries.append(entry)

    def _list_inner(
        self, folder: int, parts: tuple[str, ...], entries: list[SubmissionEntry]
    ) -> str:
        if len(parts) >= self._limits.depth:
            return f"is {self._limits.depth} folders deep"
        try:
            inner = os.open(parts[-1], _FOLDER_FLAGS, dir_fd=folder)
            try:
                self._list(inner, parts, entries)
            finally:
                os.close(inner)
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return ""

    def _open_plain_file(self, parts: tuple[str, ...]) -> int:
        """Open the file folder by folder, so that no part of its path can be a link."""
        folder = os.dup(self._top)
        try:
            for part in parts[:-1]:
                inner = os.open(part, _FOLDER_FLAGS, dir_fd=folder)
                os.close(folder)
                folder = inner
            descriptor = os.open(parts[-1], _FILE_FLAGS, dir_fd=folder)
        except OSError as error:
            raise EntryError(f"cannot be read ({error.strerror})") from None
        finally:
            os.close(folder)
        fault = self._fault(os.fstat(descriptor))
        if fault:
            os.close(descriptor)
            raise EntryError(fault)
        return descriptor

    def _fault(self, file: os.stat_result) -> str:
        if not stat.S_ISREG(file.st_mode):
            return "is not a plain file"
        if is_shared(file, self._names[file.st_ino], self._owner, self._place_owner):
            return SHARED
        return ""


def is_shared(file: os.stat_result, names: int, owner: int, place_owner: int) -> bool:
    """Return whether a file has a name outside the submission, and so may belong to another person.

    Outside names do no harm if the file is certainly the student's own: its owner also owns the
    submission's folder, and is not the user who collected all submissions.

    Args:
        file: its status.
        names: how many names it has in the submission.
        owner: user id of the owner of the submission's folder.
        place_owner: user id of the owner of the folder with all submissions.
    """
    return file.st_nlink > max(names, 1) and not (file.st_uid == owner != place_owner)
