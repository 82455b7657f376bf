"""Where hand-ins lie: a folder, or a zip that is read entry by entry and never extracted whole.

Names in an export are made of what students have typed; nothing here trusts one.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.errors import AutograderError, UsageError
from autograder.submission.entries import Entry, EntryError, Limits, SubmissionError, is_clutter
from autograder.submission.unpack import ZipSource

# An export of 5,000 submissions with 100 files each; names may be as long as file systems allow.
_LIMITS = Limits(listed=2_000_000, index_bytes=512_000_000, depth=40, name_bytes=255)
_SLOT_BYTES = 2_000_000_000
_TEXT_BYTES = 500_000_000


@dataclass(frozen=True)
class Slot:
    """A folder or file at the top of a shelf.

    Attributes:
        name: as it stands there.
        is_folder: whether it is a folder.
        path: where it lies, or will lie once it is fetched.
        files: paths of the files in the folder, at most two levels deep; clutter is left out.
        fetch: puts it at `path`.
        drop: removes what `fetch` has put there.
    """

    name: str
    is_folder: bool
    path: Path
    files: tuple[tuple[str, ...], ...] = ()
    fetch: Callable[[], None] = lambda: None
    drop: Callable[[], None] = lambda: None

    @property
    def is_zip(self) -> bool:
        """Whether it is a zip by its name."""
        return not self.is_folder and self.name.casefold().endswith(".zip")


class Shelf(Protocol):
    """A folder or zip with the hand-ins of a class."""

    shown: str
    """As a person would type it."""
    notes: list[str]
    """What was left out, one sentence each."""

    def slots(self) -> list[Slot]:
        """Return what lies on it, sorted by name; clutter is left out."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file on it, None where there is none."""

    def inner(self, name: str) -> "Shelf":
        """Return a folder on it as a shelf of its own."""

    def close(self) -> None:
        """Let go of the files."""


def open_shelf(place: Path, workspace: Path) -> Shelf:
    """Open a folder or a zip.

    Args:
        place: the folder or zip.
        workspace: an empty private folder, for what is fetched out of a zip.

    Raises:
        UsageError: it is neither, or cannot be read.
    """
    if place.is_dir():
        return FolderShelf(place)
    if not place.is_file():
        raise UsageError(
            "nothing is there", str(place), "give --from a folder of submissions, or a zip of one"
        )
    try:
        source = ZipSource(place, _LIMITS)
        return ZipShelf(str(place), source, source.entries(), (), workspace)
    except SubmissionError as error:
        raise UsageError(
            f"cannot read the submissions ({str(error).rstrip('.')})", str(place),
            "give --from a folder, or a zip that holds one folder or zip per submission",
        ) from None  # fmt: skip


class FolderShelf:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        self.shown, self.notes = str(folder), list[str]()
        self._folder = folder

    def slots(self) -> list[Slot]:
        """Return what lies on it."""
        try:
            with os.scandir(self._folder) as listing:
                found = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            raise UsageError(
                f"cannot read the folder of submissions ({error.strerror})", self.shown,
                "give --from a folder that holds one folder or zip per submission",
            ) from None  # fmt: skip
        return [
            Slot(entry.name, entry.is_dir(), Path(entry.path), self._files(entry))
            for entry in found
            if not is_clutter((entry.name,))
        ]

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file on it."""
        file = self._folder / name
        return file.read_bytes() if file.is_file() else None

    def inner(self, name: str) -> "FolderShelf":
        """Return a folder on it."""
        return FolderShelf(self._folder / name)

    def close(self) -> None:
        """There is nothing to let go of."""

    def _files(self, entry: os.DirEntry[str]) -> tuple[tuple[str, ...], ...]:
        if not entry.is_dir(follow_symlinks=False):
            return ()
        found: list[tuple[str, ...]] = []
        for parts, path in _listed((), entry.path):
            if os.path.isdir(path) and not os.path.islink(path):
                found += [inner for inner, one in _listed(parts, path) if not os.path.isdir(one)]
            else:
                found.append(parts)
        return tuple(found)


def _listed(parts: tuple[str, ...], folder: str) -> list[tuple[tuple[str, ...], str]]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [
        ((*parts, name), os.path.join(folder, name)) for name in names if not is_clutter((name,))
    ]


class ZipShelf:
    """A zip, or a folder in it."""

    def __init__(
        self,
        shown: str,
        source: ZipSource,
        entries: list[Entry],
        root: tuple[str, ...],
        workspace: Path,
    ) -> None:
        self.shown, self.notes = shown, list[str]()
        self._source, self._root, self._workspace = source, root, workspace
        self._by_top: dict[str, list[Entry]] = {}
        for entry in entries:
            if len(entry.parts) > len(root) and entry.parts[: len(root)] == root:
                self._by_top.setdefault(entry.parts[len(root)], []).append(entry)
        if not root:
            bad = [entry for entry in entries if entry.fault]
            self.notes += [f"{shown}: {entry.shown} {entry.fault}; left out." for entry in bad]

    def slots(self) -> list[Slot]:
        """Return what lies on it."""
        return [self._slot(name) for name in sorted(self._by_top)]

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file on it."""
        for entry in self._by_top.get(name, ()):
            if len(entry.parts) == len(self._root) + 1 and not entry.fault:
                return self._bytes(entry)
        return None

    def inner(self, name: str) -> "ZipShelf":
        """Return a folder on it."""
        root = (*self._root, name)
        return ZipShelf(self.shown, self._source, self._by_top.get(name, []), root, self._workspace)

    def close(self) -> None:
        """Let go of the file."""
        self._source.close()

    def _bytes(self, entry: Entry) -> bytes:
        data = bytearray()
        for piece in self._source.read(entry):
            data += piece
            if len(data) > _TEXT_BYTES:
                raise UsageError(f"{entry.shown} is far too large", self.shown, "look into it")
        return bytes(data)

    def _slot(self, name: str) -> Slot:
        entries = self._by_top[name]
        depth = len(self._root) + 1
        inside = [entry.parts[depth:] for entry in entries if len(entry.parts) > depth]
        place = self._workspace / name

        def fetch() -> None:
            left = _SLOT_BYTES
            for entry in entries:
                target = self._workspace.joinpath(*entry.parts[depth - 1 :])
                left -= self._fetch(entry, target, name, left)

        def drop() -> None:
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)

        files = tuple(sorted(parts for parts in inside if len(parts) <= 2))
        return Slot(name, bool(inside), place, files, fetch, drop)

    def _fetch(self, entry: Entry, target: Path, name: str, most: int) -> int:
        """Write one entry, or as much of it as fits; returns how many bytes that were."""
        written = 0
        if entry.fault:
            return written
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "xb") as file:
                for piece in self._source.read(entry):
                    if written + len(piece) > most:  # far more than any submission may have
                        break
                    written += file.write(piece)
        except (FileExistsError, NotADirectoryError):
            pass  # the zip has it twice, or a file where another entry has a folder
        except (EntryError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else f"{entry.shown} {error}"
            raise AutograderError(
                f"cannot unpack {name} ({reason})", self.shown,
                "download the export again, or set TMPDIR to a folder with more space",
            ) from None  # fmt: skip
        return written
