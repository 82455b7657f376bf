"""Open a submitted file: an archive, or a single notebook or module."""

import os
from collections.abc import Iterator

from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionSource,
    make_entry,
)
from autograder.submission.kinds import is_loose
from autograder.submission.unpack import PIECE, ZipSource
from autograder.submission.untar import TarSource, is_tar

_START = 512


def open_file(descriptor: int, name: str, limits: Limits) -> SubmissionSource:
    """Open a file for reading; its content determines its kind.

    Args:
        descriptor: of the file; it is closed with the source, or on an error.
        name: of the file, by which notebooks and modules are recognised.
        limits: how much of it is read.

    Raises:
        SubmissionError: it is damaged or of a kind that cannot be opened.
        AutograderError: the disk has too little space to decompress it.
    """
    if is_loose_file(descriptor, name):
        return FileSource(descriptor, name, limits)
    if is_tar(os.pread(descriptor, _START, 0)):
        return TarSource(descriptor, limits)
    return ZipSource(descriptor, limits)


def is_loose_file(descriptor: int, name: str) -> bool:
    """Return whether a file is a notebook or module, by its name and first bytes."""
    start = os.pread(descriptor, _START, 0)
    return is_loose(name) and not start.startswith(b"PK\3\4") and not is_tar(start)


class FileSource:
    """A single submitted notebook or module: a submission with one entry.

    Args:
        descriptor: of the file; it is closed with this object.
        name: of the file.
        limits: the maximum length of names.
    """

    size: int | None = None

    def __init__(self, descriptor: int, name: str, limits: Limits) -> None:
        self._file, self._name, self._limits = descriptor, name, limits

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def entries(self) -> list[SubmissionEntry]:
        """Return the one entry."""
        entry = make_entry(self._name, (self._name,), self._limits)
        return [] if entry is None else [entry]

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the bytes of the file in small pieces."""
        offset = 0
        while True:
            try:
                piece = os.pread(self._file, PIECE, offset)
            except OSError as error:
                raise EntryError(f"cannot be read ({error.strerror})") from None
            if not piece:
                return
            offset += len(piece)
            yield piece
