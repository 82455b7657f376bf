"""Read a Gradescope export: `submission_metadata.yml` and a folder for each submission.

    submission_98765:
      :submitters:
      - :name: Ada Lovelace
        :sid: '1815'
        :email: ada@example.edu
      :created_at: 2026-10-01 12:00:00.000000000 Z

Several submitters form a group. Names, numbers and addresses are those of accounts. The keys are
Gradescope's; only those that name a folder next to the file are read.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from autograder.errors import UsageError
from autograder.intake.export import Export, ExportEntry
from autograder.intake.gather import left_out
from autograder.intake.hand_in import Intake, Submitter
from autograder.intake.loose_zips import inner_zips, words_about_inner
from autograder.intake.metadata_yaml import NoMetadata, read_entries
from autograder.platforms import Roster
from autograder.text import one_line

METADATA = "submission_metadata.yml"
_NOTHING = ("", "~", "null")
_FOLDER = re.compile(r"submission_[0-9]+")

_Submitter = tuple[str, str, str]  # name, student number, email


def is_gradescope(top_entries: list[ExportEntry]) -> bool:
    """Return whether these are an export: the file, and mostly folders named by Gradescope."""
    folders = [top_entry for top_entry in top_entries if top_entry.is_folder]
    named = [top_entry for top_entry in folders if _FOLDER.fullmatch(top_entry.name)]
    has_metadata = any(
        top_entry.name == METADATA and not top_entry.is_folder for top_entry in top_entries
    )
    return has_metadata and 2 * len(named) > len(folders)


def read_gradescope(export: Export, roster: Roster) -> Intake:
    """Return the submissions of a Gradescope export; `roster` says who was late.

    Raises:
        UsageError: its metadata cannot be read.
    """
    entries = _entries(export)
    intake = Intake()
    top_entries = {
        top_entry.name: top_entry
        for top_entry in export.top_entries()
        if top_entry.name != METADATA
    }
    for name in sorted(entries.keys() - top_entries.keys()):
        intake.notes.append(f"{METADATA} names {one_line(name)}, which is missing.")
    people = _people(entries)
    for name, top_entry in top_entries.items():
        if top_entry.is_hand_in:
            _add(intake, top_entry, entries.get(name), people, roster)
        else:
            intake.notes.append(left_out(top_entry))
    return intake


def _add(
    intake: Intake,
    top_entry: ExportEntry,
    entry: Mapping[str, Any] | None,
    people: Mapping[_Submitter, Submitter],
    roster: Roster,
) -> None:
    submitters = list(_submitters(entry or {}))
    students = tuple(people[key] for key in submitters if key in people)
    unclear = ""
    if entry is None:
        unclear = f"{METADATA} does not name {one_line(top_entry.name)}, so its owner is unknown"
    elif not students:
        unclear = f"{METADATA} gives neither a number nor an email of its submitter"
    if entry is None:
        intake.notes.append(f"{unclear}.")
    elif len(students) < len(submitters):
        intake.notes.append(
            f"{one_line(top_entry.name)}: a submitter has neither a student number nor an email "
            "and cannot be identified."
        )
    number = top_entry.name.removeprefix("submission_")
    shown = one_line(", ".join(name for name, _, _ in submitters if name), 70)
    own_name = f"{shown} {number}" if shown else top_entry.stem
    intake.notes += words_about_inner(top_entry, own_name)
    by_gradescope = top_entry.is_folder and _FOLDER.fullmatch(top_entry.name) is not None
    for one in inner_zips(top_entry):
        intake.hand_ins.append(
            replace(
                one.hand_in(),
                students=students,
                unclear=unclear,
                late=_late(number, submitters, roster),
                submitted_at=_time(str(_value(entry or {}, "created_at"))),
                own_name=own_name + one.ending,
                origin=one.origin,
                place="gradescope" if by_gradescope else "",
            )
        )


def _late(number: str, submitters: list[_Submitter], roster: Roster) -> bool | None:
    """Return whether a submission was late, by its number or else by its submitters."""
    keys = [f"Submission ID:{number}"]
    keys += [f"Email:{email.casefold()}" for _, _, email in submitters if email]
    return next((roster.late[key] for key in keys if key in roster.late), None)


def _entries(export: Export) -> dict[str, dict[str, Any]]:
    data = export.read(METADATA)
    try:
        return read_entries(
            data or b"",
            ("submitters", "created_at"),
            lambda key: _FOLDER.fullmatch(key) is not None,
        )
    except NoMetadata as error:
        raise UsageError(
            f"{METADATA} cannot be read: it {one_line(str(error))}", export.shown,
            "export from Gradescope again",
        ) from None  # fmt: skip


def _people(entries: Mapping[str, Mapping[str, Any]]) -> dict[_Submitter, Submitter]:
    """Return everyone who can be identified: by number, else by email."""
    submitters = {key for entry in entries.values() for key in _submitters(entry)}
    emails_of: dict[str, set[str]] = {}
    for _, number, email in submitters:
        emails_of.setdefault(number, set()).update({email.casefold()} - {""})
    people = {}
    for key in submitters:
        name, number, email = key
        shared = len(emails_of[number]) > 1  # two people typed the same number
        student_id = number if number and not shared else email
        if student_id:
            people[key] = Submitter(student_id, name, email)
    return people


def _submitters(entry: Mapping[str, Any]) -> Iterator[_Submitter]:
    submitters = _value(entry, "submitters")
    for one in submitters if isinstance(submitters, list) else ():
        if isinstance(one, Mapping):
            values = (_value(one, key) for key in ("name", "sid", "email"))
            name, number, email = (
                one_line(value) if isinstance(value, str) else "" for value in values
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
