"""Read a Moodle export: `Ada Lovelace_12345_assignsubmission_file_/` for each student.

The number is the participant's, as in Moodle's grading worksheet. Depending on version and settings
the folder's name ends with an underscore, or the files are at the top level, with that name before
their own. With blind marking the name is `Participant`. For a team the export has the group's name.

Moodle replaces underscores in a person's name by blanks, so the number follows the first one. An
entry with more underscores there, or with Moodle's marker twice, is ambiguous: a student may have
typed part of it.
"""

import re
from dataclasses import replace

from autograder.intake.export import Export, ExportEntry
from autograder.intake.gather import gathered, left_out, words_about_closed
from autograder.intake.hand_in import Intake, Submitter
from autograder.intake.loose_zips import inner_zips, words_about_inner
from autograder.intake.moodle_teams import with_teams
from autograder.platforms import Roster
from autograder.submission.kinds import stem_of
from autograder.text import one_line

_MARKER = "_assignsubmission_"
_ENTRY = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<number>[0-9]{1,20}))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?",
    re.DOTALL,
)

# Files and archives at the top level, by name and number of their student.
_Loose = dict[tuple[str, str], list[tuple[ExportEntry, str]]]
_Archives = dict[tuple[str, str], list[tuple[ExportEntry, re.Match[str]]]]


def is_moodle(top_entries: list[ExportEntry]) -> bool:
    """Return whether these are folders of a Moodle export: most are named as Moodle does it."""
    return 2 * sum(_MARKER in top_entry.name for top_entry in top_entries) > len(top_entries)


def read_moodle(export: Export, roster: Roster) -> Intake:
    """Return the submissions of a Moodle export.

    Args:
        export: the export.
        roster: the class according to Moodle's grading worksheet; it distinguishes teams from
            students.
    """
    intake = Intake()
    texts: list[Submitter] = []
    loose: _Loose = {}
    archives: _Archives = {}
    top_entries = export.top_entries()
    entries = [_entry(top_entry) for top_entry in top_entries]
    placeholders = _placeholder_names(entries)
    for top_entry, found in zip(top_entries, entries, strict=True):
        if found is None:
            _add_unknown(intake, top_entry)
            continue
        name = "" if found["name"] in placeholders else one_line(found["name"])
        students: tuple[Submitter, ...] = ()
        if found["number"]:
            students = (Submitter(found["number"], name),)
        if found["kind"] != "file":
            why = "a text was submitted"
            texts += (replace(student, why=why, place="moodle") for student in students)
            continue
        key = (found["name"], found["number"] or "")
        if top_entry.is_archive:  # the files of all students are at the top level
            archives.setdefault(key, []).append((top_entry, found))
        elif top_entry.is_folder or top_entry.is_link:
            _add(intake, top_entry, students, found)
        else:
            loose.setdefault(key, []).append((top_entry, found["file"] or top_entry.name))
    _add_archives(intake, archives, loose, placeholders)
    for (name, number), files in loose.items():
        _add_gathered(intake, export, "" if name in placeholders else name, number, files)
    with_teams(intake, roster)
    _add_without_files(intake, texts, roster)
    return intake


def _add_archives(
    intake: Intake, archives: _Archives, loose: _Loose, placeholders: set[str]
) -> None:
    """Add the archives at the top level, each to its student's loose files or as a submission."""
    for key, of_one in archives.items():
        if len(of_one) == 1 and key in loose:  # part of the submission
            top_entry, found = of_one[0]
            loose[key].append((top_entry, found["file"] or top_entry.name))
            continue
        name = "" if key[0] in placeholders else one_line(key[0])
        for top_entry, found in of_one:
            _add(intake, top_entry, (Submitter(key[1], name),) if key[1] else (), found)


def _add_without_files(intake: Intake, texts: list[Submitter], roster: Roster) -> None:
    """Add students without a submission: those of `texts`, and others in the worksheet."""
    handed_in = {student.id for one in intake.hand_ins for student in one.students}
    without = {student.id: student for student in texts if student.id not in handed_in}
    intake.without += without.values()
    intake.notes += [
        f"{student.name or student.id} has not submitted any file that can be graded."
        for student in without.values()
    ]
    if roster.moodle and handed_in:
        intake.without += [
            Submitter(number, one_line(row.name), row.email, place="moodle")
            for number, row in roster.moodle.items()
            if number not in handed_in | without.keys()
        ]


def _entry(top_entry: ExportEntry) -> re.Match[str] | None:
    return _ENTRY.fullmatch(top_entry.name) if top_entry.name.count(_MARKER) == 1 else None


def _placeholder_names(entries: list[re.Match[str] | None]) -> set[str]:
    """Return the words that replace participants' names when marking is blind."""
    named = {(found["name"], found["number"]) for found in entries if found and found["number"]}
    names = {name for name, _ in named}
    return {"Participant"} | (names if len(names) == 1 and len(named) > 2 else set())


def _add_gathered(
    intake: Intake, export: Export, name: str, number: str, files: list[tuple[ExportEntry, str]]
) -> None:
    """Add files of one student at the top level as one submission."""
    first = files[0][0]
    students = (Submitter(number, one_line(name)),) if number else ()
    unclear = "" if number else f"{one_line(first.name)} has no number, so its owner is unknown"
    if unclear:
        intake.notes.append(f"{unclear}.")
    intake.notes += words_about_closed([top_entry for top_entry, _ in files], name or number)
    intake.hand_ins.append(
        replace(
            gathered(export, files, intake),
            students=students,
            unclear=unclear,
            own_name="_".join(part for part in (name or "Participant", number) if part),
            origin=first.name,
            place="moodle" if students else "",
        )
    )


def _add(
    intake: Intake, top_entry: ExportEntry, students: tuple[Submitter, ...], found: re.Match[str]
) -> None:
    unclear = (
        "" if students else f"{one_line(top_entry.name)} has no number, so its owner is unknown"
    )
    if unclear:
        intake.notes.append(f"{unclear}.")
    own_name = "_".join(part for part in (found["name"], found["number"]) if part)
    if not top_entry.is_folder:  # the files of all students are at the top level
        own_name = f"{own_name} {stem_of(found['file'] or '')}".rstrip()
    intake.notes += words_about_inner(top_entry, found["name"])
    for one in inner_zips(top_entry):
        intake.hand_ins.append(
            replace(
                one.hand_in(),
                students=students,
                unclear=unclear,
                own_name=own_name + one.ending,
                origin=one.origin,
                place="moodle" if students else "",
            )
        )


def _add_unknown(intake: Intake, top_entry: ExportEntry) -> None:
    if not top_entry.is_hand_in:
        intake.notes.append(left_out(top_entry))
        return
    if _MARKER in top_entry.name:
        unclear = (
            f"{one_line(top_entry.name)} has more underscores or markers than Moodle writes, so "
            "its owner is unknown"
        )
    else:
        unclear = (
            f"{one_line(top_entry.name)} has no name as Moodle writes it, so its owner is unknown"
        )
    intake.notes.append(f"{unclear}.")
    for one in inner_zips(top_entry):
        intake.hand_ins.append(
            replace(
                one.hand_in(),
                unclear=unclear,
                own_name=top_entry.stem + one.ending,
                origin=one.origin,
            )
        )
