"""Show a class at the end of `grade --from`."""

from dataclasses import replace
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from autograder.results import SubmissionRecord

TABLE_ROWS = 1000


class Summary:
    """The summary of a class at the end: of each record it keeps only what the table needs.

    Args:
        submissions: how many there are.

    Attributes:
        records: how many have been noted.
        rows: the records of the table; none if it would be too long.
    """

    def __init__(self, submissions: int) -> None:
        from autograder.results.table import SIDE_BY_SIDE

        self.records = 0
        self._has_table = submissions <= TABLE_ROWS
        self._has_words = submissions <= SIDE_BY_SIDE
        self.rows: list[SubmissionRecord] = []

    def note(self, record: "SubmissionRecord") -> None:
        """Add a record."""
        self.records += 1
        if self._has_table:
            self.rows.append(record if self._has_words else _without_words(record))

    def show(self) -> None:
        """Print the table, or only the number of submissions if a table would be too long."""
        from autograder.results.table import show_records

        if self._has_table:
            show_records(self.rows)
        else:
            click.echo(f"{self.records:,} submissions are graded")


def _without_words(record: "SubmissionRecord") -> "SubmissionRecord":
    """Return a record for a table: a class has hundreds, and their messages take much memory."""
    items = tuple(replace(item, message="", student_message="", tests=()) for item in record.items)
    return replace(record, items=items, notices=(), brought=())
