"""Read Moodle's grading worksheet (View all submissions, Grading action, Download worksheet).

    Identifier,Full name,Email address,Status,Group,Grade,Maximum grade,...
    Participant 12345,Ada Lovelace,ada@example.edu,Submitted,Team A,,"100,00",...

Its headings are in the language of the user who downloads it. So columns are recognised by their
content: the identifier is a word and a number, the maximum is the same number everywhere, and the
grade precedes it. With blind marking it has neither names nor addresses.
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
        row: its index in the file.
        number: the participant's number.
        name: "" with blind marking.
        email: "" if the file does not contain it.
        id_number: "" if the file does not contain it.
        group: the group for the assignment; "" if the file does not contain it.
    """

    row: int
    number: str
    name: str = ""
    email: str = ""
    id_number: str = ""
    group: str = ""


class MoodleWorksheet:
    """The content of a grading worksheet.

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
        is_status = (
            maximum == 3
        )  # the status directly precedes the grade, and nothing precedes the status
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
        """Return the index of the column for grades.

        Args:
            name: its heading, if the user gave it.

        Raises:
            UsageError: it cannot be identified.
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
            "the column for grades was not found", str(self.file.path),
            f"give --column with its heading: {', '.join(header)}",
        )  # fmt: skip

    def possible(self) -> float | None:
        """Return the maximum grade; None if the file does not say."""
        place = self._maximum()
        return None if place is None else decimal(self.file.cell(self._rows[0], place))

    def has_commas(self, column: int) -> bool:
        """Return whether numbers are written with a decimal comma."""
        return has_commas(self.file, column)

    def _maximum(self) -> int | None:
        """Return the first column after the names with the same positive number everywhere."""
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
        """Return whether a column contains names: as many different ones as rows, or nearly."""
        texts = [self.file.cell(row, place) for row in self._rows]
        return all(texts) and 2 * len(set(texts)) > len(texts)


def is_moodle_worksheet(file: CsvFile) -> bool:
    """Return whether a file is a grading worksheet: each row starts with a word and a number."""
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
