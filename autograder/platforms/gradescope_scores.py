"""Read lateness from Gradescope's CSV of scores, of an assignment or a whole course.

    First Name,Last Name,SID,Email,section_name,Total Score,Max Points,Status,Submission ID,...
    ...,Lateness (H:M:S)

In a course's CSV the column names begin with the assignment: `HW1 - Lateness (H:M:S)`.
"""

import re
from collections.abc import Iterable

from autograder.errors import UsageError
from autograder.platforms.csv_file import CsvFile

_LATENESS = re.compile(r"(?:(?P<name>.+) - )?Lateness \(H:M:S\)")
_TIME = re.compile(r"([0-9]+):([0-9]{1,2}):([0-9]{1,2})", re.ASCII)


def is_gradescope_scores(file: CsvFile) -> bool:
    """Return whether a file is Gradescope's CSV of scores."""
    return any(_LATENESS.fullmatch(name) for name in file.header) and "Email" in file.header


def lateness(file: CsvFile, titles: Iterable[str]) -> dict[str, bool]:
    """Return who was late, by submission number, student number and address.

    Args:
        file: the CSV.
        titles: possible names of the assignment in the file.

    Raises:
        UsageError: it is not clear which column is meant.
    """
    header = file.header
    column = _column(file, titles)
    keys = [
        (place, name)
        for place, name in enumerate(header)
        if name in ("Submission ID", "SID", "Email")
    ]
    found: dict[str, bool] = {}
    for row in range(1, len(file.rows)):
        time = _TIME.fullmatch(file.cell(row, column))
        if time is None:  # no submission
            continue
        late = any(int(part) for part in time.groups())
        for place, name in keys:
            if key := file.cell(row, place):
                found[f"{name}:{key.casefold()}"] = late
    return found


def _column(file: CsvFile, titles: Iterable[str]) -> int:
    names = {
        place: found["name"] or ""
        for place, name in enumerate(file.header)
        if (found := _LATENESS.fullmatch(name))
    }
    wished = {title.casefold() for title in titles}
    meant = [place for place, name in names.items() if name.casefold() in wished]
    if len(names) == 1:
        return next(iter(names))
    if len(meant) == 1:
        return meant[0]
    raise UsageError(
        f"it has the lateness of {len(names)} assignments, and none has this one's name",
        str(file.path),
        f"download the scores of the assignment itself; it has {', '.join(names.values())}",
    )
