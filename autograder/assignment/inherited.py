"""Read what items need not say themselves: the keys of [defaults] and of their [[problem]]."""

from collections.abc import Collection
from dataclasses import dataclass

from autograder.assignment.spec import KINDS
from autograder.assignment.suggestion import did_you_mean
from autograder.assignment.tables import Table

INHERITED_KEYS = ("kind", "notebook", "timeout_s")
LONGEST_TIMEOUT_S = 3600.0
DEFAULT_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Inherited:
    """The values of an item that does not give them itself.

    Attributes:
        kind: its kind; "" where it must say so itself.
        notebook: the path of its notebook, or "".
        timeout_s: the time limit of its tests, in seconds.
        extra: whether it is extra credit.
    """

    kind: str = ""
    notebook: str = ""
    timeout_s: float = DEFAULT_TIMEOUT_S
    extra: bool = False


def read_inherited(table: Table, given: Inherited, notebooks: Collection[str]) -> Inherited:
    """Read the inherited keys of a table.

    Args:
        table: [defaults], or a [[problem]].
        given: the values that it inherits itself.
        notebooks: the paths of all declared notebooks.
    """
    return Inherited(
        (table.choice("kind", KINDS) or "") if table.has("kind") else given.kind,
        read_notebook_name(table, notebooks, given.notebook),
        table.positive("timeout_s", given.timeout_s, LONGEST_TIMEOUT_S) or given.timeout_s,
    )


def read_notebook_name(table: Table, declared: Collection[str], given: str) -> str:
    """Return the path of the notebook that a table names; `notebook = ""` means none.

    Args:
        table: the table.
        declared: the paths of all declared notebooks.
        given: the path where the table names none.
    """
    if not table.has("notebook"):
        return given
    if table.is_empty("notebook"):
        return ""
    path = table.text("notebook") or ""
    if path and path not in declared:
        remedy = did_you_mean(path, declared) or "declare it with [[notebook]]"
        table.complain("notebook", f"unknown notebook '{path}'", remedy)
    return path
