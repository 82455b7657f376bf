"""A Canvas export: one file for each that was handed in, named `name_LATE_user_file_original`.

The name is the sortable one, in small letters and without blanks; LATE stands there or does not;
then come Canvas's numbers of the user and of the file. A second file of the same name gets `-1`.
With anonymous grading `anon_` and five letters stand for name and number. Canvas itself takes the
first two numbers in a row for those of user and file, and so is it done here.
"""

import re
from dataclasses import dataclass
from itertools import groupby

from autograder.intake.hand_in import HandIn, Intake, Student
from autograder.intake.shelf import Shelf, Slot
from autograder.submission import Submission, one_line

# With the number of the file and its name, or as the page that stands for a text or link.
_REST = r"(?:(?P<file>\d+)_(?P<original>.+)|(?:text|link)\.html)"
_ANONYMOUS = re.compile(rf"(?P<late>LATE_)?(?P<user>anon_[A-Za-z0-9]{{5}})_{_REST}")
_NAMED = re.compile(rf"(?P<name>\w+?)_(?P<late>LATE_)?(?P<user>\d+)_{_REST}")


@dataclass(frozen=True)
class _File:
    """A file of an export, with what its name says."""

    slot: Slot
    name: str
    late: bool
    user: str
    number: int


def is_canvas(slots: list[Slot]) -> bool:
    """Whether these are the files of a Canvas export: most of them are named as Canvas does it."""
    named = [slot for slot in slots if _named_by_canvas(slot)]
    return 2 * len(named) > len(slots)


def read_canvas(shelf: Shelf) -> Intake:
    """Return what a Canvas export holds."""
    intake = Intake()
    files: list[_File] = []
    for slot in shelf.slots():
        found = _named_by_canvas(slot)
        name = found.groupdict().get("name") or "" if found is not None else ""
        if found is not None and found["file"]:
            late, number = found["late"] is not None, int(found["file"])
            files.append(_File(slot, name, late, found["user"], number))
        elif found is not None:
            intake.notes.append(f"{one_line(slot.name)} is a text or link, nothing to grade.")
            intake.without.append(Student(found["user"], name))
        elif slot.is_folder or slot.is_zip:
            intake.notes.append(f"{one_line(slot.name)} is not named by Canvas, so nobody owns it.")
            name = slot.name if slot.is_folder else slot.name[: -len(".zip")]
            intake.hand_ins.append(
                HandIn(Submission(name, slot.path), fetch=slot.fetch, drop=slot.drop)
            )
    for user, of_user in groupby(sorted(files, key=_by_user), key=lambda file: file.user):
        _add(intake, user, list(of_user))
    return intake


def _add(intake: Intake, user: str, files: list[_File]) -> None:
    student = Student(user, files[0].name)
    others = [file for file in files if not file.slot.is_zip]
    if others:
        shown = ", ".join(one_line(file.slot.name) for file in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        intake.notes.append(f"{shown}{more}: no zip, so it was left out.")
    if len(others) == len(files):
        intake.without.append(student)
    for file in files:
        if file.slot.is_zip:
            name = "_".join(part for part in (file.name, user, str(file.number)) if part)
            intake.hand_ins.append(
                HandIn(
                    Submission(name, file.slot.path),
                    (student,),
                    late=file.late,
                    sequence=file.number,
                    fetch=file.slot.fetch,
                    drop=file.slot.drop,
                )
            )


def _by_user(file: _File) -> tuple[str, str, int]:
    return (file.name, file.user, file.number)


def _named_by_canvas(slot: Slot) -> re.Match[str] | None:
    if slot.is_folder:
        return None
    return _ANONYMOUS.fullmatch(slot.name) or _NAMED.fullmatch(slot.name)
