"""Read `assignment/<id>/leaks.toml`: code of a solution that ships on purpose, and why.

    [[waived]]
    file = "tests/test_area.py"            in the release; "tests/*" means all files there
    text = "scale * np.sum(x**2)"          the solution's code, as the finding shows it
    reason = "the handout gives it"

A waiver that no finding needs is an error, because the code that it covers has changed.
"""

import fnmatch
import tomllib
from dataclasses import dataclass

from autograder.assignment import Assignment, read_text
from autograder.assignment.tables import Notes, Table
from autograder.assignment.toml_lines import LineIndex
from autograder.errors import AssignmentErrors, Problem
from autograder.release.prose import parse

FILE = "leaks.toml"
_FORM = "write [[waived]] tables with file, text and reason"


@dataclass
class Waiver:
    """Code of a solution that is allowed in some files of the release.

    Attributes:
        file: the files, as a path or a pattern of paths.
        text: the code.
        reason: why it may ship.
        line: its line in leaks.toml.
        used: whether a finding needed it.
    """

    file: str
    text: str
    reason: str
    line: int
    used: bool = False

    def covers(self, path: str) -> bool:
        """Tell whether the waiver covers a file of the release."""
        return fnmatch.fnmatchcase(path, self.file)


def read_waivers(assignment: Assignment) -> list[Waiver]:
    """Read the waivers of an assignment, which are none if it has no leaks.toml.

    Raises:
        AssignmentErrors: the file has errors; each problem gives its line.
    """
    path = assignment.folder / FILE
    shown = assignment.show(path)
    if not path.is_file():
        return []
    text = read_text(path, shown)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AssignmentErrors([Problem(shown, 0, f"is not TOML: {error}", _FORM)]) from None
    notes, lines = Notes(shown), LineIndex(text)
    listed = document.pop("waived", [])
    for key in document:
        notes.add(lines.of(key), f"unknown key '{key}'", _FORM)
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        notes.add(lines.of("waived"), "'waived' is not a list of tables", _FORM)
        listed = []
    waivers = []
    for number, values in enumerate(listed):
        table = Table(values, ("waived", number), ("file", "text", "reason"), lines, notes)
        file, code, reason = table.text("file"), table.text("text"), table.text("reason")
        if code is not None and parse(code) is None:
            table.complain("text", f"'{code}' is not Python", "copy it from the finding")
        waivers.append(Waiver(file or "", code or "", reason or "", table.line))
    if notes.problems:
        raise AssignmentErrors(notes.problems)
    return waivers


def unused_waivers(assignment: Assignment, waivers: list[Waiver]) -> list[Problem]:
    """Return a problem for each waiver that no finding needed."""
    shown = assignment.show(assignment.folder / FILE)
    return [
        Problem(
            shown,
            waiver.line,
            f"`{waiver.text}` does not ship in '{waiver.file}', or is too small to be a leak",
            "remove the waiver, or correct its file and text",
        )
        for waiver in waivers
        if not waiver.used
    ]
