"""Read Canvas' gradebook (Grades, Export), and Canvas' export of the groups of a class.

    Student,ID,SIS User ID,SIS Login ID,Section,Homework 1 (12345)
        Points Possible,,,,,25
    "Lovelace, Ada",1001,s1001,ada,A,

Depending on settings the name is in `LastName` and `FirstName`, further columns exist, separators
and decimal signs depend on the language, and a row about hidden assignments precedes the points. A
student's row has a number in `ID`.
"""

import re
import unicodedata
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.platforms.csv_file import CsvFile, decimal

_ID = re.compile(r"[0-9]+(?:~[0-9]+)?", re.ASCII)
_NUMBER_BEHIND = re.compile(r"\s*\([0-9]+\)$", re.ASCII)


@dataclass(frozen=True)
class CanvasRow:
    """A student's row.

    Attributes:
        row: its index in the file.
        id: Canvas' own number.
        sis: the SIS user id, or "".
        login: the SIS login id, or "".
        name: as Canvas sorts it, `Lovelace, Ada`.
    """

    row: int
    id: str
    sis: str
    login: str
    name: str


class CanvasGradebook:
    """The content of a Canvas gradebook.

    Args:
        file: the CSV; `is_canvas_gradebook` holds of it.
    """

    def __init__(self, file: CsvFile) -> None:
        self.file = file
        self._columns = {name: place for place, name in reversed(list(enumerate(file.header)))}
        self.students = [
            CanvasRow(row, number, self._at(row, "SIS User ID"), self._at(row, "SIS Login ID"),
                      self._name(row))
            for row in range(1, len(file.rows))
            if _ID.fullmatch(number := self._at(row, "ID"))
        ]  # fmt: skip

    def column(self, name: str) -> int:
        """Return the index of an assignment's column.

        Args:
            name: the assignment's name, with or without Canvas' number after it.

        Raises:
            UsageError: no column or several columns have this name.
        """
        header = self.file.header
        exact = [place for place, one in enumerate(header) if one == name]
        alike = [place for place, one in enumerate(header) if _key(one) == _key(name) and _key(one)]
        found = exact or alike
        if len(found) == 1:
            return found[0]
        names = [one for one in header if _NUMBER_BEHIND.search(one)]
        what = "no column is" if not found else f"{len(found)} columns are"
        raise UsageError(
            f"{what} called '{name}'", str(self.file.path),
            f"give --column with one of these: {', '.join(names[:20]) or ', '.join(header[5:25])}",
        )  # fmt: skip

    def possible(self, column: int) -> float | None:
        """Return the possible points; None if the file does not say."""
        first = self.students[0].row if self.students else len(self.file.rows)
        found = [decimal(self.file.cell(row, column)) for row in range(1, first)]
        return next((one for one in reversed(found) if one is not None), None)

    def has_commas(self, column: int) -> bool:
        """Return whether numbers are written with a decimal comma."""
        return has_commas(self.file, column)

    def _at(self, row: int, name: str) -> str:
        return self.file.cell(row, self._columns.get(name))

    def _name(self, row: int) -> str:
        if "Student" in self._columns:
            return self._at(row, "Student")
        names = (self._at(row, "LastName"), self._at(row, "FirstName"))
        return ", ".join(name for name in names if name)


def is_canvas_gradebook(file: CsvFile) -> bool:
    """Return whether a file is a Canvas gradebook."""
    header = set(file.header)
    return "ID" in header and "Section" in header and bool(header & {"Student", "LastName"})


def is_canvas_groups(file: CsvFile) -> bool:
    """Return whether a file is Canvas' export of groups."""
    return {"canvas_user_id", "group_name"} <= set(file.header)


def groups_of(file: CsvFile) -> dict[str, tuple[str, ...]]:
    """Return the members' numbers by group name, from an export of groups."""
    header = file.header
    user, group = header.index("canvas_user_id"), header.index("group_name")
    found: dict[str, list[str]] = {}
    for row in range(1, len(file.rows)):
        if file.cell(row, user) and file.cell(row, group):
            found.setdefault(file.cell(row, group), []).append(file.cell(row, user))
    return {name: tuple(members) for name, members in found.items()}


def has_commas(file: CsvFile, column: int) -> bool:
    """Return whether a file uses decimal commas, judged first by one column."""
    texts = [file.cell(row, column) for row in range(1, len(file.rows))]
    texts += [cell.strip() for row in file.rows[1:] for cell in row]
    signs = (match[1] for text in texts if (match := re.fullmatch(r"\d+([.,])\d{1,2}", text)))
    return next(signs, ".") == ","


def squashed(name: str) -> str:
    """Return a name as Canvas writes it in file names: the words in lower case."""
    kept = (
        sign for sign in name
        if sign.isalnum() or unicodedata.category(sign) in ("Mn", "Mc", "Me", "Pc")
        or sign in "\u200c\u200d"
    )  # fmt: skip
    return "".join(kept).lower()


def _key(name: str) -> str:
    return _NUMBER_BEHIND.sub("", name).strip().casefold()
