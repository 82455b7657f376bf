"""Files of one student that lie side by side in an export: together they are one submission.

They are copied to a folder right before they are graded, under the names that students gave them.
"""

import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from autograder.errors import AutograderError
from autograder.intake.export import Export, ExportEntry
from autograder.intake.hand_in import HandIn, Intake
from autograder.submission import Limits, Submission, SubmissionError
from autograder.submission.opening import open_plain_file
from autograder.text import one_line

_PIECE = 1 << 20


def gathered(shelf: Export, files: Sequence[tuple[ExportEntry, str]], intake: Intake) -> HandIn:
    """Return files as one hand-in, whose owner is not known, and which has no name yet.

    A link is not followed, and a hard link to another student's file not read; a note says so.

    Args:
        shelf: where they lie.
        files: what lies there, and what the student called it.
        intake: is told what could not be copied, once it is fetched.
    """
    folder = shelf.room()
    fetch = _fetcher(files, folder, intake.notes_for_later())
    drop = partial(shutil.rmtree, folder, ignore_errors=True)
    return HandIn(Submission("", folder), fetch=fetch, drop=drop)


def _fetcher(
    files: Sequence[tuple[ExportEntry, str]], folder: Path, notes: list[str]
) -> Callable[[], None]:
    def fetch() -> None:
        limits = Limits()
        left = limits.total_bytes
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for slot, name in files:
                slot.fetch()
                try:
                    left -= _copy(slot, folder / _plain(name), left, limits)
                except SubmissionError as error:
                    reason = str(error).replace("The submission", "it")
                    notes.append(f"{one_line(slot.name)} was left out; {reason}")
                finally:
                    slot.drop()
        except OSError as error:
            raise AutograderError(
                f"cannot copy what was handed in ({error.strerror})", str(folder),
                "set TMPDIR to a folder with more space",
            ) from None  # fmt: skip

    return fetch


def left_out(slot: ExportEntry) -> str:
    """Return the line about something that is no submission."""
    return f"{one_line(slot.name)} is no folder, archive, notebook or module, so it was left out."


def words_about_closed(slots: Sequence[ExportEntry], whose: str) -> list[str]:
    """Tell which archives cannot be opened, and what to ask the student for."""
    return [about_closed(slot.name, slot.closed, whose) for slot in slots if slot.closed]


def about_closed(name: str, kind: str, whose: str) -> str:
    """Return the line about an archive that cannot be opened."""
    return (
        f"{one_line(name)} is {kind}, which cannot be opened; ask {one_line(whose)} for a zip, or "
        "unpack it yourself."
    )


def _copy(slot: ExportEntry, target: Path, most: int, limits: Limits) -> int:
    with open_plain_file(Submission("", slot.path, slot.place), limits) as source:
        if os.fstat(source.fileno()).st_size > most:
            raise SubmissionError(f"A submission has at most {limits.total_bytes // 1_000_000} MB.")
        if target.exists():
            raise SubmissionError("A file of this name is there already.")
        written = 0
        with open(target, "xb") as file:
            while piece := source.read(min(_PIECE, most - written)):
                written += file.write(piece)
    return written


def _plain(name: str) -> str:
    """Return a name that leads nowhere else and is not hidden."""
    name = name.replace("/", "_").replace("\0", "_")
    return f"_{name[1:]}" if name.startswith(".") else name
