"""The files of a release that ship as they are: their originals, and the bytes that ship."""

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from autograder.assignment.spec import Assignment
from autograder.assignment.text import decode_text
from autograder.errors import AutograderError

TEXT = (
    "",
    ".cfg",
    ".csv",
    ".ini",
    ".ipynb",
    ".json",
    ".md",
    ".py",
    ".toml",
    ".txt",
    ".yaml",
    ".yml",
)
"""Endings of files that ship as text: UTF-8 with line feeds, whatever a checkout has made of it."""
_NEEDLESS = "requirements.txt"
"""What grading does without: what is installed is the grader's affair."""


def is_text(path: str) -> bool:
    """Whether a file ships as text, by the ending of its name."""
    return PurePosixPath(path).suffix in TEXT


def shipped_bytes(data: bytes, path: str, shown: str) -> bytes:
    """Return a file as it ships: text with line feeds, anything else as it is.

    Args:
        data: its bytes in the solutions folder.
        path: its path from the top of the release.
        shown: its name in messages.

    Raises:
        AssignmentErrors: it should be text and is not.
    """
    return decode_text(data, shown).encode() if is_text(path) else data


def original(assignment: Assignment, path: str) -> Path | None:
    """Return the instructor's copy of a file that ships as it is; None where it is not here.

    Where only grading is done there are no solutions; the release has the same files.
    """
    for folder in (assignment.solutions, assignment.release_folder):
        if (folder / path).is_file():
            return folder / path
    return None


def original_bytes(assignment: Assignment) -> Mapping[str, bytes]:
    """Return the files that ship as they are and that grading gives to student code, by path.

    Raises:
        AssignmentErrors: one of them should be text and is not.
        AutograderError: one of them is not here.
    """
    files = {}
    for path in assignment.released_files:
        if path == _NEEDLESS:
            continue
        source = original(assignment, path)
        if source is not None:
            files[path] = shipped_bytes(source.read_bytes(), path, assignment.show(source))
        else:
            raise AutograderError(
                f"'{path}' of the release is not here, and student code may read it",
                assignment.show(assignment.release_folder),
                f"run `autograder build {assignment.id}` where the solutions are, and copy "
                "student_release/ to this machine",
            )
    return files
