"""Gradescope's CSV of scores, of an assignment or of a whole course: who was late.

    First Name,Last Name,SID,Email,section_name,Total Score,Max Points,Status,Submission ID,...
    ...,Lateness (H:M:S)

In that of a course the columns have the assignment's name in front, `HW1 - Lateness (H:M:S)`.
"""

import re
from collections.abc import Iterable

from autograder.errors import UsageError
from autograder.platforms.csv_file import CsvFile

_LATENESS = re.compile(r"(?:(?P<name>.+) - )?Lateness \(H:M:S\)")
_TIME = re.compile(r"([0-9]+):([0-9]{1,2}):([0-9]{1,2})", re.ASCII)


def is_gradescope_scores(file: CsvFile) -> bool:
    """Whether a file is Gradescope's CSV of scores."""
    return any(_LATENESS.fullmatch(name) for name in file.header) and "Email" in file.header


def lateness(file: CsvFile, titles: Iterable[str]) -> dict[str, bool]:
    """Return who was late, by the number of the submission, the student's number and the address.

    Args:
        file: the CSV.
        titles: what the assignment may be called there.

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
        if time is None:  # nothing was handed in
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
        f"it has the lateness of {len(names)} assignments, and none is called like this one",
        str(file.path),
        f"download the scores of the assignment itself; it has {', '.join(names.values())}",
    )
