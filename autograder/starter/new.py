"""Write a small complete assignment: a module, a notebook, a written answer, claims, a catalogue.

Its files are in `template/`, by their paths in the course with `.tmpl` at the end. `COURSE_ID`
is replaced by the id, in paths and texts. The assignment passes its audit as it is.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from autograder.assignment import assignment_ids
from autograder.assignment.tables import KEBAB_CASE
from autograder.atomic import write_atomic
from autograder.errors import AutograderError, UsageError

_ENDING = ".tmpl"
_ID = "COURSE_ID"


def write_assignment(root: Path, assignment_id: str) -> list[str]:
    """Write the files of a new assignment into a course.

    Args:
        root: the folder of the course; it may be empty.
        assignment_id: the id of the assignment.

    Returns:
        The paths of the files, from the course's folder.

    Raises:
        UsageError: the id is not one, or the course has such an assignment.
        AutograderError: a file cannot be written.
    """
    if not KEBAB_CASE.fullmatch(assignment_id):
        raise UsageError(
            f"'{assignment_id}' is not an id", "autograder new",
            "use lower-case letters, digits and single hyphens, such as 'week-1'",
        )  # fmt: skip
    taken = [f"{place}/{assignment_id}" for place in ("assignment", "solutions", "student_release")]
    for path in taken:
        if (root / path).exists():
            raise UsageError(
                "it is already there", str(root / path),
                f"choose another id; this course has {', '.join(assignment_ids(root)) or 'none'}",
            )  # fmt: skip
    written = []
    for path, data in sorted(_template().items()):
        target = root / path.replace(_ID, assignment_id)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(target, data.replace(_ID.encode(), assignment_id.encode()))
        except OSError as error:
            raise AutograderError(
                f"cannot be written ({error.strerror})", str(target), "choose another folder"
            ) from None
        written.append(target.relative_to(root).as_posix())
    return written


def _template() -> dict[str, bytes]:
    """Return the files of the template, by their paths in a course."""
    found: dict[str, bytes] = {}
    template = files("autograder.starter") / "template"
    if not template.is_dir():
        raise AutograderError(
            "this copy of the tool has no template for new assignments", str(template),
            "images for grading leave it out; run the command where the tool is installed",
        )  # fmt: skip
    waiting: list[tuple[str, Traversable]] = [("", template)]
    while waiting:
        place, folder = waiting.pop()
        for entry in folder.iterdir():
            if entry.is_dir():
                waiting.append((f"{place}{entry.name}/", entry))
            elif entry.name.endswith(_ENDING):
                found[place + entry.name.removesuffix(_ENDING)] = entry.read_bytes()
    return found
