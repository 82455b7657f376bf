"""Read a submission that is a zip, without extracting it.

Entries are streamed one by one with size limits. Python's `zipfile` reads the table of contents and
inflates; its extraction, which makes its own decisions on names and links, is not used.
"""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from autograder.bounded_file import BoundedFile
from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionError,
    UnreadableError,
    make_entry,
    too_many,
)

PIECE = 1 << 16

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""The exceptions that `zipfile` is known to raise on malicious input."""

_OTHER_ARCHIVES = (
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"%PDF", "a PDF document"),
)
_ENCRYPTED = 0x1


class ZipSource:
    """A zip file, opened for reading.

    Args:
        file: its path, or a descriptor, which is closed with this object.
        limits: how much of it is read.

    Raises:
        SubmissionError: the file is not a zip or is damaged.
    """

    def __init__(self, file: Path | int, limits: Limits) -> None:
        self._limits = limits
        self._file = BoundedFile(
            file, limits.index_bytes, SubmissionError("The zip has far too many entries.")
        )
        self.size: int | None = self._file.seek(0, io.SEEK_END)
        self._file.seek(0)
        try:
            self._zip = zipfile.ZipFile(self._file)
        except _UNREADABLE:
            message = _why_no_zip(self._file)
            self._file.close()
            raise UnreadableError(message) from None
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the files."""
        self._zip.close()
        self._file.close()

    def entries(self) -> list[SubmissionEntry]:
        """Return all entries except folders and clutter."""
        infos = self._zip.infolist()
        if not infos:
            raise SubmissionError("The zip is empty.")
        if len(infos) > self._limits.listed:
            raise SubmissionError(too_many(self._limits))
        entries = (
            make_entry(_name(info), info, self._limits, _fault(info))
            for info in infos
            if not _name(info).endswith("/")  # a folder
        )
        return [entry for entry in entries if entry is not None]

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the bytes of one entry in small pieces."""
        info = cast(zipfile.ZipInfo, entry.handle)
        length = 0
        try:
            with self._zip.open(info) as stream:
                while piece := stream.read(PIECE):
                    length += len(piece)
                    yield piece
        except _UNREADABLE:
            raise EntryError("is damaged in the zip") from None
        if length != info.file_size:
            raise EntryError("is damaged in the zip")


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name in the zip; some Windows tools write backslashes for slashes."""
    return info.orig_filename.replace("\\", "/")


def _fault(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link"
    if kind not in (0, stat.S_IFREG):
        return "is not a plain file"
    if info.flag_bits & _ENCRYPTED:
        return "is locked with a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is compressed with a method that only some programs support"
    return ""


def _why_no_zip(file: io.FileIO) -> str:
    file.seek(0)
    start = file.read(8)
    if not start:
        return (
            "The submitted file is empty. Create the zip again and check it before you upload it."
        )
    if start.startswith(b"PK"):
        return "The zip is damaged or was cut off. Create it again and upload it again."
    for magic, what in _OTHER_ARCHIVES:
        if start.startswith(magic):
            return f"The submitted file is {what}, not a zip. Submit a zip."
    return "The submitted file is not a zip. Submit a zip."
