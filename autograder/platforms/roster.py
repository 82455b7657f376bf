"""What the files of platforms say of a class, together."""

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
from autograder.platforms.csv_file import CsvFile
from autograder.platforms.gradescope_scores import is_gradescope_scores, lateness
from autograder.platforms.moodle_worksheet import MoodleRow, MoodleWorksheet, is_moodle_worksheet


@dataclass
class Roster:
    """A class, as far as files tell of it.

    Attributes:
        canvas: the students of Canvas' gradebook, by Canvas' number.
        canvas_groups: the numbers of the members, by the group's name as names of files have it.
        moodle: the participants of Moodle's worksheet, by number.
        late: who was late, by `Submission ID:`, `SID:` or `Email:` and what stands there.
    """

    canvas: dict[str, CanvasRow] = field(default_factory=dict)
    canvas_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    moodle: dict[str, MoodleRow] = field(default_factory=dict)
    late: dict[str, bool] = field(default_factory=dict)

    def moodle_group(self, name: str) -> tuple[str, ...]:
        """Return the numbers of the members of a Moodle group; empty where none is called so."""
        return tuple(one.number for one in self.moodle.values() if one.group and one.group == name)


def read_roster(files: Iterable[Path], titles: Iterable[str] = ()) -> Roster:
    """Read what files say of a class.

    Args:
        files: of Canvas (gradebook, groups), Moodle (grading worksheet) or Gradescope (scores).
        titles: what the assignment may be called there.

    Raises:
        UsageError: a file cannot be read, or is none of these.
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
                        f"two groups are called '{name}' in the names of files", str(path),
                        "rename one of them in Canvas, and export again",
                    )  # fmt: skip
        elif is_gradescope_scores(file):
            roster.late |= lateness(file, titles)
        elif is_moodle_worksheet(file):
            roster.moodle |= {one.number: one for one in MoodleWorksheet(file).students}
        else:
            raise UsageError(
                "it is none of the files that are known", str(path),
                "give Canvas' gradebook or groups, Moodle's grading worksheet or Gradescope's "
                "scores, as CSV",
            )  # fmt: skip
    return roster
