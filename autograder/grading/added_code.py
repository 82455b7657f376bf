"""List for the instructor what a student has added to the release's packages or next to them.

Students may add modules of their own. A copied library is such a module, too. A list of imports
cannot distinguish the two, but the size can.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from autograder.assignment import Assignment, Package
from autograder.submission import Collected

_GROWN_LINES, _GROWN_BYTES = 400, 40_000
"""How much a file of the release may grow before it is listed: solutions are shorter."""
_LONG = 200
"""Average bytes per line above which the number of lines says little."""
_MOST = 20
"""How many folders and files are listed; the others are only counted."""


def added_code(assignment: Assignment, collected: Collected) -> tuple[str, ...]:
    """Return the files of packages and the modules that the release lacks, largest first.

    Each entry states a size. The files of a folder that the release lacks form one entry:
    `shapes/_engine/, 2,300 lines`. A file of the release is listed if it has grown more than any
    solution makes it grow. Nothing is listed if neither the release nor the solutions are available
    for comparison.

    Args:
        assignment: the assignment, which says what was asked for.
        collected: the files handed in; no student code has run yet.
    """
    sizes: dict[str, _Size] = {}
    for package in assignment.packages:
        released = _released(str(assignment.release_folder), str(assignment.solutions), package)
        if released is None:
            continue
        folders = {str(parent) for path in released for parent in Path(path).parents}
        for path in collected.files:
            if not package.contains(path):
                continue
            size = _size(collected.root / path)
            if path not in released:
                entry = _entry(path, folders)
                sizes[entry] = sizes.get(entry, _Size()).plus(size)
            elif (more := size.beyond(released[path])) is not None:
                sizes[f"{path}, more than it was given with"] = more
    released_top = assignment.release_folder
    for path in _modules_outside(assignment, collected):
        if not (released_top / path).is_file():
            entry = f"{path.partition('/')[0]}/" if "/" in path else path
            sizes[entry] = sizes.get(entry, _Size()).plus(_size(collected.root / path))
    largest = sorted(sizes.items(), key=lambda one: (-one[1].order, one[0]))
    words = [f"{entry}, {_words(size)}" for entry, size in largest[:_MOST]]
    if len(largest) > _MOST:
        words.append(f"and {len(largest) - _MOST} more")
    return tuple(words)


def _modules_outside(assignment: Assignment, collected: Collected) -> Iterable[str]:
    """Return the modules outside all packages that code refers to."""
    return (path for path in collected.files
            if path.endswith(".py") and assignment.package_of(path) is None)  # fmt: skip


@dataclass(frozen=True)
class _Size:
    """The content of files: lines of text, bytes of text, and bytes of anything else."""

    lines: int = 0
    text: int = 0
    others: int = 0

    def plus(self, other: "_Size") -> "_Size":
        return _Size(self.lines + other.lines, self.text + other.text, self.others + other.others)

    def beyond(self, given: "_Size") -> "_Size | None":
        """Return what exceeds the given size; None if that is not much."""
        more = _Size(max(0, self.lines - given.lines), max(0, self.text - given.text), self.others)
        is_much = more.lines > _GROWN_LINES or more.text + more.others > _GROWN_BYTES
        return more if is_much else None

    @property
    def order(self) -> int:
        """Larger for what an instructor should look at first."""
        return self.lines + self.others + (self.text if self.is_long else 0)

    @property
    def is_long(self) -> bool:
        """Whether the lines are so long that their number says little."""
        return self.text > _LONG * max(self.lines, 10)


@lru_cache(maxsize=64)
def _released(release: str, solutions: str, package: Package) -> Mapping[str, _Size] | None:
    """Return the files of a package as students get them, by path; None if they are not known."""
    for root in map(Path, (release, solutions)):
        if (root / package.path).exists():
            return MappingProxyType(
                {file.relative_to(root).as_posix(): _size(file) for file in package.files_in(root)}
            )
    return None


def _entry(path: str, folders: set[str]) -> str:
    """Return the outermost folder of a path that the release lacks, or the file itself."""
    for parent in reversed(Path(path).parents):
        if parent.as_posix() not in folders:
            return f"{parent.as_posix()}/"
    return path


def _size(file: Path) -> _Size:
    content = file.read_bytes()
    if b"\0" in content:
        return _Size(others=len(content))
    return _Size(len(content.splitlines()), len(content))


def _words(size: _Size) -> str:
    parts = []
    if size.lines or not size.others:
        of = f" of {size.text:,} bytes" if size.is_long else ""
        parts.append(f"{size.lines:,} line{'' if size.lines == 1 else 's'}{of}")
    if size.others:
        parts.append(f"{size.others:,} bytes that are not text")
    return " and ".join(parts)
