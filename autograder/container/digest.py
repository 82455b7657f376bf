"""Hash what an image was built from: the tool's files, and an assignment's."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from autograder import __version__
from autograder.assignment import Assignment
from autograder.assignment.course import SPEC
from autograder.assignment.released import original_bytes
from autograder.grading.planted_code import load_planted

_PACKAGE = Path(__file__).parent.parent


def built_from(assignment: Assignment) -> dict[str, str]:
    """Return the version and the hashes of what takes part in grading an assignment here."""
    rubric = sorted(assignment.rubric_folder.rglob("*.py"))
    files = (file for file in sorted(_PACKAGE.rglob("*.py")))
    released = hashlib.sha256()
    for path, data in sorted(original_bytes(assignment).items()):
        released.update(f"{path}\0{len(data)}\0".encode() + data)
    return {
        "version": __version__,
        "tool": _digest(files, _PACKAGE),
        "assignment": _digest([assignment.folder / SPEC, *rubric], assignment.folder),
        "released files": released.hexdigest(),
        **_planted(assignment),
    }


def _planted(assignment: Assignment) -> dict[str, str]:
    """Return the hash of the code that tests of students are run on, if there are such items."""
    code = [load_planted(assignment, item) for item in assignment.items if item.tests]
    if not code:
        return {}
    return {"code for students' tests": hashlib.sha256(repr(code).encode()).hexdigest()}


def _digest(files: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{file.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()
