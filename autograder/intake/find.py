"""Find what is to be graded: the PATHs of a command line, and the places after `--from`.

A place is a folder or a zip: an export of Gradescope, Canvas or Moodle, which says whose the
submissions are, or plain folders and zips, of which nobody knows more than the name.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from autograder.intake.canvas import is_canvas, read_canvas
from autograder.intake.gradescope import METADATA, read_gradescope
from autograder.intake.hand_in import HandIn, Intake
from autograder.intake.loose_zips import inner_zips
from autograder.intake.moodle import is_moodle, read_moodle
from autograder.intake.shelf import Shelf, Slot, open_shelf
from autograder.submission import Submission, find_submissions
from autograder.submission.names import distinct_names


def find_hand_ins(paths: Iterable[Path], places: Iterable[Path], workspace: Path) -> Intake:
    """Return the submissions at `paths`, then those in `places`, under names that differ.

    Args:
        paths: a folder or zip each, as they were named.
        places: folders or zips with the submissions of a class.
        workspace: a private folder for what is fetched out of zips.

    Raises:
        UsageError: a place cannot be read.
    """
    whole = Intake([HandIn(submission) for submission in find_submissions(paths)])
    for number, place in enumerate(places):
        folder = workspace / str(number)
        folder.mkdir()
        shelf = open_shelf(place, folder)
        whole.closing.append(shelf.close)
        found = _read(_root(shelf))
        whole.hand_ins += found.hand_ins
        whole.without += found.without
        whole.notes += found.notes
    names = distinct_names(one.submission.name for one in whole.hand_ins)
    whole.hand_ins = [
        replace(one, submission=Submission(name, one.submission.path))
        for name, one in zip(names, whole.hand_ins, strict=True)
    ]
    return whole


def _read(shelf: Shelf) -> Intake:
    metadata = shelf.read(METADATA)
    slots = [slot for slot in shelf.slots() if slot.name != METADATA]
    if metadata is not None:
        intake = read_gradescope(shelf, metadata)
    elif is_canvas(slots):
        intake = read_canvas(shelf)
    elif is_moodle(slots):
        intake = read_moodle(shelf)
    else:
        intake = Intake([one for slot in slots for one in _plain(slot)])
    intake.notes += shelf.notes
    return intake


def _root(shelf: Shelf) -> Shelf:
    """Return the one folder at the top of a place, where it is that which holds the export."""
    slots = shelf.slots()
    if len(slots) != 1 or not slots[0].is_folder or is_moodle(slots):
        return shelf
    inner = shelf.inner(slots[0].name)
    within = inner.slots()
    is_export = any(slot.name == METADATA for slot in within) or is_canvas(within)
    if is_export or is_moodle(within) or sum(slot.is_zip for slot in within) > 1:
        inner.notes += shelf.notes
        return inner
    return shelf


def _plain(slot: Slot) -> list[HandIn]:
    if not (slot.is_folder or slot.is_zip):
        return []
    name = slot.name if slot.is_folder else slot.name[: -len(".zip")]
    return [
        HandIn(Submission(name + ending, path), sequence=sequence, fetch=slot.fetch, drop=slot.drop)
        for ending, path, sequence in inner_zips(slot)
    ]
