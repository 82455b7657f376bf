"""Find, among the entries of a submission, the files that those asked for refer to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from autograder.handing_in.own_files import is_scanned
from autograder.handing_in.references import Module, References
from autograder.submission.entries import Limits, SubmissionEntry, fault_of_written, written_parts
from autograder.submission.names import file_key


class Places:
    """Paths of files that can all be there: none is another one, or a folder of another one.

    An archive, or a name that stands in code, may ask for both.

    Args:
        files: the paths that are taken.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        for path in files:
            self._add(path)

    def take(self, path: str) -> bool:
        """Take a path; False where it cannot be there together with the others."""
        if path in self._files or path in self._folders:
            return False
        if not self._files.isdisjoint(map(str, PurePosixPath(path).parents)):
            return False
        self._add(path)
        return True

    def _add(self, path: str) -> None:
        self._files.add(path)
        self._folders.update(map(str, PurePosixPath(path).parents))


class Referred:
    """Follows references from the files that were chosen, as these are read.

    Args:
        entries: all that the submission offers.
        chosen: what is asked for, by the path under which it is collected.
        limits: the caps.
    """

    def __init__(
        self,
        entries: Sequence[SubmissionEntry],
        chosen: Mapping[str, SubmissionEntry],
        limits: Limits,
    ) -> None:
        top, asked = _top(chosen), {entry.parts for entry in chosen.values()}
        others = [entry for entry in entries if entry.parts and entry.parts not in asked]
        inside = {
            "/".join(written): entry
            for entry in others
            if len(entry.parts) > len(top)
            and entry.parts[: len(top)] == top
            and not fault_of_written(written := written_parts(entry.parts[len(top) :]), limits)
        }
        # What lies elsewhere has lost its folder, so its name alone has to tell.
        outside = [entry for entry in others if entry.parts[: len(top)] != top]
        names = Counter(file_key(entry.parts[-1]) for entry in outside)
        loose = {
            written[0]: entry
            for entry in outside
            if names[file_key(entry.parts[-1])] == 1
            and not fault_of_written(written := written_parts(entry.parts[-1:]), limits)
        }
        self._listed = loose | inside
        self._places = Places(chosen)
        self._references = References(dict.fromkeys(self._listed, 0), chosen.keys())

    def scan(self, path: str, content: bytes) -> list[str]:
        """Return the paths of files to be collected besides, now that this one is read."""
        found = self._references.scan(path, content) if is_scanned(path) else []
        return [new for new in found if self._places.take(new)]

    def entry(self, path: str) -> SubmissionEntry:
        """Return what is collected under a path that `scan` has returned."""
        return self._listed[self._references.taken[path]]

    def beside(self, notebook: str) -> tuple[str, ...]:
        """As `References.beside`."""
        return self._references.beside(notebook)

    @property
    def entries(self) -> list[SubmissionEntry]:
        """All entries that are collected besides."""
        return [self.entry(path) for path in self._references.taken]

    @property
    def modules(self) -> dict[str, Module]:
        """As `References.modules`."""
        return self._references.modules

    @property
    def notices(self) -> list[str]:
        """What was left out, a sentence each, for the student."""
        return [f"{notice}." for notice in self._references.notices]


def _top(chosen: Mapping[str, SubmissionEntry]) -> tuple[str, ...]:
    """The folder of the submission in which most of what was chosen lies."""
    tops = Counter(entry.parts[: -len(path.split("/"))] for path, entry in chosen.items())
    return min(tops, key=lambda top: (-tops[top], len(top), top), default=())
