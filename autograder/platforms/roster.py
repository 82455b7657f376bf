"""Combine what the files of platforms say about a class."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import UsageError
from autograder.platforms.canvas_gradebook import (
    CanvasGradebook,
    CanvasRow,
    groups_of,
    is_canvas_gradebook,
    is_canvas_groups,
    squashed,
)
from autograder.platforms.class_list import ClassList, is_class_list, read_class_list
from autograder.platforms.csv_file import CsvFile
from autograder.platforms.gradescope_scores import is_gradescope_scores, lateness
from autograder.platforms.moodle_worksheet import MoodleRow, MoodleWorksheet, is_moodle_worksheet


@dataclass
class Roster:
    """A class, as far as the files describe it.

    Attributes:
        canvas: the students of Canvas' gradebook, by Canvas' number.
        canvas_groups: the numbers of the members, by the group's name as file names have it.
        moodle: the participants of Moodle's worksheet, by number.
        late: who was late, by `Submission ID:`, `SID:` or `Email:` followed by the value.
        listed: the students of `roster.csv`.
    """

    canvas: dict[str, CanvasRow] = field(default_factory=dict)
    canvas_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    moodle: dict[str, MoodleRow] = field(default_factory=dict)
    late: dict[str, bool] = field(default_factory=dict)
    listed: ClassList = field(default_factory=ClassList)

    def moodle_group(self, name: str) -> tuple[str, ...]:
        """Return the numbers of the members of a Moodle group; empty if it does not exist."""
        return tuple(one.number for one in self.moodle.values() if one.group and one.group == name)


def read_roster(files: Iterable[Path], titles: Iterable[str] = ()) -> Roster:
    """Read files about a class.

    Args:
        files: of Canvas (gradebook, groups), Moodle (grading worksheet) or Gradescope (scores), or
            an instructor's own `roster.csv`.
        titles: possible names of the assignment in the files.

    Raises:
        UsageError: a file cannot be read or is of another kind.
    """
    roster = Roster()
    for path in files:
        file = CsvFile(path)
        if is_canvas_gradebook(file):
            roster.canvas |= {one.id: one for one in CanvasGradebook(file).students}
        elif is_canvas_groups(file):
            for name, members in groups_of(file).items():
                if roster.canvas_groups.setdefault(squashed(name), members) != members:
                    raise UsageError(
                        f"two groups have the name '{name}' in file names", str(path),
                        "rename one of them in Canvas, and export again",
                    )  # fmt: skip
        elif is_gradescope_scores(file):
            roster.late |= lateness(file, titles)
        elif is_moodle_worksheet(file):
            roster.moodle |= {one.number: one for one in MoodleWorksheet(file).students}
        elif is_class_list(file):
            if roster.listed.students:
                raise UsageError(
                    "a second list of the class", str(path), "write all students into one file"
                )
            roster.listed = read_class_list(file)
        else:
            raise UsageError(
                "this kind of file is not supported", str(path),
                "give Canvas' gradebook or groups, Moodle's grading worksheet, Gradescope's "
                "scores, or your own list with the columns id, name, email, group; as CSV",
            )  # fmt: skip
    return roster
