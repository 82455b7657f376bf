"""Search the files of a release that are not text, such as pictures and arrays, for leaks.

Content that is packed by a method that Python can undo is unpacked first: an `.npz`, for example,
is a zip.
"""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from autograder.errors import Problem
from autograder.release.secret_lines import Secrets

MOST_BYTES = 2**30
"""The most bytes that are unpacked from one file."""
_DEPTH = 3
_COMPILED = (".pyc", ".pyo", ".so", ".pyd", ".dll", ".dylib")
"""Endings of files of compiled code, in which lines cannot be found."""
_MARKERS = (b"# BEGIN SOLUTION", b"# END SOLUTION")
_NOT_UNPACKED = {
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "packed by zstd",
}
_STREAMS: dict[bytes, Callable[[io.BytesIO], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_FAULTS = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile,
    zlib.error, lzma.LZMAError, tarfile.TarError,
)  # fmt: skip


class _Unsearchable(Exception):
    """The error for a file that cannot be unpacked or searched; the text says why."""


def search_bytes(data: bytes, secrets: Secrets, file: str) -> list[Problem]:
    """Return a problem for each secret in a file that is not text.

    Args:
        data: the file's bytes.
        secrets: what the file must not contain.
        file: the file's name in messages.
    """
    problems: dict[str, Problem] = {}
    try:
        for place, piece in _pieces(data):
            if (place or file).endswith(_COMPILED):
                raise _Unsearchable("is compiled code")
            if not place and file.endswith(".zip") and not zipfile.is_zipfile(io.BytesIO(piece)):
                raise _Unsearchable("is not a zip")
            for what in _found(piece, secrets):
                inside = f" (in {place})" if place else ""
                remedy = "take it out of what ships"
                problems.setdefault(what, Problem(file, 0, f"{what}{inside}", remedy))
    except _Unsearchable as error:
        what = f"cannot be searched for leaks: it {error}"
        remedy = "leave it out, or release its contents unpacked or in a zip"
        problems[what] = Problem(file, 0, what, remedy)
    return list(problems.values())


def _found(piece: bytes, secrets: Secrets) -> Iterator[str]:
    for secret in secrets.lines:
        if any(secret.text.encode(code) in piece for code in ("utf-8", "utf-16-le")):
            yield f"{secret.what} ships: `{secret.text}` of {secret.file}:{secret.line}"
    for name in secrets.names:
        if name.encode() in piece:
            yield f"names the hidden test file '{name}.py'"
    for path, content in secrets.files.items():
        if content and content in piece:
            yield f"holds '{path}' of the complete solution, which never ships"
    for marker in _MARKERS:
        if marker in piece:
            yield f"holds the marker '{marker.decode()}'"


def _pieces(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield (place in the file, bytes) for the file itself and for each file packed in it."""
    waiting = [("", data, 0)]
    left = MOST_BYTES
    while waiting:
        place, piece, depth = waiting.pop()
        yield place, piece
        left -= len(piece)
        try:
            for name, inner in _unpacked(piece, left):
                if depth == _DEPTH:
                    raise _Unsearchable(f"is packed more than {_DEPTH} times")
                waiting.append((f"{place}/{name}".strip("/"), inner, depth + 1))
                left -= len(inner)
        except _FAULTS as error:
            raise _Unsearchable(f"cannot be unpacked ({error})") from None


def _unpacked(data: bytes, most: int) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file that is packed in `data`."""
    for start, kind in _NOT_UNPACKED.items():
        if data.startswith(start):
            raise _Unsearchable(f"is {kind}")
    for start, opened in _STREAMS.items():
        if data.startswith(start):
            with opened(io.BytesIO(data)) as stream:
                yield "unpacked", _read(stream, most)
            return
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    inner = _read(stream, most)
                most -= len(inner)
                yield entry.filename, inner
    elif data[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is not None:
                    inner = _read(content, most)
                    most -= len(inner)
                    yield member.name, inner


def _read(stream: Any, most: int) -> bytes:
    content: bytes = stream.read(max(most, 0) + 1)
    if len(content) > most:
        raise _Unsearchable(f"unpacks to more than {MOST_BYTES // 2**20:,} MB")
    return content
