"""A Gradescope export: `submission_metadata.yml` beside a folder for each submission.

    submission_98765:
      :submitters:
      - :name: Ada Lovelace
        :sid: '1815'
        :email: ada@example.edu
      :created_at: 2026-10-01 12:00:00.000000000 Z

Several submitters are a group.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from autograder.errors import UsageError
from autograder.intake.hand_in import HandIn, Intake, Student
from autograder.intake.loose_zips import inner_zips
from autograder.intake.metadata_yaml import NoMetadata, read_entries
from autograder.intake.shelf import Shelf, Slot
from autograder.submission import Submission, one_line

METADATA = "submission_metadata.yml"
_NOTHING = ("", "~", "null")

_Submitter = tuple[str, str, str]  # name, student number, email


def read_gradescope(shelf: Shelf, metadata: bytes) -> Intake:
    """Return what a Gradescope export holds.

    Raises:
        UsageError: its metadata is no YAML.
    """
    entries = _entries(shelf, metadata)
    intake = Intake()
    slots = {slot.name: slot for slot in shelf.slots() if slot.name != METADATA}
    for name in sorted(entries.keys() - slots.keys()):
        intake.notes.append(f"{METADATA} names {one_line(name)}, which is not there.")
    people = _people(entries)
    for name, slot in slots.items():
        if not (slot.is_folder or slot.is_zip):
            continue
        entry = entries.get(name)
        if entry is None:
            intake.notes.append(f"{METADATA} does not name {one_line(name)}, so nobody owns it.")
        _add(intake, slot, entry or {}, people)
    return intake


def _add(
    intake: Intake, slot: Slot, entry: Mapping[str, Any], people: Mapping[_Submitter, Student]
) -> None:
    submitters = list(_submitters(entry))
    students = tuple(people[key] for key in submitters if key in people)
    if len(students) < len(submitters):
        intake.notes.append(
            f"{one_line(slot.name)}: a submitter has neither a student number nor an email, so it "
            "is not sure who that is."
        )
    number = re.sub(r"^submission_", "", slot.name)
    shown = one_line(", ".join(name for name, _, _ in submitters if name), 70)
    own_name = f"{shown} {number}" if shown else slot.name
    for ending, path, sequence in inner_zips(slot):
        intake.hand_ins.append(
            HandIn(
                Submission(own_name + ending, path),
                students,
                submitted_at=_time(str(_value(entry, "created_at"))),
                sequence=sequence,
                fetch=slot.fetch,
                drop=slot.drop,
            )
        )


def _entries(shelf: Shelf, metadata: bytes) -> dict[str, dict[str, Any]]:
    try:
        return read_entries(metadata, ("submitters", "created_at"))
    except NoMetadata:
        raise UsageError(
            f"{METADATA} cannot be read", shelf.shown, "export from Gradescope again"
        ) from None


def _people(entries: Mapping[str, Mapping[str, Any]]) -> dict[_Submitter, Student]:
    """Everybody who can be told from all others: by number, else by email."""
    submitters = {key for entry in entries.values() for key in _submitters(entry)}
    emails_of: dict[str, set[str]] = {}
    for _, number, email in submitters:
        emails_of.setdefault(number, set()).update({email.casefold()} - {""})
    people = {}
    for key in submitters:
        name, number, email = key
        shared = len(emails_of[number]) > 1  # two people have typed the same number
        student_id = number if number and not shared else email
        if student_id:
            people[key] = Student(student_id, name, email)
    return people


def _submitters(entry: Mapping[str, Any]) -> Iterator[_Submitter]:
    submitters = _value(entry, "submitters")
    for one in submitters if isinstance(submitters, list) else ():
        if isinstance(one, Mapping):
            name, number, email = (
                one_line(str(_value(one, key))) for key in ("name", "sid", "email")
            )
            yield name, number, email


def _value(mapping: Mapping[str, Any], key: str) -> Any:
    value = mapping.get(key, "")
    return "" if isinstance(value, str) and value in _NOTHING else value


def _time(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(re.sub(r"\s+(?=Z|[+-]\d\d)", "", text.strip()))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
