"""A Moodle export: `Ada Lovelace_12345_assignsubmission_file_/` for each student.

The number is the participant's, as in Moodle's grading worksheet. Depending on version and settings
the folder's name has an underscore at its end, or the files lie at the top, under that name and
their own. With blind marking the name is `Participant`. Of a team the export has the group's name.
"""

import re

from autograder.intake.hand_in import HandIn, Intake, Student
from autograder.intake.loose_zips import inner_zips
from autograder.intake.shelf import Shelf, Slot
from autograder.submission import Submission, one_line

_ENTRY = re.compile(
    r"(?P<name>.+?)(?:_(?P<number>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?"
)


def is_moodle(slots: list[Slot]) -> bool:
    """Whether these are the folders of a Moodle export: most of them are named as Moodle does."""
    return 2 * sum(_ENTRY.fullmatch(slot.name) is not None for slot in slots) > len(slots)


def read_moodle(shelf: Shelf) -> Intake:
    """Return what a Moodle export holds."""
    intake = Intake()
    texts: list[Student] = []
    for slot in shelf.slots():
        found = _ENTRY.fullmatch(slot.name)
        if found is None:
            _add_unknown(intake, slot)
            continue
        blind = found["name"] == "Participant"
        students: tuple[Student, ...] = ()
        if found["number"]:
            students = (Student(found["number"], "" if blind else one_line(found["name"])),)
        if found["kind"] != "file":
            texts += students
        elif not (slot.is_folder or slot.is_zip):
            intake.notes.append(f"{one_line(slot.name)}: no zip, so it was left out.")
            texts += students
        else:
            _add(intake, slot, students, found)
    handed_in = {student.id for one in intake.hand_ins for student in one.students}
    without = {student.id: student for student in texts if student.id not in handed_in}
    intake.without += without.values()
    intake.notes += [
        f"{student.name or student.id} has handed in no file that can be graded."
        for student in without.values()
    ]
    return intake


def _add(intake: Intake, slot: Slot, students: tuple[Student, ...], found: re.Match[str]) -> None:
    if not students:
        intake.notes.append(f"{one_line(slot.name)} has no number, so nobody owns it.")
    own_name = "_".join(part for part in (found["name"], found["number"]) if part)
    if not slot.is_folder:  # the files of all students lie side by side
        own_name += f" {(found['file'] or '')[: -len('.zip')]}"
    for ending, path, sequence in inner_zips(slot):
        intake.hand_ins.append(
            HandIn(
                Submission(own_name + ending, path),
                students,
                sequence=sequence,
                fetch=slot.fetch,
                drop=slot.drop,
            )
        )


def _add_unknown(intake: Intake, slot: Slot) -> None:
    if slot.is_folder or slot.is_zip:
        intake.notes.append(f"{one_line(slot.name)} is not named by Moodle, so nobody owns it.")
        name = slot.name if slot.is_folder else slot.name[: -len(".zip")]
        intake.hand_ins.append(
            HandIn(Submission(name, slot.path), fetch=slot.fetch, drop=slot.drop)
        )
