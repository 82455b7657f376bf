"""Moodle's grading worksheet: View all submissions, Grading action, Download grading worksheet.

    Identifier,Full name,Email address,Status,Group,Grade,Maximum grade,...
    Participant 12345,Ada Lovelace,ada@example.edu,Submitted,Team A,,"100,00",...

Its headings are in the language of whoever downloads it. So columns are told by what is in them:
the identifier is a word and a number, the maximum the same number everywhere, and the grade stands
before it. With blind marking there are neither names nor addresses.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.platforms.canvas_gradebook import has_commas
from autograder.platforms.csv_file import CsvFile, decimal

_IDENTIFIER = re.compile(r"(\D*?)\s*([0-9]{1,20})", re.ASCII)
_GROUPS = ("group", "gruppe", "groupe", "grupo", "gruppo", "groep", "grup", "skupina", "grupp")
_GRADES = ("grade", "bewertung", "note", "calificación", "valutazione", "cijfer", "nota")
_ID_NUMBERS = ("id number", "idnumber", "id-nummer", "numéro d'identification", "número de id")


@dataclass(frozen=True)
class MoodleRow:
    """A participant's row.

    Attributes:
        row: its place in the file.
        number: of the participant.
        name: "" with blind marking.
        email: "" where the file does not say it.
        id_number: "" where the file does not say it.
        group: of the assignment; "" where the file does not say it.
    """

    row: int
    number: str
    name: str = ""
    email: str = ""
    id_number: str = ""
    group: str = ""


class MoodleWorksheet:
    """A grading worksheet, read.

    Args:
        file: the CSV; `is_moodle_worksheet` holds of it.
    """

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self._rows = [row for row in range(1, len(file.rows)) if _identifier(file, row)]
        header = [name.casefold() for name in file.header]
        email = self._first(lambda texts: any("@" in text for text in texts) and all(
            "@" in text or not text for text in texts))  # fmt: skip
        group = _place(header, _GROUPS)
        id_number = _place(header, _ID_NUMBERS)
        has_names = len(header) > 1 and 1 not in (email, group, id_number)
        maximum = self._maximum()
        is_status = maximum == 3  # the status is right before the grade, and nothing before it
        has_names = has_names and not is_status and self._is_names(1)
        self.students = [
            MoodleRow(
                row,
                _identifier(file, row),
                file.cell(row, 1) if has_names else "",
                file.cell(row, email),
                file.cell(row, id_number),
                file.cell(row, group),
            )
            for row in self._rows
        ]

    def grade_column(self, name: str | None) -> int:
        """Return the place of the column for grades.

        Args:
            name: its heading, if a person has named it.

        Raises:
            UsageError: it cannot be told.
        """
        header = self.file.header
        if name is not None and name in header:
            return header.index(name)
        maximum = self._maximum()
        if maximum is not None and maximum > 1:
            return maximum - 1
        place = _place([one.casefold() for one in header], _GRADES)
        if place is not None:
            return place
        raise UsageError(
            "no column for grades is found", str(self.file.path),
            f"give --column with its heading: {', '.join(header)}",
        )  # fmt: skip

    def possible(self) -> float | None:
        """Return the maximum grade; None where the file does not say it."""
        place = self._maximum()
        return None if place is None else decimal(self.file.cell(self._rows[0], place))

    def has_commas(self, column: int) -> bool:
        """Whether numbers are written with a comma."""
        return has_commas(self.file, column)

    def _maximum(self) -> int | None:
        """The first column that has the same number above zero everywhere, after the names."""
        for place in range(2, len(self.file.header)):
            texts = {self.file.cell(row, place) for row in self._rows}
            if len(texts) == 1 and (decimal(next(iter(texts))) or 0) > 0:
                before = [self.file.cell(row, place - 1) for row in self._rows]
                if all(not text or decimal(text) is not None or text == "-" for text in before):
                    return place
        return None

    def _first(self, holds: Callable[[list[str]], bool]) -> int | None:
        for place in range(len(self.file.header)):
            if holds([self.file.cell(row, place) for row in self._rows]):
                return place
        return None

    def _is_names(self, place: int) -> bool:
        """Whether a column has names: as many as there are rows, or nearly so."""
        texts = [self.file.cell(row, place) for row in self._rows]
        return all(texts) and 2 * len(set(texts)) > len(texts)


def is_moodle_worksheet(file: CsvFile) -> bool:
    """Whether a file is a grading worksheet: a word and a number in each row's first cell."""
    rows = [row for row in range(1, len(file.rows)) if file.rows[row]]
    words = {found[1] for row in rows if (found := _IDENTIFIER.fullmatch(file.cell(row, 0)))}
    numbers = {_identifier(file, row) for row in rows}
    return (
        len(file.header) > 2 and len(words) == 1 and words != {""} and "" not in numbers
        and len(numbers) == len(rows)
    )  # fmt: skip


def _identifier(file: CsvFile, row: int) -> str:
    found = _IDENTIFIER.fullmatch(file.cell(row, 0))
    return found[2] if found else ""


def _place(header: list[str], words: tuple[str, ...]) -> int | None:
    return next((place for place, name in enumerate(header) if name in words), None)
