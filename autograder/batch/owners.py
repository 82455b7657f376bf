"""Read and write `owners.csv`, where a person names the owners that no platform states.

    submission,student,name,email,why
    x_1001_9999_777_hw,9999,Mallory,,"x_1001_9999_777_hw.zip can be read as handed in by ..."

A run adds a row for each submission whose owner is unclear. A person fills in `student`, with the
platform's id, and grades again; a run never changes a row. For a group, all ids are written there,
separated by `;`.
"""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograder.errors import UsageError
from autograder.intake import Submitter
from autograder.results.gradings import HandInRow
from autograder.results.private import write_private
from autograder.text import one_line

OWNERS_FILE = "owners.csv"
_COLUMNS = ("submission", "student", "name", "email", "why")
_MOST_BYTES = 10_000_000
_BEGINS_A_FORMULA = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20'")  # or has the mark already


class Owners:
    """The file `owners.csv` of a results folder.

    Args:
        folder: the results folder.

    Raises:
        UsageError: the file is there and cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / OWNERS_FILE
        self._text, rows = self._read()
        self._named = {row["submission"].removeprefix("'") for row in rows}
        self.students: Mapping[str, tuple[Submitter, ...]] = _students(rows, self.file)

    def add(self, rows: Iterable[HandInRow]) -> list[str]:
        """Add the missing rows, and return the names of all submissions whose owner is unknown.

        Raises:
            AutograderError: the file cannot be written.
        """
        unknown = [row for row in rows if row.unclear and row.name not in self.students]
        new = [row for row in unknown if row.name not in self._named]
        if new:
            added = io.StringIO()
            writer = csv.writer(added, lineterminator="\r\n")
            if not self._text:
                writer.writerow(_COLUMNS)
            elif not self._text.endswith("\n"):
                added.write("\r\n")
            for row in new:
                writer.writerow([_cell(row.name), "", "", "", _cell(row.unclear)])
            write_private(self.file, self._text + added.getvalue())
        return [row.name for row in unknown]

    def settled(self, rows: Iterable[HandInRow]) -> set[str]:
        """Return why owners were unclear, for those that a person has named since."""
        return {row.unclear for row in rows if row.unclear and row.name in self.students}

    def notes(self, rows: Iterable[HandInRow]) -> list[str]:
        """Return which rows of the file have no effect, one sentence each."""
        unclear = {row.name: bool(row.unclear) for row in rows}
        notes = []
        for name in self.students:
            if not unclear.get(name):
                why = "its owner is known" if name in unclear else "no such submission was graded"
                notes.append(f"{self.file}: the row of {one_line(name)} has no effect: {why}.")
        return notes

    def _read(self) -> tuple[str, list[dict[str, str]]]:
        try:
            if os.path.getsize(self.file) > _MOST_BYTES:
                raise ValueError("it is far too large")
            text = self.file.read_bytes().decode("utf-8-sig")
            reader = csv.DictReader(io.StringIO(text, newline=""))
            if text and not {"submission", "student"} <= set(reader.fieldnames or ()):
                raise ValueError("it has no columns `submission` and `student`")
            return text, [{key: (row.get(key) or "").strip() for key in _COLUMNS} for row in reader]
        except FileNotFoundError:
            return "", []
        except (OSError, ValueError, csv.Error) as error:
            raise UsageError(
                f"cannot be read ({one_line(str(error))})", str(self.file),
                "save it as CSV in UTF-8 with commas, or delete it: the next run writes it anew",
            ) from None  # fmt: skip


def _students(rows: Iterable[Mapping[str, str]], file: Path) -> dict[str, tuple[Submitter, ...]]:
    found: dict[str, tuple[Submitter, ...]] = {}
    for row in rows:
        name = row["submission"].removeprefix("'")
        if not row["student"].strip("; "):
            continue
        ids = [one_line(number) for number in row["student"].split(";") if number.strip()]
        students = tuple(map(Submitter, dict.fromkeys(ids)))
        if len(students) == 1:
            students = (Submitter(ids[0], one_line(row["name"]), one_line(row["email"])),)
        if found.setdefault(name, students) != students:
            raise UsageError(
                f"the submission '{one_line(name)}' has two owners", str(file), "leave one of them"
            )
    return found


def _cell(text: str) -> str:
    """Return a text that no spreadsheet reads as a formula."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
