"""Read a Canvas export: each submitted file is named `name_LATE_user_file_original`.

The name is the sortable one, in lower case without blanks; LATE is optional; the numbers are
Canvas's ids of the user and of the file. A second file of the same name gets `-1`. With anonymous
grading, `anon_` and five letters replace name and user id. Older versions wrote everything in lower
case.

Students choose their own name and the names of their files; both may contain numbers between
underscores. So a file name is parsed in every way that Canvas could have produced it. If that
yields more than one user, the owner is not guessed but unclear.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from autograder.intake.canvas_groups import with_groups
from autograder.intake.export import Export, ExportEntry
from autograder.intake.gather import gathered, left_out, words_about_closed
from autograder.intake.hand_in import HandIn, Intake, Submitter
from autograder.intake.loose_zips import Found
from autograder.platforms import Roster, squashed
from autograder.text import one_line

_NUMBER = re.compile(r"[1-9][0-9]{0,19}")  # Canvas counts from 1, without leading zeros
_NUMBERED = re.compile(r"^(.+)-[0-9]{1,3}(\.[^.]+)$", re.DOTALL)
_PAGES = ("text.html", "link.html")
_ANONYMOUS = re.compile(
    r"(?P<late>LATE_|late_)?(?P<user>anon_[A-Za-z0-9]{5})"
    r"_(?:(?P<file>[1-9][0-9]{0,19})_(?P<original>.+)|(?:text|link)\.html)",
    re.DOTALL,
)
_MARKS = {"\u200c", "\u200d"}  # joiners, parts of words in some scripts


@dataclass(frozen=True)
class _FileName:
    """One way to parse a file's name.

    Attributes:
        user: Canvas's number of the user, or `anon_` and five letters.
        name: the user's name, as far as it is known.
        late: whether the file is marked as late.
        number: Canvas's number of the file; None for a page that holds a text or link.
        original: the student's name for the file.
    """

    user: str
    name: str
    late: bool
    number: int | None
    original: str = ""


@dataclass(frozen=True)
class _File:
    """A file of an export whose owner is unambiguous."""

    top_entry: ExportEntry
    reading: _FileName


def is_canvas(top_entries: list[ExportEntry]) -> bool:
    """Return whether these are files of a Canvas export: most have names as Canvas writes them."""
    return 2 * sum(_is_named_by_canvas(top_entry) for top_entry in top_entries) > len(top_entries)


def read_canvas(export: Export, roster: Roster) -> Intake:
    """Return the submissions of a Canvas export.

    Args:
        export: the export.
        roster: the class according to Canvas's own files; it resolves ambiguous file names and
            says who is in a group.
    """
    intake = Intake()
    files: list[_File] = []
    top_entries = export.top_entries()
    found = _readings_of_all(top_entries)
    may_settle = bool(roster.canvas) and _is_whole(roster, found, intake)
    for top_entry, readings in zip(top_entries, found, strict=True):
        if may_settle:
            readings = _settled(readings, roster)
        users = {reading.user for reading in readings}
        if len(users) == 1:
            reading = readings[0]
            if len(readings) > 1 and any(other != reading for other in readings):
                reading = replace(reading, name="", late=False)
            if reading.number is None:
                intake.notes.append(
                    f"{one_line(top_entry.name)} is a text or link and cannot be graded."
                )
                why = "a text or link was submitted"
                intake.without.append(
                    Submitter(reading.user, reading.name, why=why, place="canvas")
                )
            else:
                files.append(_File(top_entry, reading))
        elif users:
            _add_unclear(intake, top_entry, sorted(users))
        elif top_entry.is_hand_in:
            name = one_line(top_entry.name)
            reason = f"{name} has no name as Canvas writes it, so its owner is unknown"
            _add_unknown(intake, top_entry, reason)
        else:
            intake.notes.append(left_out(top_entry))
    for user, of_user in groupby(sorted(files, key=_by_user), key=lambda file: file.reading.user):
        _add(intake, export, user, list(of_user))
    with_groups(intake, roster)
    return intake


def _is_whole(roster: Roster, found: list[list[_FileName]], intake: Intake) -> bool:
    """Return whether everyone whom a file names for certain is in the roster.

    With a roster of only part of the class, a wrong student's id could be the only one that fits.
    """
    certain = {readings[0].user for readings in found if len({one.user for one in readings}) == 1}
    missing = sorted(user for user in certain - roster.canvas.keys() if user.isdigit())
    if missing:
        intake.notes.append(
            f"Canvas' gradebook does not list {', '.join(missing[:4])}, so it was not used to "
            "identify owners; give the gradebook of the whole class."
        )
    return not missing


def _settled(readings: list[_FileName], roster: Roster) -> list[_FileName]:
    """Return the readings of the only student in the class with this id and name, if any.

    If two ids of the class fit, the owner is not guessed: one student may have typed the other's.
    """
    of_class = [reading for reading in readings if reading.user in roster.canvas]
    users = {reading.user for reading in of_class}
    if len(users) != 1:
        return readings
    [user] = users
    names = {squashed(roster.canvas[user].name)}
    names |= {name for name, members in roster.canvas_groups.items() if user in members}
    return [reading for reading in of_class if reading.name in names] or readings


def _add(intake: Intake, export: Export, user: str, files: list[_File]) -> None:
    """Add the submission of one user; `files` are sorted, the latest last."""
    names = {file.reading.name for file in files}
    student = Submitter(user, names.pop() if len(names) == 1 else "")
    archives = [file for file in files if file.top_entry.is_archive or file.top_entry.is_link]
    loose = _latest([file for file in files if file not in archives], intake)
    if loose:
        # The latest submission; an archive next to single files is part of it.
        together = sorted([*loose, *archives[-1:]], key=_by_user)
        archives = archives[:-1]
        intake.notes += words_about_closed([file.top_entry for file in together], user)
        parts = [(file.top_entry, file.reading.original) for file in together]
        found = gathered(export, parts, intake)
        intake.hand_ins.append(_of(student, together[-1], found))
    for file in archives:
        intake.hand_ins.append(
            _of(student, file, Found(file.top_entry, file.top_entry.path).hand_in())
        )


def _of(student: Submitter, file: _File, found: HandIn) -> HandIn:
    reading = file.reading
    name = "_".join(part for part in (reading.name, student.id, str(reading.number)) if part)
    return replace(
        found,
        students=(student,),
        late=reading.late,
        sequence=reading.number,
        own_name=name,
        origin=file.top_entry.name,
        place="canvas",
    )


def _latest(files: list[_File], intake: Intake) -> list[_File]:
    """Return the latest file of each name: Canvas adds `-1` to a later one of the same name.

    `lab-1.ipynb` and `lab-2.ipynb` are two files, unless there is `lab.ipynb`.
    """
    names = {file.reading.original.casefold() for file in files}
    by_name: dict[str, _File] = {}
    for file in files:
        name = file.reading.original.casefold()
        first = _NUMBERED.sub(r"\1\2", name)
        key = first if first in names else name
        if (earlier := by_name.get(key)) is not None:
            intake.notes.append(
                f"{one_line(earlier.top_entry.name)} was ignored: "
                f"{one_line(file.top_entry.name)} is later."
            )
        by_name[key] = file
    return list(by_name.values())


def _add_unclear(intake: Intake, top_entry: ExportEntry, users: list[str]) -> None:
    shown = " or ".join(users[:4])
    reason = (
        f"{one_line(top_entry.name)} may have been submitted by {shown}: a name or a file's name "
        "contains numbers of the form that Canvas uses"
    )
    _add_unknown(intake, top_entry, reason, place="canvas")


def _add_unknown(intake: Intake, top_entry: ExportEntry, reason: str, place: str = "") -> None:
    intake.notes.append(f"{reason}.")
    intake.hand_ins.append(
        replace(
            Found(top_entry, top_entry.path).hand_in(),
            unclear=reason,
            own_name=top_entry.stem,
            origin=top_entry.name,
            place=place,
        )
    )


def _by_user(file: _File) -> tuple[str, int]:
    return (file.reading.user, file.reading.number or 0)


def _is_named_by_canvas(top_entry: ExportEntry) -> bool:
    return not top_entry.is_folder and bool(
        _anonymous(top_entry.name) or any(_named(top_entry.name))
    )


def _readings_of_all(top_entries: list[ExportEntry]) -> list[list[_FileName]]:
    """Return, for each entry, all readings that fit an export of these files.

    An export is either anonymous or not, and marks late files in capital letters or not: if one
    file can only be read in one way, the others are read in that way too.
    """
    files = [None if top_entry.is_folder else top_entry.name for top_entry in top_entries]
    anonymous = [None if name is None else _anonymous(name) for name in files]
    named = [[] if name is None else list(_named(name)) for name in files]
    only_anonymous = any(one and not many for one, many in zip(anonymous, named, strict=True))
    only_named = any(many and not one for one, many in zip(anonymous, named, strict=True))
    found = []
    for one, many in zip(anonymous, named, strict=True):
        readings = list(many) if only_named or not only_anonymous or one is None else []
        if one is not None and (only_anonymous or not only_named):
            readings.append(one)
        found.append(readings)
    if any(_are_late(readings) for readings in found):
        return found
    return [[_with_old_mark(reading) for reading in readings] for readings in found]


def _are_late(readings: list[_FileName]) -> bool:
    """Return whether a file is marked as late in every reading."""
    return bool(readings) and all(reading.late for reading in readings)


def _with_old_mark(reading: _FileName) -> _FileName:
    """Read the late mark of an older Canvas, in lower case like everything else."""
    if reading.late or not reading.name.endswith("_late"):
        return reading
    return replace(reading, name=reading.name.removesuffix("_late"), late=True)


def _anonymous(name: str) -> _FileName | None:
    found = _ANONYMOUS.fullmatch(name)
    if found is None:
        return None
    number = int(found["file"]) if found["file"] else None
    return _FileName(found["user"], "", found["late"] is not None, number, found["original"] or "")


def _named(file: str) -> Iterator[_FileName]:
    """Yield every way to parse a file's name as `name_LATE_user_file_original`."""
    parts = file.split("_")
    for at in range(1, len(parts) - 1):
        if not _is_word("".join(parts[:at])):
            return
        if not _NUMBER.fullmatch(parts[at]):
            continue
        rest = "_".join(parts[at + 1 :])
        number = int(parts[at + 1]) if _NUMBER.fullmatch(parts[at + 1]) else None
        if number is None and rest not in _PAGES:
            continue
        if number is not None and len(parts) == at + 2:
            continue  # no file name follows
        late = parts[at - 1] == "LATE" and at > 1
        name = "_".join(parts[: at - late])
        if name == name.lower():  # Canvas writes names in lower case
            yield _FileName(parts[at], name, late, number, "_".join(parts[at + 2 :]))


def _is_word(text: str) -> bool:
    """Return whether text has only letters, marks, digits and underscores, as Ruby's words do."""
    return all(
        sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc", "Me", "Pc") or sign in _MARKS
        for sign in text
    )
