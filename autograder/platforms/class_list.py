"""Read `roster.csv`, an instructor's own list of a class.

    id,name,email,group
    anna,Anna Arnold,anna@uni.example,g1
    ben,Ben Bauer,ben@uni.example,g1
    clara,Clara Cohen,clara@uni.example,

Only `id` is required. Students with the same group hand in together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from autograder.errors import UsageError
from autograder.platforms.csv_file import CsvFile
from autograder.text import one_line

_COLUMNS = ("id", "name", "email", "group")
_SEPARATORS = "+,;&_- "  # between the ids of a pair in the name of its submission


@dataclass(frozen=True)
class ListedStudent:
    """A student of the list; `name`, `email` and `group` are "" where they are not given."""

    id: str
    name: str = ""
    email: str = ""
    group: str = ""


@dataclass(frozen=True)
class ClassList:
    """The students of a class, in the order of the list; their ids differ in more than case."""

    students: tuple[ListedStudent, ...] = ()

    def members(self, student: ListedStudent) -> tuple[ListedStudent, ...]:
        """Return a student and those who hand in with them."""
        if not student.group:
            return (student,)
        return tuple(one for one in self.students if one.group == student.group)

    def named(self, name: str) -> tuple[ListedStudent, ...]:
        """Return the students whom the name of a submission means; none if that is not clear.

        The name is an id, an email address or the part before its @, a group, or the ids of
        members of one group with a separator: `anna`, `g1`, `anna_ben`.
        """
        key = name.strip().casefold()
        if key in self._by_key:
            return (self._by_key[key],)
        group = tuple(one for one in self.students if one.group.casefold() == key and key)
        if group:
            return group
        for separator in _SEPARATORS:
            parts = [part.strip() for part in key.split(separator)]
            if len(parts) > 1 and all(part in self._by_key for part in parts):
                found = dict.fromkeys(self._by_key[part] for part in parts)
                groups = {one.group for one in found}
                if len(groups) == 1 and groups != {""}:
                    return tuple(found)
        return ()

    @cached_property
    def _by_key(self) -> dict[str, ListedStudent]:
        """Students by what only one of them is called; an id precedes everything else."""
        ids = {one.id.casefold(): one for one in self.students}
        others: dict[str, list[ListedStudent]] = {}
        for one in self.students:
            address = one.email.casefold()
            for key in {address, address.partition("@")[0]} - {""}:
                others.setdefault(key, []).append(one)
        groups = {one.group.casefold() for one in self.students}
        unique = {
            key: found[0] for key, found in others.items() if len(found) == 1 and key not in groups
        }
        return unique | ids


def is_class_list(file: CsvFile) -> bool:
    """Return whether a file has the columns of `roster.csv`, in any order, and no other."""
    names = [name.casefold() for name in file.header]
    return "id" in names and set(names) <= set(_COLUMNS) and len(names) == len(set(names))


def read_class_list(file: CsvFile) -> ClassList:
    """Read `roster.csv`.

    Raises:
        UsageError: an id is missing or occurs twice, or a group has the name of an id.
    """
    place = {name.casefold(): column for column, name in enumerate(file.header)}
    students = []
    for row in range(1, len(file.rows)):
        cells = [one_line(file.cell(row, place.get(name))) for name in _COLUMNS]
        if any(cells):
            if not cells[0]:
                raise UsageError(
                    "a student has no id", f"{file.path}:{row + 1}", "write one in the column `id`"
                )
            students.append(ListedStudent(*cells))
    _see_that_ids_are_unique(students, file)
    return ClassList(tuple(students))


def _see_that_ids_are_unique(students: Iterable[ListedStudent], file: CsvFile) -> None:
    seen: set[str] = set()
    for one in students:
        key = one.id.casefold()
        if key in seen:
            raise UsageError(
                f"two students have the id '{one.id}'", str(file.path), "correct one of them"
            )
        seen.add(key)
    for one in students:
        if one.group.casefold() in seen:
            raise UsageError(
                f"the group '{one.group}' has the name of a student's id", str(file.path),
                "give the group another name",
            )  # fmt: skip
