"""Read a submission that is a tar archive, compressed or not, without extracting it.

Only headers are read, with bounds; Python's `tarfile` only parses one header at a time. A
compressed archive is first decompressed to an unnamed file, up to a limit, because the headers of a
tar archive are spread over the whole file.
"""

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zlib
from collections.abc import Iterator
from typing import Protocol, cast

from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionError,
    UnreadableError,
    make_entry,
    too_many,
)
from autograder.submission.temporary import NamelessFile
from autograder.submission.unpack import PIECE

_BLOCK = tarfile.BLOCKSIZE
_NAME_BYTES = 1 << 16  # of a header that holds a long name
_XZ_MEMORY = 256 << 20
_DAMAGED = "The archive is damaged or was cut off. Create it again and upload it again."
_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_UNREADABLE = (zlib.error, lzma.LZMAError, EOFError, OSError, ValueError)


def is_tar(start: bytes) -> bool:
    """Return whether a file's start is that of a tar archive, plain or compressed."""
    return start.startswith((_GZIP, _BZIP2, _XZ)) or _header(start[:_BLOCK]) is not None


class TarSource:
    """A tar archive, opened for reading.

    Args:
        file: its descriptor, which is closed with this object.
        limits: how much of it is read.

    Raises:
        SubmissionError: it is damaged, too large, or compressed data that is not a tar archive.
        AutograderError: the decompressed data cannot be written to the temporary folder.
    """

    def __init__(self, file: int, limits: Limits) -> None:
        self._limits = limits
        self.size: int | None = os.fstat(file).st_size
        packed = io.FileIO(file)
        try:
            self._file = _uncompressed(packed, limits)
        except BaseException:
            packed.close()
            raise
        if self._file is not packed:
            packed.close()
        self._length = os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def entries(self) -> list[SubmissionEntry]:
        """Return all entries except folders and clutter."""
        entries = []
        listed = 0
        for name, kind, offset, size in self._members():
            listed += 1
            if listed > self._limits.listed:
                raise SubmissionError(too_many(self._limits))
            if kind == tarfile.DIRTYPE:
                continue
            fault = _fault(kind)
            if not fault and offset + size > self._length:
                fault = "is cut off in the archive"
            entry = make_entry(name, (offset, size), self._limits, fault)
            if entry is not None:
                entries.append(entry)
        if not listed:
            raise SubmissionError("The archive is empty.")
        return entries

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the bytes of one entry in small pieces."""
        offset, left = cast(tuple[int, int], entry.handle)
        while left:
            piece = os.pread(self._file.fileno(), min(PIECE, left), offset)
            if not piece:
                raise EntryError("is cut off in the archive")
            offset += len(piece)
            left -= len(piece)
            yield piece

    def _members(self) -> Iterator[tuple[str, bytes, int, int]]:
        """Yield name, type, offset and size of each member; long names are assembled."""
        offset = headers = 0
        name: str | None = None
        size: int | None = None
        sparse = False
        while offset < self._length:
            block = os.pread(self._file.fileno(), _BLOCK, offset)
            if not any(block):  # the end; the rest is padding
                return
            header = _header(block)
            headers += 1
            if header is None or headers > 4 * self._limits.listed:
                raise UnreadableError(_DAMAGED)
            offset += _BLOCK
            kind, length = header.type, header.size
            if kind in (tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE):
                data = self._of_header(offset, length)
                if kind == tarfile.GNUTYPE_LONGNAME:
                    name = data.split(b"\0")[0].decode("utf-8", "surrogateescape")
                else:
                    said = _pax(data)
                    name, size = said.get("path", name), _number(said.get("size"))
                    sparse = any(key.startswith("GNU.sparse.") for key in said)
            elif kind not in (tarfile.GNUTYPE_LONGLINK, tarfile.XGLTYPE):
                if size is not None:
                    length = size
                held = length if _holds_data(kind) else 0
                shown = tarfile.GNUTYPE_SPARSE if sparse else kind
                yield (header.name if name is None else name), shown, offset, held
                length, name, size, sparse = held, None, None, False
            offset += -(-length // _BLOCK) * _BLOCK

    def _of_header(self, offset: int, length: int) -> bytes:
        if length > _NAME_BYTES:
            raise UnreadableError(_DAMAGED)
        return os.pread(self._file.fileno(), length, offset)


class _Stream(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Xz:
    """An xz stream with bounded memory, which `lzma.LZMAFile` does not offer."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._inner = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, size: int = -1, /) -> bytes:
        while not self._inner.eof:
            more = b""
            if self._inner.needs_input and not (more := self._file.read(PIECE)):
                raise EOFError
            if piece := self._inner.decompress(more, size):
                return piece
        return b""


def _uncompressed(packed: io.FileIO, limits: Limits) -> io.FileIO:
    """Return a file with the tar archive: the given one, or its decompressed content."""
    start = os.pread(packed.fileno(), 8, 0)
    packed.seek(0)
    stream: _Stream
    if start.startswith(_GZIP):
        stream = gzip.GzipFile(fileobj=packed)
    elif start.startswith(_BZIP2):
        stream = bz2.BZ2File(packed)
    elif start.startswith(_XZ):
        stream = _Xz(packed)
    else:
        return packed
    size = os.fstat(packed.fileno()).st_size
    most = min(limits.unpacked_bytes, max(limits.ratio_from_bytes, limits.ratio * size))
    target = NamelessFile()
    try:
        written = 0
        for piece in _pieces(stream):
            written += len(piece)
            if written > most:
                raise SubmissionError(_too_large(most, limits))
            target.add(piece)
        if _header(os.pread(target.fileno(), _BLOCK, 0)) is None:
            raise UnreadableError(
                "The submitted file is compressed, but not a tar archive. Submit a zip."
            )
    except BaseException:
        target.close()
        raise
    return target


def _pieces(stream: _Stream) -> Iterator[bytes]:
    while True:
        try:
            piece = stream.read(PIECE)
        except _UNREADABLE:
            raise UnreadableError(_DAMAGED) from None
        if not piece:
            return
        yield piece


def _too_large(most: int, limits: Limits) -> str:
    if most < limits.unpacked_bytes:
        return (
            f"The archive unpacks to more than {limits.ratio} times its size. Submit only the "
            "files that the assignment asks for."
        )
    return (
        f"The archive unpacks to more than {most // 1_000_000:,} MB. Submit only the files that "
        "the assignment asks for, without virtual environments and data."
    )


def _header(block: bytes) -> tarfile.TarInfo | None:
    try:
        header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError, OverflowError):
        return None
    return header if 0 <= header.size < 1 << 50 else None


def _holds_data(kind: bytes) -> bool:
    without = (
        tarfile.LNKTYPE, tarfile.SYMTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.DIRTYPE,
        tarfile.FIFOTYPE,
    )  # fmt: skip
    return kind not in without


def _fault(kind: bytes) -> str:
    if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        return "is a link"
    if kind not in (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE):
        return "is not a plain file"
    return ""


def _pax(data: bytes) -> dict[str, str]:
    """Return the keywords of an extended header, one `length key=value` per line."""
    found = {}
    while data:
        digits, _, _ = data[:12].partition(b" ")
        if not digits.isdigit() or not len(digits) + 1 < int(digits) <= len(data):
            break
        key, _, value = data[len(digits) + 1 : int(digits) - 1].partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "surrogateescape")
        data = data[int(digits) :]
    return found


def _number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 15:
        return None
    return int(text)
