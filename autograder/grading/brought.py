"""What a student has added to the packages of the release, for the instructor to see.

Modules of their own are welcome. A library that was copied in is one, too, and no list of imports
can tell the two apart; its size can.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from autograder.assignment import Assignment
from autograder.submission import Collected

_MOST = 20
"""How many folders and files are listed; the rest is counted."""


def brought_along(assignment: Assignment, collected: Collected) -> tuple[str, ...]:
    """Return what of the packages the release does not have, with sizes, the largest first.

    Files of a folder that the release does not have are one entry: `shapes/_engine/, 2,300 lines`.
    Nothing is listed where neither the release nor the solutions are there to compare with.

    Args:
        assignment: what was asked for.
        collected: what was handed in; no student code has run yet.
    """
    sizes: dict[str, list[int]] = {}
    for package in assignment.packages:
        released = _released(
            str(assignment.release_folder), str(assignment.solutions), package.path
        )
        if released is None:
            continue
        folders = {str(parent) for path in released for parent in Path(path).parents}
        for path in collected.files:
            if path.startswith(package.path) and path not in released:
                lines, others = _size(collected.root / path)
                total = sizes.setdefault(_entry(path, folders), [0, 0])
                total[0] += lines
                total[1] += others
    largest = sorted(sizes.items(), key=lambda one: (-sum(one[1]), one[0]))
    words = [f"{entry}, {_words(*size)}" for entry, size in largest[:_MOST]]
    if len(largest) > _MOST:
        words.append(f"and {len(largest) - _MOST} more")
    return tuple(words)


@lru_cache(maxsize=64)
def _released(release: str, solutions: str, package: str) -> frozenset[str] | None:
    """The paths of a package's files as students get them, None where that is not known."""
    for root in map(Path, (release, solutions)):
        if (root / package).is_dir():
            return frozenset(_paths(root, (root / package).rglob("*")))
    return None


def _paths(root: Path, places: Iterable[Path]) -> Iterable[str]:
    for place in places:
        if "__pycache__" not in place.parts and place.is_file():
            yield place.relative_to(root).as_posix()


def _entry(path: str, folders: set[str]) -> str:
    """The outermost folder of a path that the release does not have, or the file itself."""
    for parent in reversed(Path(path).parents):
        if parent.as_posix() not in folders:
            return f"{parent.as_posix()}/"
    return path


def _size(file: Path) -> tuple[int, int]:
    """Lines of text, and bytes of anything else."""
    content = file.read_bytes()
    if b"\0" in content:
        return 0, len(content)
    return len(content.splitlines()), 0


def _words(lines: int, others: int) -> str:
    parts = [f"{lines:,} line{'' if lines == 1 else 's'}"] if lines or not others else []
    if others:
        parts.append(f"{others:,} bytes that are no text")
    return " and ".join(parts)
