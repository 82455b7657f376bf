"""Find, among the entries of a submission, the files that the needed files refer to."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from autograder.handing_in.own_files import is_scanned
from autograder.handing_in.references import Module, References
from autograder.submission.entries import Limits, SubmissionEntry, fault_of_written, written_parts
from autograder.submission.names import file_key


class Places:
    """Paths of files that can exist together: none equals another or is another's folder.

    An archive, or a name in code, may refer to both.

    Args:
        files: the paths already taken.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        for path in files:
            self._add(path)

    def take(self, path: str) -> bool:
        """Take a path; return False if it cannot exist together with the others."""
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
    """Follows references from the chosen files while they are read.

    Args:
        entries: all entries of the submission.
        chosen: the needed files, by the path under which they are collected.
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
        # A file elsewhere has lost its folder, so only its name can identify it.
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
        """Return the paths of further files to collect, given the content of this one."""
        found = self._references.scan(path, content) if is_scanned(path) else []
        return [new for new in found if self._places.take(new)]

    def entry(self, path: str) -> SubmissionEntry:
        """Return the entry collected under a path that `scan` has returned."""
        return self._listed[self._references.taken[path]]

    def referred_by(self, notebook: str) -> tuple[str, ...]:
        """Return `References.referred_by`."""
        return self._references.referred_by(notebook)

    @property
    def entries(self) -> list[SubmissionEntry]:
        """Return all further entries to collect."""
        return [self.entry(path) for path in self._references.taken]

    @property
    def modules(self) -> dict[str, Module]:
        """Return `References.modules`."""
        return self._references.modules

    @property
    def notices(self) -> list[str]:
        """Return what was left out, one sentence each, for the student."""
        return [f"{notice}." for notice in self._references.notices]


def _top(chosen: Mapping[str, SubmissionEntry]) -> tuple[str, ...]:
    """Return the folder of the submission that contains most of the chosen files."""
    tops = Counter(entry.parts[: -len(path.split("/"))] for path, entry in chosen.items())
    return min(tops, key=lambda top: (-tops[top], len(top), top), default=())
