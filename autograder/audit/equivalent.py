"""What an assignment says about generated mutants, in catalogue/equivalent.toml.

[mutants]                                    optional
notebooks = ["report.ipynb"]                 change the regions of these notebooks only; [] for none
at_most = 400                                grade at most so many mutants

[[equivalent]]                               a mutant that no test can or should tell
file = "shapes/area.py"
function = "square"                          as in the report; "" for the top of a cell
original = "return x * x"                    the lines that are changed, with single blanks
mutated = "return x ** 2"
reason = "the same numbers"                  why it is not a mistake
"""

import tomllib
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.audit.mutants import Mutant
from autograder.errors import AssignmentErrors, Problem

FILE = "equivalent.toml"
AT_MOST = 400
_KEYS = {"file", "function", "original", "mutated", "reason"}


@dataclass(frozen=True)
class Equivalent:
    """A mutant that is not a mistake, and the reason."""

    file: str
    function: str
    original: str
    mutated: str
    reason: str

    def is_meant(self, mutant: Mutant) -> bool:
        """Return whether it describes this mutant."""
        return (mutant.file, mutant.region.function, mutant.original, mutant.mutated) == (
            self.file, self.function, self.original, self.mutated,
        )  # fmt: skip


@dataclass(frozen=True)
class Mutation:
    """An assignment's settings for mutants.

    Attributes:
        notebooks: paths of the notebooks whose regions are changed, all if the file names none;
            those of modules always are.
        at_most: the maximum number of mutants to grade.
        equivalents: the explained mutants.
        source: the file with these settings.
    """

    notebooks: tuple[str, ...]
    at_most: int
    equivalents: tuple[Equivalent, ...]
    source: str

    def explains(self, mutant: Mutant) -> Equivalent | None:
        """Return the explanation of a mutant, or None."""
        return next((one for one in self.equivalents if one.is_meant(mutant)), None)


def read_mutation(assignment: Assignment) -> Mutation:
    """Read an assignment's settings for mutants.

    Raises:
        AssignmentErrors: the file is invalid.
    """
    file = assignment.folder / "catalogue" / FILE
    source = assignment.show(file)
    every = tuple(notebook.path for notebook in assignment.notebooks)
    if not file.is_file():
        return Mutation(every, AT_MOST, (), source)
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AssignmentErrors(
            [Problem(source, 0, f"is not valid TOML: {error}", "correct it")]
        ) from None
    faults = list(_faults(assignment, document))
    if faults:
        remedy = "see docs/instructors.md for its form"
        raise AssignmentErrors([Problem(source, 0, fault, remedy) for fault in faults])
    rules = document.get("mutants", {})
    return Mutation(
        tuple(rules.get("notebooks", every)),
        rules.get("at_most", AT_MOST),
        tuple(Equivalent(**table) for table in document.get("equivalent", ())),
        source,
    )


def _faults(assignment: Assignment, document: dict[str, Any]) -> list[str]:
    faults = [
        f"has an unknown table {key!r}" for key in document.keys() - {"mutants", "equivalent"}
    ]
    rules = document.get("mutants", {})
    if not isinstance(rules, dict) or rules.keys() - {"notebooks", "at_most"}:
        return [*faults, "[mutants] has other keys than notebooks and at_most"]
    if type(rules.get("at_most", AT_MOST)) is not int:
        faults.append("at_most of [mutants] is not an integer")
    known = [notebook.path for notebook in assignment.notebooks]
    for path in rules.get("notebooks", ()):
        if path not in known:
            faults.append(f"notebooks of [mutants] names {path!r}, which is not a notebook")
    for number, table in enumerate(document.get("equivalent", ()), 1):
        texts = isinstance(table, dict) and all(isinstance(one, str) for one in table.values())
        if not texts or table.keys() != _KEYS:
            faults.append(f"[[equivalent]] {number} needs the texts {', '.join(sorted(_KEYS))}")
        elif not table["reason"].strip():
            faults.append(f"[[equivalent]] {number} gives no reason")
    return faults
