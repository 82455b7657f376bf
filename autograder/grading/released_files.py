"""Replace a submission's copies of released files by the instructor's files.

A student's own copy is graded only if `[submission] files` names the file.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from autograder.assignment import Assignment
from autograder.assignment.released import original_bytes


def put_released_files(
    assignment: Assignment, root: Path, small: Mapping[str, bytes] = MappingProxyType({})
) -> None:
    """Put the files that ship unchanged into the folder of the files handed in.

    Args:
        assignment: what is graded.
        root: the folder; no student code has run yet, and it contains no links.
        small: what is put there in place of some files, by their paths.
    """
    for path, original in original_bytes(assignment).items():
        data = small.get(path, original)
        target = root / path
        if assignment.is_submission_file(path) and target.is_file():
            continue
        _make_room(root, target)
        target.write_bytes(data)
        target.chmod(0o444)


def released_in(assignment: Assignment, root: Path) -> dict[str, bool]:
    """Return the path of each such file -> whether student code may change its own copy of it."""
    return {
        path: assignment.is_submission_file(path)
        for path in assignment.released_files
        if (root / path).is_file()
    }


def _make_room(root: Path, target: Path) -> None:
    """Remove what is in the place of a file or of a folder around it; create those folders."""
    for folder in reversed(target.relative_to(root).parents[:-1]):
        if (root / folder).is_file():
            (root / folder).unlink()
        if not (root / folder).is_dir():
            (root / folder).mkdir()
            (root / folder).chmod(0o755)  # independent of the umask of this process
    if target.is_dir():
        shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
