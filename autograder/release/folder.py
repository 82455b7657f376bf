"""Write a planned release into its folder, or compare the two."""

import json
from dataclasses import dataclass
from pathlib import Path

from autograder.assignment.released import is_text
from autograder.atomic import UNFINISHED, write_atomic
from autograder.errors import UsageError
from autograder.notebook.cells import TOOL_FILE
from autograder.release.sources import list_files
from autograder.release.tool_file import with_modules

IDENTITY = "tests/assignment.json"


@dataclass(frozen=True)
class Written:
    """The result of a build.

    Attributes:
        folder: the folder that was written.
        files: the paths of all of its files.
        changed: the paths that were written because they differed.
        removed: the stale paths that were removed.
    """

    folder: Path
    files: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """One difference between a plan and a folder.

    Attributes:
        kind: "missing" or "changed" for a planned file, "extra" for a file that is not planned.
        line: the first line that differs, 0 if the difference concerns the file as a whole.
    """

    path: str
    kind: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.kind}"


def write_release(plan: dict[str, bytes], folder: Path) -> Written:
    """Make the folder contain only the plan, apart from caches; write only what changed.

    Each file is either complete or unchanged, even if the build is interrupted.

    Raises:
        UsageError: the folder contains files that are neither planned nor from an earlier build.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError("not a folder", str(folder), "name a folder to write to")
    stale = [
        difference.path
        for difference in compare_release(plan, folder)
        if difference.kind == "extra"
    ]
    foreign = [path for path in stale if not path.endswith(UNFINISHED)]
    if foreign and not _is_earlier_build(plan, folder):
        shown = ", ".join(foreign[:3]) + (" ..." if len(foreign) > 3 else "")
        raise UsageError(
            f"the folder holds other files: {shown}", str(folder), "name an empty or a new folder"
        )
    for path in stale:
        (folder / path).unlink()
        _remove_empty_folders(folder, (folder / path).parent)
    changed = []
    for path in sorted(plan, key=lambda path: (path != IDENTITY, path)):
        target = folder / path
        if target.is_symlink() or not target.is_file() or target.read_bytes() != plan[path]:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(target, plan[path])
            changed.append(path)
    return Written(folder, tuple(plan), tuple(sorted(changed)), tuple(stale))


def compare_release(plan: dict[str, bytes], folder: Path) -> list[Difference]:
    """Return the differences between a plan and a folder, sorted by path, ignoring caches."""
    present = set(list_files(folder))
    differences = [Difference(path, "extra") for path in present - plan.keys()]
    for path, data in plan.items():
        target = folder / path
        if path not in present:
            differences.append(Difference(path, "missing"))
        elif target.is_symlink():
            differences.append(Difference(path, "changed"))
        else:
            differences += _changes(path, target.read_bytes(), data)
    return sorted(differences, key=lambda difference: difference.path)


def _changes(path: str, present: bytes, planned: bytes) -> list[Difference]:
    """Return what differs in one file; for the tool's file, the first module that differs."""
    if present == planned:
        return []
    if path == TOOL_FILE:
        before, after = with_modules({path: present}), with_modules({path: planned})
        modules = sorted((before.keys() | after.keys()) - {path})
        path = next((one for one in modules if before.get(one) != after.get(one)), path)
        present, planned = before.get(path, b""), after.get(path, b"")
    line = _first_difference(present, planned) if is_text(path) else 0
    return [Difference(path, "changed", line)]


def _first_difference(left: bytes, right: bytes) -> int:
    left_lines, right_lines = left.split(b"\n"), right.split(b"\n")
    for number, (one, other) in enumerate(zip(left_lines, right_lines, strict=False), 1):
        if one != other:
            return number
    return min(len(left_lines), len(right_lines))


def _is_earlier_build(plan: dict[str, bytes], folder: Path) -> bool:
    """Tell whether the folder contains an earlier release of the same assignment."""
    try:
        before = json.loads((folder / IDENTITY).read_bytes())
        return IDENTITY in plan and bool(before["id"] == json.loads(plan[IDENTITY])["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _remove_empty_folders(top: Path, folder: Path) -> None:
    """Remove a folder and the folders that contain it, as long as they are empty."""
    while folder != top and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
