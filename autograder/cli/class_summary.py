"""What `grade --from` says at the end of a run over a class."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.submission.folder import SHARED

if TYPE_CHECKING:
    from autograder.batch.class_run import ClassRun
    from autograder.results import SubmissionRecord

_TABLE_ROWS = 1000


class Summary:
    """What is shown of a class at the end: as much of each record as its table takes.

    Args:
        submissions: how many there are.

    Attributes:
        records: how many have been noted.
        broken: whether the grader has failed at an item.
    """

    def __init__(self, submissions: int) -> None:
        from autograder.results.table import SIDE_BY_SIDE

        self.records, self.broken = 0, False
        self._has_table = submissions <= _TABLE_ROWS
        self._has_words = submissions <= SIDE_BY_SIDE
        self._rows: list[SubmissionRecord] = []
        self._shared: list[str] = []

    def note(self, record: "SubmissionRecord") -> None:
        """Add a record."""
        self.records += 1
        messages = (*record.notices, *(item.message for item in record.items[:1]))
        if any(SHARED in message for message in messages):
            self._shared.append(record.name)
        self.broken |= any(item.status == "grader_error" for item in record.items)
        if self._has_table:
            self._rows.append(record if self._has_words else _without_words(record))

    def show(self) -> None:
        """Print the table, or only how many there are where it would be too long to read."""
        from autograder.results.table import show_records

        if self._has_table:
            show_records(self._rows)
        else:
            click.echo(f"{self.records:,} submissions are graded")

    def words_about_shared(self) -> list[str]:
        """Tell whose files were not read because they may be another student's."""
        if not self._shared:
            return []
        more = f" and {len(self._shared) - 5} more" if len(self._shared) > 5 else ""
        remedy = (
            "`find PLACE -links +1` lists such files; if a backup has made them, grade a copy of "
            "the place (`cp -r`)."
        )
        names = ", ".join(self._shared[:5]) + more
        return [f"{names}: a file that is a hard link to another place was not read; {remedy}"]


def _without_words(record: "SubmissionRecord") -> "SubmissionRecord":
    """A record for a table: a class has hundreds, and their messages take much memory."""
    items = tuple(replace(item, message="", student_message="", tests=()) for item in record.items)
    return replace(record, items=items, notices=(), brought=())


def words_about_unknown(names: Sequence[str], file: Path) -> list[str]:
    """Tell which submissions have no known owner, and what to do about it."""
    if not names:
        return []
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    what = "it counts" if len(names) == 1 else "they count"
    remedy = f"write the student's id into {file}, and run the same command again."
    return [f"owner unknown: {', '.join(names[:3])}{more}; {what} for no student: {remedy}"]


def words_about_stale(run: "ClassRun") -> list[str]:
    """Tell which scores come from an earlier rubric, or the like."""
    if not run.stale:
        return []
    others = {hash for hash in run.stale.values() if hash != run.bundle.hash}
    different = {
        part for hash in others for part in run.bundle.differences(run.gradings.parts_of(hash))
    }
    what = ", ".join(sorted(different)) or "what they depend on"
    words = f"{len(run.stale)} of these submissions were graded before this was changed: {what}."
    return [f"{words} Their scores stay; --regrade grades again what the change touches."]
