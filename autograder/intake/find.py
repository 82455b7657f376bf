"""Find the submissions to grade: the PATHs of a command line, and the places after `--from`.

A place is a folder or a zip: an export of Gradescope, Canvas or Moodle, which names the owners of
submissions, or plain folders and zips, of which only the names are known. Only the top level of a
place is read as an export; the content of a submission never says anything about its owner.
"""

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from autograder.intake.canvas import is_canvas, read_canvas
from autograder.intake.class_list import name_owners
from autograder.intake.export import Export, ExportEntry
from autograder.intake.gather import gathered, left_out, words_about_closed
from autograder.intake.gradescope import METADATA, is_gradescope, read_gradescope
from autograder.intake.hand_in import HandIn, Intake
from autograder.intake.loose_zips import Found, inner_zips, words_about_inner
from autograder.intake.moodle import is_moodle, read_moodle
from autograder.intake.places import open_export
from autograder.platforms import Roster
from autograder.submission import find_submissions
from autograder.submission.kinds import stem_of
from autograder.submission.loose import original_name
from autograder.submission.names import distinct_names
from autograder.text import one_line


def find_hand_ins(
    paths: Iterable[Path],
    places: Iterable[Path],
    workspace: Path,
    roster: Roster | None = None,
) -> Intake:
    """Return the submissions at `paths`, then those in `places`, under distinct names.

    Args:
        paths: folders or zips, as given by the user.
        places: folders or zips with the submissions of a class.
        workspace: a private folder for files extracted from zips.
        roster: the class according to the platforms' own files.

    Raises:
        UsageError: a place cannot be read.
    """
    whole = Intake([_named(path) for path in paths])
    try:
        for number, place in enumerate(places):
            folder = workspace / str(number)
            folder.mkdir()
            _take_in(place, folder, whole, roster or Roster())
    except BaseException:
        whole.close()
        raise
    _leave_out_repeated(whole)
    if roster is not None:
        name_owners(whole, roster.listed)
    names = distinct_names(one.own_name for one in whole.hand_ins)
    whole.hand_ins = [
        replace(one, submission=replace(one.submission, name=name))
        for name, one in zip(names, whole.hand_ins, strict=True)
    ]
    return whole


def _take_in(place: Path, workspace: Path, whole: Intake, roster: Roster) -> None:
    """Add the submissions of a place."""
    export = open_export(place, workspace)
    whole.closing.append(export.close)
    found = _read(_root(export, place), roster)
    where = os.path.realpath(place)
    if not place.is_dir():
        where = stem_of(where)  # the folder it was or will be unpacked to
    whole.hand_ins += [one if one.place else replace(one, place=where) for one in found.hand_ins]
    whole.without += found.without
    whole.notes += found.notes
    whole.later += found.later


def _leave_out_repeated(intake: Intake) -> None:
    """Drop submissions given twice, for example by path and by the folder of the class."""
    kept: dict[tuple[str, str], HandIn] = {}
    for one in intake.hand_ins:
        if kept.setdefault((one.origin, one.place), one) is not one:
            intake.notes.append(f"{one_line(one.own_name)} was given twice and graded once.")
    intake.hand_ins = list(kept.values())


def _named(path: Path) -> HandIn:
    [submission] = find_submissions([path])
    whole = Path(os.path.abspath(path))
    return HandIn(
        submission,
        own_name=submission.name,
        origin=whole.name,
        place=os.path.realpath(whole.parent),
    )


def _read(export: Export, roster: Roster) -> Intake:
    top_entries = export.top_entries()
    if is_gradescope(top_entries):
        intake = read_gradescope(export, roster)
    elif is_canvas(top_entries):
        intake = read_canvas(export, roster)
    elif is_moodle(top_entries):
        intake = read_moodle(export, roster)
    else:
        intake = _plain(export, top_entries)
        if any(
            top_entry.name == METADATA and not top_entry.is_hand_in for top_entry in top_entries
        ):
            intake.notes.append(
                f"{export.shown}: {METADATA} was not read, because most of the folders next to it "
                "do not have names as Gradescope writes them."
            )
    intake.notes += export.notes
    return intake


def _root(export: Export, place: Path) -> Export:
    """Return the folder in a zip that has the zip's own name, if it contains a class.

    Compressing a folder produces such a zip, and Gradescope's export is one. Any other folder may
    be a student's.
    """
    top_entries = export.top_entries()
    if len(top_entries) != 1 or not top_entries[0].is_folder or is_moodle(top_entries):
        return export
    name = top_entries[0].name
    inner = export.inner(name)
    within = inner.top_entries()
    notebooks = sum(top_entry.name.casefold().endswith(".ipynb") for top_entry in within)
    is_class = is_gradescope(within) or is_canvas(within) or is_moodle(within)
    if place.is_dir():
        notebooks = 0  # a student's folder may contain several
    if not (is_class or sum(top_entry.is_archive for top_entry in within) > 1 or notebooks > 1):
        return export
    if not place.is_dir() and stem_of(original_name(place.name)).casefold() == name.casefold():
        inner.notes += export.notes
        return inner
    remedy = f"--from {place / name}" if place.is_dir() else "unpack the zip and give --from it"
    export.notes.append(
        f"{export.shown} contains only the folder {one_line(name)}, which was graded as one "
        f"submission; if it contains the submissions of a class, {one_line(remedy)}."
    )
    return export


def _plain(export: Export, top_entries: list[ExportEntry]) -> Intake:
    """Return the submissions of a place that is not an export: each folder, archive or file.

    Files that differ only by suffix (`anna.ipynb`, `anna.pdf`) are one submission.
    """
    intake = Intake()
    loose: dict[str, list[ExportEntry]] = {}
    archives = Counter(top_entry.stem for top_entry in top_entries if top_entry.is_archive)
    stems = {
        _stem(top_entry)
        for top_entry in top_entries
        if not (top_entry.is_folder or top_entry.is_archive)
    }
    for top_entry in top_entries:
        is_part = top_entry.is_archive and archives[top_entry.stem] == 1 and top_entry.stem in stems
        if not is_part and (top_entry.is_folder or top_entry.is_archive or top_entry.is_link):
            intake.notes += words_about_inner(top_entry, top_entry.name)
            intake.hand_ins += [
                replace(one.hand_in(), own_name=top_entry.stem + one.ending, origin=one.origin)
                for one in inner_zips(top_entry)
            ]
        elif top_entry.name != METADATA:
            loose.setdefault(_stem(top_entry), []).append(top_entry)
    for stem, of_one in loose.items():
        graded = [top_entry for top_entry in of_one if top_entry.is_hand_in]
        if not graded:
            intake.notes += map(left_out, of_one)
            continue
        intake.notes += words_about_closed(graded, stem)
        found = Found(graded[0], graded[0].path).hand_in()
        if len(of_one) > 1:
            found = gathered(export, [(top_entry, top_entry.name) for top_entry in of_one], intake)
        origin = next(
            (top_entry.name for top_entry in graded if top_entry.is_archive), graded[0].name
        )
        intake.hand_ins.append(replace(found, own_name=stem, origin=origin))
    intake.hand_ins.sort(key=lambda one: one.origin)
    return intake


def _stem(top_entry: ExportEntry) -> str:
    """Return a file's name without its suffix."""
    return top_entry.stem if top_entry.is_hand_in else top_entry.name.rpartition(".")[0]
