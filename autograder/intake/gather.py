"""Gather files of one student that are separate in an export into one submission.

They are copied to a folder right before they are graded, under the student's names for them.
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


def gathered(export: Export, files: Sequence[tuple[ExportEntry, str]], intake: Intake) -> HandIn:
    """Return files as one submission, still without owner and name.

    Links are not followed, and hard links to other students' files are not read; notes say so.

    Args:
        export: the export.
        files: the entries and the student's names for them.
        intake: gets notes on files that could not be copied, when they are fetched.
    """
    folder = export.new_folder()
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
            for top_entry, name in files:
                top_entry.fetch()
                try:
                    left -= _copy(top_entry, folder / _plain(name), left, limits)
                except SubmissionError as error:
                    reason = str(error).replace("The submission", "it")
                    notes.append(f"{one_line(top_entry.name)} was ignored: {reason}")
                finally:
                    top_entry.drop()
        except OSError as error:
            raise AutograderError(
                f"cannot copy the submitted files ({error.strerror})", str(folder),
                "set TMPDIR to a folder with more space",
            ) from None  # fmt: skip

    return fetch


def left_out(top_entry: ExportEntry) -> str:
    """Return the note about an entry that is not a submission."""
    return (
        f"{one_line(top_entry.name)} is not a folder, archive, notebook or module and was ignored."
    )


def words_about_closed(top_entries: Sequence[ExportEntry], whose: str) -> list[str]:
    """Return notes on archives that cannot be opened, and what to ask the student for."""
    return [
        about_closed(top_entry.name, top_entry.closed, whose)
        for top_entry in top_entries
        if top_entry.closed
    ]


def about_closed(name: str, kind: str, whose: str) -> str:
    """Return the note about an archive that cannot be opened."""
    return (
        f"{one_line(name)} is {kind}, which cannot be opened; ask {one_line(whose)} for a zip, or "
        "unpack it yourself."
    )


def _copy(top_entry: ExportEntry, target: Path, most: int, limits: Limits) -> int:
    with open_plain_file(Submission("", top_entry.path, top_entry.place), limits) as source:
        if os.fstat(source.fileno()).st_size > most:
            raise SubmissionError(f"A submission has at most {limits.total_bytes // 1_000_000} MB.")
        if target.exists():
            raise SubmissionError("A file of this name already exists.")
        written = 0
        with open(target, "xb") as file:
            while piece := source.read(min(_PIECE, most - written)):
                written += file.write(piece)
    return written


def _plain(name: str) -> str:
    """Return a plain file name that is not hidden."""
    name = name.replace("/", "_").replace("\0", "_")
    return f"_{name[1:]}" if name.startswith(".") else name
