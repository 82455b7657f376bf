"""Open archives inside a submission, one level deep, if needed files are not outside them.

Students zip a zip, or a platform puts an archive and a notebook into one folder. The content of
such an archive is listed under its name, as if it were a folder. Archives inside it are not opened.
"""

import os
from collections.abc import Iterator, Sequence

from autograder.submission.archives import open_file
from autograder.submission.choose import Chosen, Wanted, choose_files
from autograder.submission.entries import (
    EntryError,
    Limits,
    SubmissionEntry,
    SubmissionError,
    SubmissionSource,
    UnreadableError,
)
from autograder.submission.kinds import is_archive
from autograder.submission.temporary import NamelessFile


class Opened:
    """A submission with its chosen files and the inner archives that had to be opened.

    Args:
        source: the submission; it is not closed with this object.
        wanted: the files that the assignment needs.
        limits: the caps.

    Attributes:
        entries: of the submission and of its opened archives.
        chosen: the files to collect.
        archives: the entries of archives that were opened or could not be.

    Raises:
        SubmissionError: none of the needed files is present, or it is ambiguous which are meant.
    """

    def __init__(self, source: SubmissionSource, wanted: Wanted, limits: Limits) -> None:
        self._source, self._limits = source, limits
        self._inner: list[SubmissionSource] = []
        self._of: dict[int, tuple[SubmissionEntry, SubmissionSource]] = {}  # by the entry's `id`
        self._left = limits.total_bytes
        self._given: dict[SubmissionSource, int] = {}
        self.size = source.size
        self.entries = source.entries()
        self.archives: list[SubmissionEntry] = []
        try:
            self.chosen = self._choose(wanted)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the archives."""
        for source in self._inner:
            source.close()
        self._inner.clear()

    def read(self, entry: SubmissionEntry) -> Iterator[bytes]:
        """Yield the bytes of one entry in small pieces."""
        if id(entry) not in self._of:
            yield from self._source.read(entry)
            return
        entry, source = self._of[id(entry)]
        for piece in source.read(entry):
            self._given[source] = self._given.get(source, 0) + len(piece)
            if self._given[source] > _most(source, self._limits):
                raise SubmissionError(
                    f"An archive in the submission unpacks to more than {self._limits.ratio} times "
                    "its size. Submit only the files that the assignment asks for."
                )
            yield piece

    def _choose(self, wanted: Wanted) -> Chosen:
        refused: SubmissionError | None = None
        chosen: Chosen | None = None
        try:
            chosen = choose_files(self.entries, wanted, self._limits)
        except SubmissionError as error:
            refused = error
        if chosen is not None and _is_whole(chosen, wanted):
            return chosen
        inner, notices = self._open(self.entries)
        if inner:
            try:
                with_inner = choose_files([*self.entries, *inner], wanted, self._limits)
            except SubmissionError as error:
                refused = refused and error
            else:
                if chosen is None or len(with_inner.files) > len(chosen.files):
                    with_inner.notices[:0] = notices
                    self.entries = [*self.entries, *inner]
                    return with_inner
        unopened = [] if inner else notices
        if chosen is None:
            assert refused is not None
            is_unread = unopened or isinstance(refused, UnreadableError)
            kind = UnreadableError if is_unread else SubmissionError
            raise kind(" ".join([str(refused), *unopened[:1]]))
        chosen.notices.extend(unopened)
        return chosen

    def _open(self, entries: Sequence[SubmissionEntry]) -> tuple[list[SubmissionEntry], list[str]]:
        """Return the entries of the archives, and the notices about them."""
        found: list[SubmissionEntry] = []
        notices = []
        archives = [one for one in entries if one.parts and is_archive(one.parts[-1])]
        for archive in archives[: self._limits.archives]:
            if archive.fault:
                continue
            self.archives.append(archive)
            try:
                source = self._unpacked(archive)
                self._inner.append(source)
                listed = source.entries()
            except (EntryError, SubmissionError) as error:
                notices.append(f"{archive.shown} was not opened: {str(error).rstrip('.')}.")
                continue
            notices.append(f"{archive.shown} was opened; archives inside it are not.")
            for entry in listed:
                inside = _inside(archive, entry)
                self._of[id(inside)] = inside, source
                found.append(inside)
        if len(found) > self._limits.listed:
            raise SubmissionError("The archives in the submission have far too many files.")
        return found, notices

    def _unpacked(self, archive: SubmissionEntry) -> SubmissionSource:
        """Copy an archive to an unnamed file and open it."""
        with NamelessFile() as file:
            length = 0
            most = min(self._left, _most(self._source, self._limits))
            for piece in self._source.read(archive):
                length += len(piece)
                if length > most:
                    raise EntryError("it is too large")
                file.add(piece)
            self._left -= length
            descriptor = os.dup(file.fileno())
        return open_file(descriptor, "", self._limits)


def _inside(archive: SubmissionEntry, entry: SubmissionEntry) -> SubmissionEntry:
    shown = f"{archive.shown[:-1]}/{entry.shown[1:]}"
    parts = (*archive.parts, *entry.parts) if entry.parts else ()
    return SubmissionEntry(shown, parts, entry.fault, entry.handle)


def _is_whole(chosen: Chosen, wanted: Wanted) -> bool:
    folders = (f"{package.strip('/')}/" for package in wanted.packages)
    return all(name in chosen.files for name in wanted.single) and all(
        any(path.startswith(folder) for path in chosen.files) for folder in folders
    )


def _most(source: SubmissionSource, limits: Limits) -> int:
    if source.size is None:
        return limits.total_bytes
    return max(limits.ratio_from_bytes, limits.ratio * source.size)
