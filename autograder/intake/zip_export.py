"""Read a zip or tar of submissions entry by entry, without extracting it as a whole."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from autograder.errors import AutograderError
from autograder.intake.export import TEXT_BYTES, ExportEntry, unreadable
from autograder.submission.entries import EntryError, SubmissionEntry, SubmissionSource
from autograder.text import one_line

_SLOT_BYTES = 2_000_000_000
_NAME_BYTES = 255


class ZipExport:
    """An export that is a zip or tar, or a folder in one."""

    def __init__(
        self,
        shown: str,
        source: SubmissionSource,
        entries: list[SubmissionEntry],
        root: tuple[str, ...],
        workspace: Path,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self.shown, self.notes = shown, list[str]()
        self._numbers = numbers or count()
        self._source, self._root, self._workspace = source, root, workspace
        self._top_entries: list[ExportEntry] | None = None
        self._by_top: dict[str, list[SubmissionEntry]] = {}
        entries = [_written(entry) for entry in entries]
        for entry in entries:
            if len(entry.parts) > len(root) and entry.parts[: len(root)] == root:
                self._by_top.setdefault(entry.parts[len(root)], []).append(entry)
        if not root:
            bad = [entry for entry in entries if entry.fault]
            self.notes += [f"{shown}: {entry.shown} {entry.fault}; ignored." for entry in bad]
            paths = Counter(entry.parts for entry in entries if entry.parts)
            self.notes += [
                f"{shown}: {one_line('/'.join(path))} occurs more than once; the first was used."
                for path, count in paths.items()
                if count > 1
            ]

    def top_entries(self) -> list[ExportEntry]:
        """Return its entries."""
        if self._top_entries is None:
            names = sorted(self._by_top)
            self._top_entries = [self._top_entry(number, name) for number, name in enumerate(names)]
        return self._top_entries

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file in it."""
        entries = self._by_top.get(name, [])
        if not entries or any(len(entry.parts) > len(self._root) + 1 for entry in entries):
            return None
        if len(entries) > 1:
            raise unreadable(name, "occurs more than once", self.shown)
        if entries[0].fault:
            raise unreadable(name, entries[0].fault, self.shown)
        return self._bytes(entries[0])

    def inner(self, name: str) -> "ZipExport":
        """Return a folder in it as an export."""
        root = (*self._root, name)
        entries = self._by_top.get(name, [])
        return ZipExport(self.shown, self._source, entries, root, self._workspace, self._numbers)

    def new_folder(self) -> Path:
        """Return the path of a new folder."""
        return self._workspace / f"gathered-{next(self._numbers)}"

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    def _bytes(self, entry: SubmissionEntry) -> bytes:
        data = bytearray()
        try:
            for piece in self._source.read(entry):
                data += piece
                if len(data) > TEXT_BYTES:
                    raise unreadable(entry.parts[-1], "is far too large", self.shown)
        except EntryError as error:
            raise unreadable(entry.parts[-1], str(error), self.shown) from None
        return bytes(data)

    def _top_entry(self, number: int, name: str) -> ExportEntry:
        entries = self._by_top[name]
        depth = len(self._root) + 1
        inside = [entry.parts[depth:] for entry in entries if len(entry.parts) > depth]
        # A folder for each: some file systems do not distinguish names that differ only by case.
        home = self._workspace / str(number)
        place = home / name

        def fetch() -> None:
            left = _SLOT_BYTES
            for entry in entries:
                if inside and len(entry.parts) == depth:
                    continue  # a file with the folder's own name
                left -= self._fetch(entry, home.joinpath(*entry.parts[depth - 1 :]), name, left)

        def drop() -> None:
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)

        files = tuple(
            sorted(
                entry.parts[depth:]
                for entry in entries
                if depth < len(entry.parts) <= depth + 2 and not entry.fault
            )
        )
        is_link = not inside and any(entry.fault == "is a link" for entry in entries)
        return ExportEntry(name, bool(inside), place, is_link, files, fetch=fetch, drop=drop)

    def _fetch(self, entry: SubmissionEntry, target: Path, name: str, most: int) -> int:
        """Write one entry, or as much of it as fits; return the number of bytes."""
        written = 0
        if entry.fault:
            return written
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                for piece in self._source.read(entry):
                    if written + len(piece) > most:  # more than any submission may have
                        break
                    written += file.write(piece)
        except (FileExistsError, NotADirectoryError):
            pass  # a duplicate in the zip, or a file where another entry has a folder
        except (EntryError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else f"{entry.shown} {error}"
            raise AutograderError(
                f"cannot unpack {name} ({reason})", self.shown,
                "download the export again, or set TMPDIR to a folder with more space",
            ) from None  # fmt: skip
        return written


def _written(entry: SubmissionEntry) -> SubmissionEntry:
    """Return an entry, with a fault if its name is too long for any file system."""
    if all(len(part.encode()) <= _NAME_BYTES for part in entry.parts):
        return entry
    return replace(entry, parts=(), fault=f"has a name longer than {_NAME_BYTES} bytes")
