"""Read those handed-in files whose lines may be shown or that tests read, before student code runs.

Later the judge does not open them: where workers have the grader's user id, they could hold such a
file, and make every process that opens it wait.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from autograder.rubric.handed_files import FILE_BYTES, contents_below
from autograder.rubric.sources import MOST_BYTES
from autograder.sandbox.opening import read_plain_file

TOTAL_BYTES = 128 * 2**20


def read_handed_in(root: Path, paths: Sequence[str]) -> Mapping[str, bytes]:
    """Read the modules and notebooks of a collected submission.

    Files that are too large are left out, and so are files after `TOTAL_BYTES` have been read.

    Args:
        root: the folder to which they were collected.
        paths: the paths of all collected files, relative to it.
    """
    files: dict[str, bytes] = {}
    left = TOTAL_BYTES
    for path in paths:
        most = min(MOST_BYTES.get(Path(path).suffix, 0), left)
        content = read_plain_file(str(root / path), most) if most else None
        if content is not None:
            files[path] = content
            left -= len(content)
    return MappingProxyType(files)


def read_for_tests(
    root: Path, paths: Sequence[str], patterns: Sequence[str]
) -> Mapping[str, bytes | None]:
    """Read the files that tests may read (rubric/handed_files.py), before student code runs.

    Args:
        root: the folder to which they were collected.
        paths: the paths of all collected files, relative to it.
        patterns: the patterns of assignment.toml that they match.
    """
    left = TOTAL_BYTES

    def read(path: str) -> bytes | None:
        nonlocal left
        content = read_plain_file(str(root / path), min(FILE_BYTES, left))
        left -= 0 if content is None else len(content)
        return content

    sizes = ((path, (root / path).stat().st_size) for path in paths)
    return contents_below(patterns, sizes, read)
