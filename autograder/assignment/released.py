"""Find the files that a release copies unchanged, and the bytes it contains."""

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
"""Suffixes of files released as text: UTF-8 with line feeds, whatever the checkout has."""
_NEEDLESS = "requirements.txt"
"""Files that grading does not use: the grader decides what is installed."""


def is_text(path: str) -> bool:
    """Return whether a file is released as text, by its suffix."""
    return PurePosixPath(path).suffix in TEXT


def shipped_bytes(data: bytes, path: str, shown: str) -> bytes:
    """Return a file as it is released: text with line feeds, anything else unchanged.

    Args:
        data: its bytes in the solutions folder.
        path: its path relative to the release.
        shown: its name in messages.

    Raises:
        AssignmentErrors: it should be text but is not.
    """
    return decode_text(data, shown).encode() if is_text(path) else data


def original(assignment: Assignment, path: str) -> Path | None:
    """Return the instructor's copy of a file that is released unchanged; None if it is missing.

    A machine that only grades has no solutions; the release contains the same files.
    """
    for folder in (assignment.solutions, assignment.release_folder):
        if (folder / path).is_file():
            return folder / path
    return None


def original_bytes(assignment: Assignment) -> Mapping[str, bytes]:
    """Return the unchanged files of the release that student code gets in grading, by path.

    Raises:
        AssignmentErrors: one of them should be text but is not.
        AutograderError: one of them is missing.
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
                f"'{path}' of the release is missing, and student code may read it",
                assignment.show(assignment.release_folder),
                f"run `autograder build {assignment.id}` where the solutions are, and copy "
                "student_release/ to this machine",
            )
    return files
