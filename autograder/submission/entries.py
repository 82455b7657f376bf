"""Describe the entries of a submission, each with a checked name or a fault in words.

Folders and zips are read in the same way: a `SubmissionSource` lists its entries and streams one of
them. Names, types and sizes that a submission states about itself are not trusted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from autograder.errors import AutograderError
from autograder.submission.kinds import closed_archive
from autograder.text import one_line, plain_text, reverses, without_marks

_LEAD = re.compile(r"(?:[A-Za-z]:)?/+|[A-Za-z]:")  # of an absolute path; `unzip` drops it too
_CANNOT_BE_SHOWN = "has a character in its name that cannot be shown"
_COMPILED = (".so", ".pyd", ".dll", ".dylib")


class SubmissionError(AutograderError):
    """The whole submission cannot be graded; the text is one or two sentences for the student."""


class UnreadableError(SubmissionError):
    """Nothing of the submission can be read: it is damaged or not an archive."""


class EntryError(Exception):
    """One entry cannot be read; its text completes the sentence "`name` ..."."""


@dataclass(frozen=True)
class Limits:
    """How much of a submission is read before it is refused.

    Attributes:
        files: files that are collected.
        file_bytes: bytes of a notebook including its figures, or of another single file.
        total_bytes: bytes that are collected, counted as they are written.
        ratio: how many times the size of its zip a submission may unpack to (above
            `ratio_from_bytes`).
        ratio_from_bytes: size up to which any ratio is accepted; source code compresses well.
        unpacked_bytes: bytes that a compressed tar archive unpacks to, needed or not.
        zip_bytes: size of a zip on disk.
        listed: entries listed, needed or not; a forgotten virtual environment has 20,000.
        index_bytes: size of a zip's table of contents, which must be read in one piece.
        archives: archives in a submission that are opened.
        depth: folders above a file.
        name_bytes: length of one name in a path that is written, UTF-8.
        path_bytes: length of a whole path that is written, UTF-8.
        compared_depth: folders above a file whose names are only compared and shown.
        compared_bytes: length of a whole path that is only compared and shown, UTF-8.
        notices: notices kept; the rest is only counted.
        any_kind: whether compiled code and archives that are not opened count as plain files: in
            the submissions of a class, the student who submitted them is notified.
    """

    files: int = 2_000
    file_bytes: int = 100_000_000
    total_bytes: int = 300_000_000
    ratio: int = 100
    ratio_from_bytes: int = 10_000_000
    unpacked_bytes: int = 500_000_000
    zip_bytes: int = 2_000_000_000
    listed: int = 100_000
    index_bytes: int = 8_000_000
    archives: int = 20
    depth: int = 20
    name_bytes: int = 200
    path_bytes: int = 400
    compared_depth: int = 60
    compared_bytes: int = 4_000
    notices: int = 20
    any_kind: bool = False


@dataclass(frozen=True)
class SubmissionEntry:
    """One file of a submission, or something else in a file's place.

    Attributes:
        shown: its name in the submission, safe to print.
        parts: the folders of its path and its name; empty if it does not form a path.
        fault: why it cannot be collected, completing "`name` ..."; empty for a plain file.
        handle: what its source needs to read it.
    """

    shown: str
    parts: tuple[str, ...]
    fault: str
    handle: object


class SubmissionSource(Protocol):
    """A folder or zip, opened."""

    size: int | None
    """Bytes of the zip on disk; None for a folder, which is not compressed."""

    def entries(self) -> list[SubmissionEntry]:
        """Return all entries except folders and clutter (`is_clutter`)."""

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the entry's bytes in small pieces; raise EntryError if they cannot be read."""

    def close(self) -> None:
        """Close the files."""


def make_entry(
    name: str, handle: object, limits: Limits, fault: str = ""
) -> SubmissionEntry | None:
    """Return the entry of a name, or None for clutter and for the folder itself.

    Args:
        name: the path inside the submission, with `/` as separator; not trusted.
        handle: kept for the source.
        limits: the maximum length of names and depth of folders.
        fault: what else is wrong with it; a fault of its name takes precedence.
    """
    lead = _LEAD.match(name)
    path = name[lead.end() :] if lead else name
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    name_fault = _fault_of_name(name, parts, limits)
    if not name_fault and (not parts or is_clutter(parts)):
        return None
    if not name_fault and not fault and not limits.any_kind:
        fault = _fault_of_kind(parts[-1])
    return SubmissionEntry(
        shown=f"`{one_line(name, 120)}`",
        parts=() if name_fault else parts,
        fault=name_fault or fault,
        handle=handle,
    )


def written_parts(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return names as they are written to disk: without invisible characters.

    Characters that reverse the text direction are kept, and are a fault (`fault_of_written`).
    """
    return tuple(part if reverses(part) else without_marks(part) for part in parts)


def fault_of_written(parts: tuple[str, ...], limits: Limits) -> str:
    """Return why a path cannot be written, completing "`name` ..."; "" if it can.

    Names of folders above are only compared and shown, so they are not restricted.
    """
    if any(reverses(part) for part in parts) or not all(parts):
        return _CANNOT_BE_SHOWN
    encoded = [part.encode("utf-8") for part in parts]
    if any(len(part) > limits.name_bytes for part in encoded):
        return f"has a name longer than {limits.name_bytes} bytes"
    if len(b"/".join(encoded)) > limits.path_bytes:
        return f"has a path longer than {limits.path_bytes} bytes"
    if len(parts) > limits.depth:
        return f"is more than {limits.depth} folders deep"
    return ""


def is_clutter(parts: tuple[str, ...]) -> bool:
    """Return whether a path is hidden or left behind by systems and editors."""
    if any(part.startswith(".") or part in ("__MACOSX", "__pycache__") for part in parts):
        return True
    return parts[-1].casefold().endswith((".pyc", ".pyo"))


def too_many(limits: Limits) -> str:
    """Return the message about a submission with too many entries."""
    return (
        f"The submission has more than {limits.listed:,} files. Submit only the files that the "
        "assignment asks for, without virtual environments and data."
    )


def _fault_of_name(name: str, parts: tuple[str, ...], limits: Limits) -> str:
    visible = without_marks(name)
    if "\n" in name or plain_text(visible, 2 * len(visible) + 1) != visible:
        return _CANNOT_BE_SHOWN
    if ".." in parts:
        return "points outside the submission"
    if "\\" in name:
        return "has a backslash in its name"
    if len(name.encode("utf-8")) > limits.compared_bytes:
        return f"has a path longer than {limits.compared_bytes} bytes"
    if len(parts) > limits.compared_depth:
        return f"is more than {limits.compared_depth} folders deep"
    return ""


def _fault_of_kind(name: str) -> str:
    if name.casefold().endswith(_COMPILED):
        return "is compiled code; submit its source"
    if kind := closed_archive(name):
        return f"is {kind}, which grading cannot open; submit a zip"
    return ""
